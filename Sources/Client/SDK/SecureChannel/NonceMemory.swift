import BucklerPrimitives
import Synchronization

/// The latest server nonce and when it came (PD-06).
///
/// Issuer and gateway share origin and nonce.
final class NonceMemory: Sendable {
    private struct Entry {
        let nonce: String
        let received: SleepProofClock.Reading
    }

    private let entry = Mutex<Entry?>(nil)
    private let clock: SleepProofClock

    init(clock: SleepProofClock) { self.clock = clock }

    /// Keeps the nonce of an answer, if it has one.
    func note(_ response: TransportResponse) {
        guard let nonce = response.header("DPoP-Nonce"), (1...512).contains(nonce.utf8.count) else { return }
        let received = clock.reading
        entry.withLock { $0 = Entry(nonce: nonce, received: received) }
    }

    /// The nonce, unless it is older than `age`.
    func nonce(youngerThan age: Duration) -> String? {
        let now = clock.reading
        return entry.withLock { entry in
            guard let entry, let elapsed = now.elapsed(since: entry.received), elapsed < age else { return nil }
            return entry.nonce
        }
    }
}
