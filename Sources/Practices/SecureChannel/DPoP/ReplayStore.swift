import BucklerJOSE
import BucklerPrimitives
import Synchronization

/// Remembers proofs for as long as their nonces could be accepted again (PD-06).
///
/// Sixteen bytes of SHA-256(jkt ‖ jti) per proof, in two generations of 300 s: a proof is remembered for at least 300 s and
/// at most 600 s. Nothing is forgotten early: at the cap the answer is "full". One key gets at most a tenth of the cap.
/// At the default cap of 10⁶ the tables take about 24 MB; they grow with use and are given back.
package final class ReplayStore: Sendable {
    /// What became of a proof.
    package enum Outcome: Sendable, Equatable {
        /// New, and remembered from now on.
        case added
        /// Seen before.
        case known
        /// Not remembered: this key has used up its share.
        case keyShareExceeded
        /// Not remembered: the cap is reached.
        case full
    }

    /// What is remembered of a proof: 16 bytes of a digest.
    package struct Entry: Hashable, Sendable {
        let high: UInt64
        let low: UInt64

        /// The first 16 bytes of SHA-256(jkt ‖ jti).
        package init(key: JWKThumbprint, jti: String) {
            var input = key.bytes
            input.append(contentsOf: jti.utf8)
            self.init(digest: SHA256Bytes.digest(of: input))
        }

        /// The first 16 bytes of `digest`.
        package init(digest: [UInt8]) {
            precondition(digest.count >= 16, "a digest has at least 16 bytes")
            let (high, low) = digest.withUnsafeBytes { bytes in
                (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self.init(high: high, low: low)
        }

        /// Two words; a second word of zero marks empty slots, so digests with it count as their neighbours.
        package init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = max(low, 1)
        }
    }

    /// How long one generation lasts: a nonce's lifetime.
    package static let generationLength = DPoPNonces.lifetime
    private static let generationSeconds = generationLength.wholeSeconds

    private struct State {
        var current: ReplayGeneration
        var previous: ReplayGeneration
        var number: Int64
    }

    private let cap: Int
    private let share: Int
    private let salt: ReplaySalt
    private let state: Mutex<State>

    /// An empty memory of at most `cap` proofs; `entropy` salts the tables, so that nobody can aim at one slot.
    package init(cap: Int = 1_000_000, entropy: Entropy) {
        precondition(cap >= 10, "a tenth of the cap must be at least one proof")
        self.cap = cap
        share = cap / 10
        salt = ReplaySalt(entropy)
        state = Mutex(State(current: ReplayGeneration(), previous: ReplayGeneration(), number: .min))
    }

    /// Remembers a fully verified proof, once.
    package func insert(_ entry: Entry, key: JWKThumbprint, at now: Timestamp) -> Outcome {
        let place = salt.place(of: entry)
        let counters = salt.counters(of: key)
        return state.withLock { state in
            Self.turn(&state, at: now)
            if state.previous.contains(entry, at: place) || state.current.contains(entry, at: place) { return .known }
            guard state.current.count + state.previous.count < cap else { return .full }
            let made = state.current.estimate(counters) + state.previous.estimate(counters)
            guard made < share else { return .keyShareExceeded }
            state.current.insert(entry, at: place, counters: counters, salt: salt)
            return .added
        }
    }

    /// Begins empty again; only when every older nonce has become invalid.
    package func forgetEverything() {
        state.withLock { state in
            state.current = ReplayGeneration()
            state.previous = ReplayGeneration()
            state.number = .min
        }
    }

    /// How many proofs are remembered.
    package var count: Int { state.withLock { $0.current.count + $0.previous.count } }

    /// The bytes of the tables.
    package var byteCount: Int { state.withLock { $0.current.byteCount + $0.previous.byteCount } }

    /// Drops the generation that no acceptable nonce can belong to any more.
    private static func turn(_ state: inout State, at now: Timestamp) {
        let number = now.seconds / generationSeconds
        // A clock that runs back a little stays in the generation it was in.
        guard number > state.number else { return }
        state.previous = number == state.number &+ 1 ? state.current : ReplayGeneration()
        state.current = ReplayGeneration()
        state.number = number
    }
}
