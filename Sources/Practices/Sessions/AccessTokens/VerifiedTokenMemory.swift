import BucklerPrimitives
import Synchronization

/// Verified access tokens by their SHA-256, in two generations (PD-06: one curve operation per request).
///
/// A generation is dropped when it is as old as the longest life of a token, or when the younger one is full; so at most
/// 2 × `capacity` tokens are held, and nothing is ever accepted because of what was dropped.
final class VerifiedTokenMemory: Sendable {
    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    /// The token with this digest, if it was remembered under the same revision of the keys.
    func token(_ digest: [UInt8], revision: Int) -> VerifiedAccessToken? {
        let digest = DigestKey(digest)
        return state.withLock { state in
            guard state.revision == revision else { return nil }
            return state.younger[digest] ?? state.older[digest]
        }
    }

    /// Remembers a token; forgets all that were checked under another revision of the keys.
    func remember(_ token: VerifiedAccessToken, revision: Int, at now: Timestamp) {
        state.withLock { state in
            if state.revision != revision { state = State(revision: revision, began: now) }
            if now >= state.began + Self.generationLife || state.younger.count >= capacity {
                state.older = state.younger
                state.younger = [:]
                state.began = now
            }
            state.younger[DigestKey(token.digest)] = token
        }
    }

    /// How many are held.
    var count: Int { state.withLock { $0.younger.count + $0.older.count } }

    private struct State {
        var revision = -1
        var began = Timestamp(milliseconds: 0)
        var younger: [DigestKey: VerifiedAccessToken] = [:]
        var older: [DigestKey: VerifiedAccessToken] = [:]
    }

    private static let generationLife = Duration.seconds(300)
}
