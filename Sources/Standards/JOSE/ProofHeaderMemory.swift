import BucklerPrimitives
import Synchronization

/// The headers of verified proofs: a device sends the same one, with the same key in it, before every request.
///
/// Reading a header is a pure function of its text, so remembering it decides nothing: claims, nonce, replay and signature
/// are looked at every time. It saves the base64url, the JSON, the point's check and the thumbprint. Only headers of proofs
/// whose signature was checked are remembered, at most 2 × `capacity` of at most 512 bytes, those used last.
package final class ProofHeaderMemory: Sendable {
    struct Known {
        let header: JSONObject
        let jwk: P256PublicJWK
    }

    fileprivate struct State {
        var younger: [String: Known] = [:]
        var older: [String: Known] = [:]
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// An empty memory.
    package init(capacity: Int = 4096) {
        precondition(capacity > 0, "a memory remembers something")
        self.capacity = capacity
    }

    /// How many headers are held.
    package var count: Int { state.withLock { $0.younger.count + $0.older.count } }

    /// What this very text was read as.
    func header(_ text: String) -> Known? {
        state.withLock { state in
            if let known = state.younger[text] { return known }
            guard let known = state.older[text] else { return nil }
            state.keep(known, text, capacity)
            return known
        }
    }

    /// Remembers the header of a verified proof.
    package func remember(_ proof: VerifiedDPoPProof) {
        let text = proof.headerText
        guard !proof.isHeaderKnown, text.utf8.count <= Self.maximumByteCount else { return }
        let known = Known(header: proof.header, jwk: proof.jwk)
        state.withLock { $0.keep(known, text, capacity) }
    }

    private static let maximumByteCount = 512
}

extension ProofHeaderMemory.State {
    fileprivate mutating func keep(_ known: ProofHeaderMemory.Known, _ text: String, _ capacity: Int) {
        if younger.count >= capacity {
            older = younger
            younger = [:]
        }
        younger[text] = known
    }
}
