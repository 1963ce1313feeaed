import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// The proofs of sessions and the proofs of strangers, apart.
///
/// Keys and nonces are free, so strangers can fill whatever remembers their proofs. They have a memory of their own, a
/// tenth of the sessions', in which each network gets a tenth: when it is full, nobody signs in for a while, but requests,
/// refreshes and sign-outs of every running session go on.
package final class ReplayMemory: Sendable {
    /// Proofs beside a verified token of the same key; a key's share is a tenth.
    package let sessions: ReplayStore
    /// All others.
    package let strangers: ReplayStore

    /// Two empty memories: `cap` proofs of sessions, a tenth of it (at least ten) of strangers.
    package init(cap: Int = 1_000_000, entropy: Entropy) {
        sessions = ReplayStore(cap: cap, entropy: entropy)
        strangers = ReplayStore(cap: max(10, cap / 10), entropy: entropy)
    }

    /// Remembers a fully verified proof, once.
    ///
    /// `mayChangeBearer`: the same proof could come again without its token, or with one. Both memories are asked then, its own
    /// first, so that of two simultaneous uses at most one passes.
    func insert(
        _ entry: ReplayStore.Entry, key: JWKThumbprint, as bearer: ProofBearer, mayChangeBearer: Bool,
        at now: Timestamp
    ) -> ReplayStore.Outcome {
        switch bearer {
        case .session:
            let outcome = sessions.insert(entry, owner: .key(key), at: now)
            if mayChangeBearer, outcome == .added, strangers.contains(entry, at: now) { return .known }
            return outcome
        case .stranger(let source):
            let outcome = strangers.insert(entry, owner: .network(source?.prefix ?? []), at: now)
            if outcome == .added, sessions.contains(entry, at: now) { return .known }
            return outcome
        }
    }

    /// Begins empty again; only when every older nonce has become invalid.
    func forgetEverything() {
        sessions.forgetEverything()
        strangers.forgetEverything()
    }

    /// How many proofs are remembered.
    package var count: Int { sessions.count + strangers.count }
}
