import BucklerPrimitives
import Synchronization

/// Where the idle clock stands (PD-02): pure.
package enum UserActivity {
    /// The instant of the last known touch after a refresh at `now`.
    ///
    /// Call only for a session that has not passed its idle deadline: activity is never credited afterwards. `idle` is the
    /// proof's claim, `noted` the last request through the gateway; which of them counts is the client's policy.
    package static func after(
        stored: Timestamp, now: Timestamp, idle: Duration?, noted: Timestamp?, source: ActivitySource
    ) -> Timestamp {
        switch source {
        case .reported:
            guard let idle else { return stored }
            return max(stored, now - max(idle, .zero))
        case .requests:
            guard let noted else { return stored }
            return max(stored, min(noted, now))
        }
    }
}

/// The last requests of sessions whose client counts requests as activity: in memory, written with the next refresh.
///
/// A restart loses at most one access token's life of activity. Bounded: the oldest notes make room.
package final class RequestActivity: Sendable {
    private let clients: Set<ClientID>
    private let clock: WallClock
    private let capacity: Int
    private let notes = Mutex<[SessionID: Timestamp]>([:])

    /// Takes the clients with `activity: requests`.
    package init(clients: Set<ClientID>, clock: WallClock, capacity: Int = 100_000) {
        self.clients = clients
        self.clock = clock
        self.capacity = capacity
    }

    /// Notes a request of a running session; the gateway calls this, the token endpoint does not.
    package func note(_ session: ActiveSession) {
        guard clients.contains(session.token.client) else { return }
        let now = clock.now
        notes.withLock { notes in
            if notes.count >= capacity { notes = notes.filter { $0.value + SessionLifetimes.accessToken > now } }
            guard notes.count < capacity else { return }
            notes[session.token.session] = now
        }
    }

    /// The last note about a session, which stays until it is `forget`ten.
    package func last(_ session: SessionID) -> Timestamp? { notes.withLock { $0[session] } }

    /// Drops the note of a session that ended.
    package func forget(_ session: SessionID) { notes.withLock { $0[session] = nil } }
}
