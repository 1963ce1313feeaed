import BucklerJOSE
import BucklerPrimitives
import SecureChannel
import Sessions
import TestSupport
import Testing

/// T3: an interceptor whose certificate authority the phone trusts.
///
/// It reads and changes every byte in both directions.
///
/// What is shown here is where DPoP ends: it protects after enrolment, not during it. Pins and attested keys close that gap.
@Suite("Intercepting proxy")
struct InterceptingProxyTests {
    let phone = SoftwareDevice(seed: 301)
    let proxy = SoftwareDevice(seed: 302)

    @Test("shown: a key swapped during sign-in gives the session to the proxy, and the server cannot tell")
    func keySwapDuringSignIn() async throws {
        let server = try await AdversarialServer()
        // The phone's proofs never arrive: the proxy answers every step with its own key, the person types into the app.
        let tokens = try await server.signIn(key: proxy.thumbprint)
        let theirs = try proxy.proof(for: "/notes", token: tokens.access, at: server)
        #expect(server.get("/notes", token: tokens.access, proof: theirs).hasPassed)
        // What betrays it: without the proxy in the way, the phone's own key opens nothing.
        let own = try phone.proof(for: "/notes", token: tokens.access, at: server)
        #expect(!server.get("/notes", token: tokens.access, proof: own).hasPassed)
        let refresh = await server.refresh(tokens.refresh, proof: try phone.refreshProof(at: server), attempt: 1)
        #expect(refresh.tokens == nil)
    }

    @Test("a key swapped after an honest sign-in opens nothing, for any request or refresh")
    func keySwapAfterSignIn() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let swapped = try proxy.proof(for: "/notes", token: tokens.access, at: server)
        #expect(!server.get("/notes", token: tokens.access, proof: swapped).hasPassed)
        #expect(await server.refresh(tokens.refresh, proof: try proxy.refreshProof(at: server)).tokens == nil)
    }

    @Test("a held-back proof can be used by the proxy once, for exactly its request: method, path and token are fixed")
    func heldBack() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let held = try phone.proof(for: "/notes", token: tokens.access, at: server)
        #expect(!server.get("/payments", token: tokens.access, proof: held).hasPassed)
        #expect(!server.get("/notes", method: "DELETE", token: tokens.access, proof: held).hasPassed)
        #expect(server.get("/notes", token: tokens.access, proof: held).hasPassed)
        #expect(!server.get("/notes", token: tokens.access, proof: held).hasPassed)
    }

    @Test("a proof held back for longer than 300 s is worthless")
    func heldBackTooLong() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let held = try phone.refreshProof(at: server)
        server.time.advance(by: .seconds(300))
        #expect(await server.refresh(tokens.refresh, proof: held).proofRefusal == .nonceStale)
    }

    @Test("a proof for the proxy's own host, port or scheme is none for ours")
    func foreignTarget() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let urls = [
            "https://proxy.example/notes", "http://api.example.com/notes", "https://api.example.com:8443/notes",
            "https://api.example.com.proxy.example/notes",
        ]
        for url in urls {
            let proof = try phone.proof(
                "GET", url, nonce: server.proofs.freshNonce(), accessToken: tokens.access, at: server.time.now)
            #expect(
                server.get("/notes", token: tokens.access, proof: proof)
                    == .refused("channel.proof_refused", reason: "dpop.htu.mismatch"))
        }
    }

    @Test("a token that the proxy edited is refused: another person, key, level or time")
    func editedToken() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        let edits: [(String, JSONValue)] = [
            ("cnf", ["jkt": .string(proxy.thumbprint.text)]), ("sub", .string(AccountID.random(server.entropy).text)),
            ("acr", "urn:buckler:acr:3"), ("exp", 4_000_000_000), ("aud", "https://other.example/"),
        ]
        for (name, value) in edits {
            let edited = try ForgedJWS.edited(tokens.access) { $0[name] = value }
            let proof = try proxy.proof(for: "/notes", token: edited, at: server)
            #expect(
                server.get("/notes", token: edited, proof: proof)
                    == .refused("channel.token_refused", reason: "access_token.signature"))
        }
    }

    @Test("a nonce of the proxy's own making, or of another server, is refused")
    func foreignNonce() async throws {
        let server = try await AdversarialServer()
        let other = try await AdversarialServer(seed: 9)
        let tokens = try await server.signIn(key: phone.thumbprint)
        for nonce in [other.proofs.freshNonce(), "nonce", Base64URL.encode(Entropy.seeded(1).bytes(21))] {
            let proof = try phone.proof(
                "GET", AdversarialServer.url + "/notes", nonce: nonce, accessToken: tokens.access, at: server.time.now)
            #expect(
                server.get("/notes", token: tokens.access, proof: proof)
                    == .refused("channel.nonce_required", reason: nil))
        }
    }
}
