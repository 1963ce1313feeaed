import BucklerPrimitives
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServerGateway
import ServiceLifecycle

/// The public listener: the gateway in front, our own endpoints behind it, one service.
package struct PublicApplication: Service {
    private let gateway: Gateway
    private let application: Application<RouterResponder<AppRequestContext>>

    /// Puts gateway, certificate and routes together.
    ///
    /// - Parameters:
    ///   - router: Our own endpoints.
    ///   - gateway: Everything else.
    ///   - tls: The certificate; nil serves plain HTTP/1.1.
    ///   - address: Where to listen; port 0 picks one.
    ///   - group: The event loops.
    ///   - logger: For faults of ours.
    ///   - onRunning: Called once with the listening channel.
    package init(
        router: AppRouter, gateway: Gateway, tls: ServerTLS?, address: BindAddress, group: any EventLoopGroup,
        logger: Logger, onRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) {
        self.gateway = gateway
        application = Application(
            responder: router.buildResponder(),
            server: HTTPServerBuilder { PublicChannel(gateway: gateway, tls: tls, responder: $0) },
            configuration: .init(
                address: address, serverName: nil, backlog: 1024, reuseAddress: true,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    gateway.connectionLimit, logger: logger)),
            onServerRunning: onRunning, eventLoopGroupProvider: .shared(group), logger: logger)
    }

    /// Serves until the service group stops gracefully or the task is cancelled.
    package func run() async throws { try await application.run() }
}

/// The steps of a graceful stop (PD-04's acknowledgements come first; this is about answers under way).
///
/// Announce: HTTP/1.1 answers carry `Connection: close`, readiness fails, for `announcement`. Then the group's graceful
/// shutdown sends GOAWAY and closes idle connections. What is still open `drainTime` later is cut.
package struct GracefulStop: Sendable {
    private let gateway: Gateway
    private let announcement: Duration
    private let drainTime: Duration
    private let logger: Logger

    /// Takes the gateway, the time between announcement and closing, and the time that exchanges then have.
    package init(_ gateway: Gateway, announcement: Duration, drainTime: Duration, logger: Logger) {
        self.gateway = gateway
        self.announcement = announcement
        self.drainTime = drainTime
        self.logger = logger
    }

    /// Announces, waits, starts the group's graceful shutdown, and cuts what is left at the hard deadline.
    ///
    /// Cancel it when the group has ended.
    package func run(_ group: ServiceGroup) async {
        gateway.beginDraining()
        do { try await Task.sleep(for: announcement) } catch { return }
        await group.triggerGracefulShutdown()
        do { try await Task.sleep(for: drainTime) } catch { return }
        let count = await gateway.cut()
        logger.warning("the drain time is over; what was left is cut", metadata: ["exchanges": "\(count)"])
    }
}
