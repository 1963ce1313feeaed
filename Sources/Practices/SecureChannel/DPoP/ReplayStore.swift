import BucklerJOSE
import BucklerPrimitives
import Synchronization

/// Remembers proofs for as long as their nonces could be accepted again (PD-06).
///
/// Sixteen bytes of SHA-256(jkt ‖ jti) per proof, in five slices of 75 s: a proof is remembered for at least 300 s and
/// at most 375 s. Nothing is forgotten early: at the cap the answer is "full". One owner (a key, or a network) gets at most
/// a tenth of the cap. At the default cap of 10⁶ the tables take about 24 MB; they grow with use and are given back.
package final class ReplayStore: Sendable {
    /// What became of a proof.
    package enum Outcome: Sendable, Equatable {
        /// New, and remembered from now on.
        case added
        /// Seen before.
        case known
        /// Not remembered: this key or network has used up its share.
        case shareExceeded
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

    /// Whose share a proof is taken from.
    package struct Owner: Sendable {
        let digest: Entry

        /// The key that made the proof.
        package static func key(_ key: JWKThumbprint) -> Owner { Owner(digest: Entry(digest: key.bytes)) }

        /// The network that sent it, as at most 16 bytes.
        package static func network(_ prefix: [UInt8]) -> Owner {
            Owner(digest: Entry(digest: prefix + Array(repeating: 0, count: max(0, 16 - prefix.count))))
        }
    }

    /// Slices that together outlast a nonce: four full ones and the one that is being filled.
    private static let sliceCount: Int64 = 5
    /// How long one slice lasts.
    package static let sliceLength = Duration.seconds(75)

    private struct State {
        /// By number modulo `sliceCount`.
        var slices = [ReplayGeneration](repeating: ReplayGeneration(), count: Int(sliceCount))
        var number = Int64.min
        var count = 0
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
        state = Mutex(State())
    }

    /// Remembers a fully verified proof, once.
    package func insert(_ entry: Entry, owner: Owner, at now: Timestamp) -> Outcome {
        let place = salt.place(of: entry)
        let counters = salt.counters(of: owner)
        return state.withLock { state in
            Self.turn(&state, at: now)
            var made = 0
            for index in state.slices.indices {
                if state.slices[index].contains(entry, at: place) { return .known }
                made += state.slices[index].estimate(counters)
            }
            guard state.count < cap else { return .full }
            guard made < share else { return .shareExceeded }
            let current = Int(state.number % Self.sliceCount)
            state.slices[current].insert(entry, at: place, counters: counters, salt: salt)
            state.count += 1
            return .added
        }
    }

    /// True if the proof was remembered here and may not be used again.
    package func contains(_ entry: Entry, at now: Timestamp) -> Bool {
        let place = salt.place(of: entry)
        return state.withLock { state in
            Self.turn(&state, at: now)
            return state.slices.contains { $0.contains(entry, at: place) }
        }
    }

    /// Begins empty again; only when every older nonce has become invalid.
    package func forgetEverything() {
        state.withLock { $0 = State() }
    }

    /// How many proofs are remembered.
    package var count: Int { state.withLock { $0.count } }

    /// The bytes of the tables.
    package var byteCount: Int { state.withLock { $0.slices.reduce(0) { $0 + $1.byteCount } } }

    /// Drops the slices that no acceptable nonce can belong to any more.
    private static func turn(_ state: inout State, at now: Timestamp) {
        let number = max(0, now.seconds) / sliceLength.wholeSeconds
        // A clock that runs back a little stays in the slice it was in.
        guard number > state.number else { return }
        for passed in max(state.number &+ 1, number - sliceCount + 1)...number {
            let index = Int((passed % sliceCount + sliceCount) % sliceCount)
            state.count -= state.slices[index].count
            state.slices[index] = ReplayGeneration()
        }
        state.number = number
    }
}
