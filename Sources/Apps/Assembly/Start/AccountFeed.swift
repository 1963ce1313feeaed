import BucklerPrimitives
import BucklerSecurityEvents
import Logging
import Monitoring
import Sessions

/// Reads the record of events for the devices that listen, and only while some do.
struct AccountFeed: Sendable {
    let store: any EventStore
    let signal: CommitSignal
    let listeners: AccountListeners
    let logger: Logger

    /// Returns when its task is cancelled.
    func run() async {
        for await _ in listeners.began {
            guard let position = listeners.earliestPosition else { continue }
            do {
                try await follow(after: position)
            } catch {
                logger.error("the record cannot be read for the devices that listen; they are asked to listen again")
                listeners.closeAll()
            }
        }
    }

    private func follow(after position: Int64) async throws {
        let filter = EventFilter(names: Set(Self.kinds.keys))
        for try await event in EventTail(store, signal: signal, after: position, filter: filter) {
            if let account = event.account, let notice = Self.notice(of: event) {
                listeners.publish(notice, to: account, sequence: event.sequence)
            }
            if listeners.count == 0 { return }
        }
    }

    /// What devices hear of an event; nil for what is not told.
    static func notice(of event: RecordedEvent) -> AccountNotice? {
        guard let name = EventName(rawValue: event.name), let kind = kinds[name] else { return nil }
        return AccountNotice(
            kind: kind, at: event.at, session: event.session,
            device: event.payload["device"]?.string.flatMap { DeviceID(parsing: $0) },
            client: event.payload["client"]?.string.flatMap { ClientID(parsing: $0) })
    }

    private static let kinds: [EventName: AccountNotice.Kind] = [
        .sessionCreated: .signedIn, .sessionRevoked: .signedOut, .sessionExpired: .signedOut,
        .passwordChange: .passwordChanged, .factorAdded: .factorAdded, .factorRemoved: .factorRemoved,
        .userUpdated: .accountChanged,
    ]
}
