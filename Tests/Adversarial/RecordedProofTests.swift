import BucklerJOSE
import BucklerPrimitives
import SecureChannel
import Sessions
import TestSupport
import Testing

/// Somebody recorded a request with its token and its proof, and sends it again: at once, later, after a restart.
@Suite("Recorded proof")
struct RecordedProofTests {
    let phone = SoftwareDevice(seed: 201)
    let thief = SoftwareDevice(seed: 202)

    @Test("a recorded request opens nothing a second time, however long one waits")
    func replay() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let proof = try phone.proof(for: "/notes", token: tokens.access, at: server)
        #expect(server.get("/notes", token: tokens.access, proof: proof).hasPassed)
        for _ in 0..<30 {
            #expect(
                server.get("/notes", token: tokens.access, proof: proof)
                    == .refused("channel.proof_refused", reason: "dpop.replayed"))
            server.time.advance(by: .seconds(10) - .milliseconds(1))
        }
        server.time.advance(by: .milliseconds(30))
        #expect(
            server.get("/notes", token: tokens.access, proof: proof) == .refused("channel.nonce_required", reason: nil))
    }

    @Test("a restart with an empty memory accepts no recorded proof, used or not")
    func restart() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let used = try phone.proof(for: "/notes", token: tokens.access, at: server)
        let unused = try phone.proof(for: "/notes", token: tokens.access, at: server)
        #expect(server.get("/notes", token: tokens.access, proof: used).hasPassed)
        let again = try await server.restarted()
        for proof in [used, unused] {
            let answer = again.get("/notes", token: tokens.access, proof: proof)
            #expect(answer == .refused("channel.nonce_required", reason: nil))
        }
        let fresh = try phone.proof(for: "/notes", token: tokens.access, at: again)
        #expect(again.get("/notes", token: tokens.access, proof: fresh).hasPassed, "the phone itself goes on")
    }

    @Test("a recorded refresh is refused as well, before and after a restart")
    func refresh() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let proof = try phone.refreshProof(at: server)
        #expect(await server.refresh(tokens.refresh, proof: proof, attempt: 1).tokens != nil)
        #expect(await server.refresh(tokens.refresh, proof: proof, attempt: 1).proofRefusal == .replayed)
        let again = try await server.restarted()
        #expect(await again.refresh(tokens.refresh, proof: proof, attempt: 1).proofRefusal == .nonceForged)
    }

    @Test(
        "a recorded proof fits no other method, path or token",
        arguments: [("POST", "/notes"), ("GET", "/notes/1"), ("GET", "/")])
    func otherRequest(method: String, path: String) async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let proof = try phone.proof(for: "/notes", token: tokens.access, at: server)
        #expect(!server.get(path, method: method, token: tokens.access, proof: proof).hasPassed)
        let other = try await server.signIn(key: phone.thumbprint)
        let answer = server.get("/notes", token: other.access, proof: proof)
        #expect(answer == .refused("channel.proof_refused", reason: "dpop.ath.mismatch"))
        #expect(
            server.get("/notes", token: tokens.access, proof: nil)
                == .refused("channel.proof_refused", reason: "dpop.missing"))
    }

    @Test("a recorded access token with the thief's own fresh proof opens nothing and tells nothing")
    func ownProof() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let proof = try thief.proof(for: "/notes", token: tokens.access, at: server)
        let answer = server.get("/notes", token: tokens.access, proof: proof)
        #expect(answer == .refused("channel.token_refused", reason: "session.foreign_key"))
        _ = try await server.sessions.end(session: tokens.session.id, of: tokens.session.account, origin: nil)
        let later = try thief.proof(for: "/notes", token: tokens.access, at: server)
        #expect(
            server.get("/notes", token: tokens.access, proof: later) == answer, "a foreign key never hears of the end")
    }

    @Test("after sign-out no recorded and no new proof opens anything, also after a restart")
    func signedOut() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        #expect(try await server.sessions.end(session: tokens.session.id, of: tokens.session.account, origin: nil))
        let expected = Answer.refused("session.revoked", reason: nil, members: ["session_end"])
        let proof = try phone.proof(for: "/notes", token: tokens.access, at: server)
        #expect(server.get("/notes", token: tokens.access, proof: proof) == expected)
        let again = try await server.restarted()
        let fresh = try phone.proof(for: "/notes", token: tokens.access, at: again)
        #expect(again.get("/notes", token: tokens.access, proof: fresh) == expected)
    }
}
