import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Logging
import Monitoring
import ServerGateway
import ServiceLifecycle
import Sessions
import Storage

/// Turns the gateway's incidents into recorded events, in batches and without ever holding a request.
///
/// A flood of refused requests must not fill the disk: what does not fit into the waiting room, or into one second's
/// share, is counted (`buckler_incidents_dropped_total`) and not recorded.
final class IncidentRecorder: Service {
    private let events: EventRepository
    private let metrics: MetricsRecorder
    private let clock: WallClock
    private let entropy: Entropy
    private let sourceKey: MACKey
    private let logger: Logger
    private let stream: AsyncStream<SecurityEvent>
    private let continuation: AsyncStream<SecurityEvent>.Continuation

    /// Events a second that are recorded at most.
    static let sharePerSecond = 50

    init(core: ServerCore) {
        events = core.events
        metrics = core.metrics
        clock = core.environment.clock
        entropy = core.environment.entropy
        sourceKey = core.keys.ring.mac(.throttle)
        logger = core.environment.logger
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1024))
    }

    /// Called on the event loop; never waits.
    func note(_ incident: GatewayIncident) {
        let tag = incident.source.map { SourceTag(sourceKey.tag("buckler/source", $0.prefix)) }
        let event = SecurityEvent(
            id: .random(entropy), name: incident.name, reason: incident.reason, at: clock.now,
            origin: EventOrigin(request: incident.request, sourceTag: tag), account: incident.token?.account,
            session: incident.token?.session, device: incident.token?.device, client: incident.token?.client)
        if case .dropped = continuation.yield(event) { drop(1) }
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            var second = clock.now.seconds
            var used = 0
            for await event in stream {
                if clock.now.seconds != second { (second, used) = (clock.now.seconds, 0) }
                used += 1
                if used > Self.sharePerSecond { drop(1) } else { await record(event) }
            }
        } onGracefulShutdown: { [continuation] in
            continuation.finish()
        }
    }

    private func record(_ event: SecurityEvent) async {
        do {
            try await events.append([event])
        } catch {
            logger.warning("an incident could not be recorded", metadata: ["reason": "\(event.reason?.text ?? "")"])
            drop(1)
        }
    }

    private func drop(_ count: Int) {
        metrics.count(
            "buckler_incidents_dropped_total", help: "Refusals that were not recorded, to bound the record.",
            by: Double(count))
    }
}
