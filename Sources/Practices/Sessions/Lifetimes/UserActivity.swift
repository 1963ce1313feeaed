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
/// A restart loses at most one access token's life of activity. Bounded, in two generations: when the younger one is full
/// it becomes the older one, whose place it takes. So the notes that are lost are those of sessions that made no request
/// while half as many others as `capacity` did.
package final class RequestActivity: Sendable {
    private let clients: Set<ClientID>
    private let clock: WallClock
    private let generation: Int
    private let state = Mutex(State())

    /// Takes the clients with `activity: requests`, and how many sessions are noted at most (two or more).
    package init(clients: Set<ClientID>, clock: WallClock, capacity: Int = 100_000) {
        precondition(capacity >= 2)
        self.clients = clients
        self.clock = clock
        self.generation = capacity / 2
    }

    /// Notes a request of a running session; the gateway calls this, the token endpoint does not.
    ///
    /// Costs the same however many are noted.
    package func note(_ session: ActiveSession) {
        guard clients.contains(session.token.client) else { return }
        let now = clock.now
        let id = session.token.session
        let dropped = state.withLock { state in
            let dropped = state.younger.count >= generation && state.younger[id] == nil ? state.turn() : [:]
            state.younger[id] = now
            return dropped
        }
        // Given back outside of the lock.
        withExtendedLifetime(dropped) {}
    }

    /// The last note about a session, which stays until it is `forget`ten or has to make room.
    package func last(_ session: SessionID) -> Timestamp? {
        state.withLock { $0.younger[session] ?? $0.older[session] }
    }

    /// Drops the note of a session that ended.
    package func forget(_ session: SessionID) {
        state.withLock { state in
            state.younger[session] = nil
            state.older[session] = nil
        }
    }

    private struct State {
        var younger: [SessionID: Timestamp] = [:]
        var older: [SessionID: Timestamp] = [:]

        /// Begins a generation; answers the one that goes.
        mutating func turn() -> [SessionID: Timestamp] {
            defer {
                older = younger
                younger = [:]
            }
            return older
        }
    }
}
