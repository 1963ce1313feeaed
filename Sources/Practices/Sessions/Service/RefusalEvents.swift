import BucklerPrimitives
import BucklerSecurityEvents
import Synchronization

/// Commits events of refusals that change nothing else, a bounded number per second.
///
/// Anybody can cause such refusals without a key, so they must not buy a write each. What exceeds the budget is counted and
/// told with the next event.
package final class RefusalEvents: Sendable {
    private let store: any SessionStore
    private let clock: WallClock
    private let entropy: Entropy
    private let budget: Int
    private let window = Mutex(Window())

    /// At most `budget` events per second.
    package init(store: any SessionStore, clock: WallClock, entropy: Entropy, budget: Int = 50) {
        self.store = store
        self.clock = clock
        self.entropy = entropy
        self.budget = budget
    }

    /// Commits one event, or only counts it.
    ///
    /// A store that is down does not turn a refusal into a fault.
    package func record(_ reason: EventReason, origin: EventOrigin?, session: SessionRecord? = nil) async {
        let now = clock.now
        guard let skipped = window.withLock({ $0.take(at: now, budget: budget) }) else { return }
        let name: EventName = reason == .refreshRowMAC ? .integrityViolation : .tokenFail
        let event = SecurityEvent(
            id: .random(entropy), name: name, reason: reason, at: now, origin: origin,
            account: session?.identity.account, session: session?.identity.id, device: session?.identity.device,
            client: session?.identity.client, details: skipped > 0 ? [.count("not_recorded", skipped)] : [])
        do {
            try await store.write { try $0.record(event) }
        } catch {
            window.withLock { $0.skipped += skipped + 1 }
        }
    }

    private struct Window {
        var began = Timestamp(milliseconds: 0)
        var taken = 0
        var skipped = 0

        /// The number of events that were not recorded before this one, or nil if this one is not recorded either.
        mutating func take(at now: Timestamp, budget: Int) -> Int? {
            if now >= began + .seconds(1) || now < began {
                began = now
                taken = 0
            }
            guard taken < budget else {
                skipped += 1
                return nil
            }
            taken += 1
            defer { skipped = 0 }
            return skipped
        }
    }
}
