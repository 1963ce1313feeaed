import BucklerJOSE
import BucklerPrimitives
import SecureChannel
import Sessions
import TestSupport
import Testing

/// T1: a refresh token out of a log, a crash report, a memory dump or an old backup, without the device key.
@Suite("Stolen refresh token")
struct StolenRefreshTokenTests {
    let owner = SoftwareDevice(seed: 101)
    let thief = SoftwareDevice(seed: 102)

    @Test("under the thief's own key it brings nothing but the session's end")
    func foreignKey() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: owner.thumbprint)
        let theft = await server.refresh(tokens.refresh, proof: try thief.refreshProof(at: server), attempt: 1)
        #expect(theft.refusal == .foreignKey)
        let honest = await server.refresh(tokens.refresh, proof: try owner.refreshProof(at: server), attempt: 2)
        guard case .ended(.foreignKey, let notice) = honest.refusal else {
            Issue.record("a live token in foreign hands ends the session")
            return
        }
        #expect(notice != nil, "the owner's app hears why, signed")
        #expect(try await server.recordedReasons().contains("refresh.foreign_key"))
    }

    @Test("after the theft was seen, the session's access token opens nothing")
    func accessTokenDies() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: owner.thumbprint)
        let before = server.get("/notes", token: tokens.access, proof: try proof(owner, tokens, server))
        #expect(before.hasPassed)
        _ = await server.refresh(tokens.refresh, proof: try thief.refreshProof(at: server))
        let after = server.get("/notes", token: tokens.access, proof: try proof(owner, tokens, server))
        #expect(after == .refused("session.revoked", reason: nil, members: ["session_end"]))
    }

    @Test(
        "without a proof, with the owner's used proof, or with a proof for another endpoint it brings nothing and changes nothing"
    )
    func withoutKey() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: owner.thumbprint)
        let used = try owner.refreshProof(at: server)
        let renewed = try #require(await server.refresh(tokens.refresh, proof: used, attempt: 1).tokens)
        #expect(await server.refresh(renewed.refresh, proof: used).proofRefusal == .replayed)
        #expect(await server.refresh(renewed.refresh, proof: "").proofRefusal == .malformed(.form))
        let other = try owner.proof(for: "/notes", method: "POST", token: renewed.access, at: server)
        #expect(await server.refresh(renewed.refresh, proof: other).proofRefusal == .uri)
        let next = await server.refresh(renewed.refresh, proof: try owner.refreshProof(at: server), attempt: 2)
        #expect(next.tokens != nil, "the owner goes on")
    }

    @Test("a proof signed by the thief that names the owner's key is refused")
    func claimedKey() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: owner.thumbprint)
        let claims = try ForgedJWS.payload(of: thief.refreshProof(at: server))
        let forged = try ForgedJWS.compact(
            header: ["typ": "dpop+jwt", "alg": "ES256", "jwk": .object(owner.jwk.json)], payload: claims,
            signer: thief.signer)
        #expect(await server.refresh(tokens.refresh, proof: forged).proofRefusal == .signature)
    }

    @Test("a token out of an old log signs nobody out")
    func oldToken() async throws {
        let server = try await AdversarialServer()
        let first = try await server.signIn(key: owner.thumbprint)
        var current = first
        for attempt in 1...3 {
            server.time.advance(by: .minutes(5))
            current = try #require(
                await server.refresh(
                    current.refresh, proof: try owner.refreshProof(at: server), attempt: UInt8(attempt)
                )
                .tokens)
        }
        let theft = await server.refresh(first.refresh, proof: try thief.refreshProof(at: server))
        #expect(theft.refusal == .foreignKey)
        let next = await server.refresh(current.refresh, proof: try owner.refreshProof(at: server), attempt: 9)
        #expect(next.tokens != nil)
    }

    @Test("a thousand guesses with the real session's name change nothing")
    func garbage() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: owner.thumbprint)
        let genuine = try #require(Base64URL.decode(tokens.refresh.dropFirst(5)))
        let entropy = Entropy.seeded(77)
        let proof = try thief.refreshProof(at: server)
        for _ in 0..<1000 {
            let guess = "brt1_" + Base64URL.encode(Array(genuine.prefix(21)) + entropy.bytes(32))
            guard case .unrecognised = await server.refresh(guess, proof: proof).refusal else {
                Issue.record("a guess was recognised")
                return
            }
        }
        let next = await server.refresh(tokens.refresh, proof: try owner.refreshProof(at: server), attempt: 1)
        #expect(next.tokens != nil)
    }

    @Test("after a restart a stolen token is worth as little")
    func restart() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: owner.thumbprint)
        let again = try await server.restarted()
        #expect(await again.refresh(tokens.refresh, proof: try thief.refreshProof(at: again)).refusal == .foreignKey)
        let third = try await again.restarted(seed: 3)
        let answer = third.get("/notes", token: tokens.access, proof: try proof(owner, tokens, third))
        #expect(answer == .refused("session.revoked", reason: nil, members: ["session_end"]))
    }

    private func proof(_ device: SoftwareDevice, _ tokens: IssuedTokens, _ server: AdversarialServer) throws -> String {
        try device.proof(for: "/notes", token: tokens.access, at: server)
    }
}
