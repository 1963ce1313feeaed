import BucklerPrimitives
import BucklerSecurityEvents
import ServerGateway
import Synchronization

/// What the guard of proofs reported.
final class ReportedIncidents: Sendable {
    private let all = Mutex<[GatewayIncident]>([])

    var reasons: [String] { all.withLock { $0.map(\.reason.text) } }

    var last: GatewayIncident? { all.withLock { $0.last } }

    func add(_ incident: GatewayIncident) { all.withLock { $0.append(incident) } }
}
