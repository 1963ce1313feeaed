import BucklerJOSE
import BucklerPrimitives
import Sessions
import TestSupport
import Testing

/// I3: a refresh by anyone but the bound key never yields a token.
@Suite("Invariant I3: only the bound key refreshes")
struct BoundKeyTests {
    /// One move of a thief who has every token that was ever issued, and every used proof.
    private enum Move: UInt32, CaseIterable {
        case ownKey
        case ownKeyWithAttempt
        case usedProof
        case damagedProof
        case ownerKeyInHeader
        case noProof
        case damagedToken
    }

    @Test("2,000 random moves with every token ever issued yield none", arguments: [1, 2, 3, 4] as [UInt64])
    func never(seed: UInt64) async throws {
        let server = try await AdversarialServer(seed: seed)
        let entropy = Entropy.seeded(seed &* 7919)
        let (owner, thief) = (SoftwareDevice(seed: seed + 10), SoftwareDevice(seed: seed + 20))
        var tokens: [String] = []
        var proofs: [String] = []
        var current: String?
        for step in 0..<500 {
            if current == nil {
                let issued = try await server.signIn(key: owner.thumbprint)
                (tokens, proofs, current) = ([issued.refresh], [try owner.refreshProof(at: server)], issued.refresh)
            }
            guard let live = current else { return }
            if step % 5 == 0 {
                let proof = try owner.refreshProof(at: server)
                let answer = await server.refresh(live, proof: proof, attempt: UInt8(step % 251))
                proofs.append(proof)
                current = answer.tokens?.refresh
                if let current { tokens.append(current) }
            }
            server.time.advance(by: .seconds(Int64(entropy.integer(below: 60))))
            let token = tokens[Int(entropy.integer(below: UInt32(tokens.count)))]
            let answer = try await Self.move(entropy, server, owner, thief, token, proofs)
            #expect(answer.tokens == nil, "a token for a thief at step \(step)")
        }
    }

    private static func move(
        _ entropy: Entropy, _ server: AdversarialServer, _ owner: SoftwareDevice, _ thief: SoftwareDevice,
        _ token: String, _ proofs: [String]
    ) async throws -> RefreshAnswer {
        let used = proofs[Int(entropy.integer(below: UInt32(proofs.count)))]
        let own = try thief.refreshProof(at: server)
        switch Move(rawValue: entropy.integer(below: UInt32(Move.allCases.count))) ?? .noProof {
        case .ownKey: return await server.refresh(token, proof: own)
        case .ownKeyWithAttempt:
            return await server.refresh(token, proof: own, attempt: UInt8(entropy.integer(below: 251)))
        // The first proof was made and never sent: the thief took it from the phone, an age ago.
        case .usedProof: return await server.refresh(token, proof: proofs.count > 1 ? proofs[1] : own)
        case .damagedProof:
            let bytes = Mutation.damage(Array(used.utf8), with: entropy)
            return await server.refresh(token, proof: String(decoding: bytes, as: UTF8.self))
        case .ownerKeyInHeader:
            let header: JSONObject = ["typ": "dpop+jwt", "alg": "ES256", "jwk": .object(owner.jwk.json)]
            let forged = try ForgedJWS.compact(
                header: header, payload: try ForgedJWS.payload(of: own), signer: thief.signer)
            return await server.refresh(token, proof: forged)
        case .noProof: return await server.refresh(token, proof: "")
        case .damagedToken:
            let bytes = Mutation.damage(Array(token.utf8), with: entropy)
            return await server.refresh(String(decoding: bytes, as: UTF8.self), proof: own)
        }
    }
}
