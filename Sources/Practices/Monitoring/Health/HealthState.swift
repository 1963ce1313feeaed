import BucklerPrimitives
import Synchronization

/// Whether this process should get requests.
///
/// Safe from any thread.
package final class HealthState: Sendable {
    /// The life of a server, in order.
    package enum Phase: String, Sendable, Hashable {
        /// Opening the database and the listeners.
        case starting
        /// Serving.
        case ready
        /// Told to stop: running requests finish, new ones should go elsewhere.
        case draining
    }

    private let state = Mutex((phase: Phase.starting, storeFailedAt: Timestamp?.none))
    private let clock: WallClock

    /// Starts in `starting`.
    package init(clock: WallClock) { self.clock = clock }

    /// The phase.
    package var phase: Phase { state.withLock { $0.phase } }

    /// True while requests should come here: serving, and no write was refused by the disk in the last ten seconds.
    package var isReady: Bool {
        let now = clock.now
        return state.withLock { state in
            state.phase == .ready && (state.storeFailedAt.map { now >= $0 + Self.storeMemory } ?? true)
        }
    }

    /// When the store last refused, if that was a moment ago.
    package var storeFailedAt: Timestamp? { state.withLock { $0.storeFailedAt } }

    /// Enters a phase; a phase that is over does not come back.
    package func enter(_ phase: Phase) {
        state.withLock { state in
            if state.phase == .draining { return }
            state.phase = phase
        }
    }

    /// The engine reported that it cannot read or write.
    package func noteStoreFailure() {
        let now = clock.now
        state.withLock { $0.storeFailedAt = now }
    }

    /// How long a refused write keeps the process out of rotation.
    package static let storeMemory = Duration.seconds(10)
}
