import Authentication
import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation
import SQLiteDriver
import Sessions
import Storage
import TestSupport
import Testing

@Suite("Signing keys and token confusion")
struct SigningKeyTests {
    @Test("every token type offered to every other verifier is refused")
    func confusion() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let access = tokens.accessToken.exposed
        let payload = try UnverifiedJWS(parsing: access).payload
        for purpose in SigningPurpose.allCases where purpose != .accessToken {
            let other = try fixture.signingKeys.sign(payload, purpose)
            #expect(throws: AccessTokenRefusal.type) { try fixture.verifier.verify(other, audience: nil) }
            // The right type, signed by the other purpose's key.
            let key = fixture.signingKeys.activeKey(purpose)
            let forged = try JWSSigner.sign(payload: payload, typ: "at+jwt", kid: key.kid, with: key.signer)
            #expect(throws: AccessTokenRefusal.unknownKey) { try fixture.verifier.verify(forged, audience: nil) }
            let kid = fixture.signingKeys.activeKey(.accessToken).kid
            let lying = try JWSSigner.sign(payload: payload, typ: "at+jwt", kid: kid, with: key.signer)
            #expect(throws: AccessTokenRefusal.signature) { try fixture.verifier.verify(lying, audience: nil) }
        }
    }

    @Test("a changed claim, issuer, audience, time or form is refused, each by its own check")
    func claims() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let payload = try UnverifiedJWS(parsing: tokens.accessToken.exposed).payload
        let now = fixture.clock.now.seconds
        let cases: [(String, JSONValue?, AccessTokenRefusal)] = [
            ("iss", "https://evil.example/buckler", .issuer), ("iss", nil, .issuer),
            ("aud", "https://other.example/", .audience), ("aud", [.string(SessionsFixture.audience)], .audience),
            ("aud", nil, .audience), ("exp", .integer(now), .expired), ("exp", "soon", .claims), ("exp", nil, .claims),
            ("iat", .integer(now + 11), .notYetValid), ("sub", "acc_x", .claims), ("sid", nil, .claims),
            ("cnf", nil, .claims), ("cnf", ["jkt": "short"], .claims), ("client_id", "", .claims),
            ("acr", "urn:buckler:acr:9", .claims), ("amr", ["pwd", 1], .claims), ("device", nil, .claims),
            ("auth_time", nil, .claims), ("jti", nil, .claims), ("scope", nil, .claims),
            ("session_deadline", nil, .claims),
        ]
        for (name, value, refusal) in cases {
            var changed = payload
            changed[name] = value
            let text = try fixture.signingKeys.sign(changed, .accessToken)
            #expect(throws: refusal, "\(name)") { try fixture.verifier.verify(text, audience: nil) }
        }
        #expect(throws: AccessTokenRefusal.audience) {
            try fixture.verifier.verify(tokens.accessToken.exposed, audience: "https://other.example/")
        }
        for text in ["", "a.b.c", tokens.accessToken.exposed + ".", String(repeating: "a", count: 5000)] {
            #expect(throws: AccessTokenRefusal.malformed) { try fixture.verifier.verify(text, audience: nil) }
        }
    }

    @Test("the same token is verified once and remembered; a token that differs in one character is not")
    func memory() async throws {
        let fixture = try await SessionsFixture()
        let text = try await fixture.signIn().accessToken.exposed
        let first = try fixture.verifier.verify(text, audience: nil)
        #expect(try fixture.verifier.verify(text, audience: nil) == first)
        #expect(first.digest == Array(SHA256.hash(data: Array(text.utf8))))
        var changed = Array(text)
        changed[changed.count - 5] = changed[changed.count - 5] == "A" ? "B" : "A"
        #expect(throws: AccessTokenRefusal.signature) { try fixture.verifier.verify(String(changed), audience: nil) }
    }

    @Test("a remembered token dies with a compromised key at once; refreshes go on")
    func compromised() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        _ = try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        try await fixture.signingKeys.rotate(compromised: true)
        #expect(throws: AccessTokenRefusal.unknownKey) {
            try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        }
        let next = try await fixture.refresh(tokens.refreshToken, attempt: 1)
        _ = try fixture.verifier.verify(next.accessToken.exposed, audience: nil)
    }

    @Test("an orderly rotation lets old tokens live out their time")
    func rotation() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let before = fixture.signingKeys.activeKey(.accessToken).kid
        try await fixture.signingKeys.rotate(compromised: false)
        #expect(fixture.signingKeys.activeKey(.accessToken).kid != before)
        _ = try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        fixture.clock.advance(by: .seconds(310))
        #expect(fixture.signingKeys.publicKey(.accessToken, kid: before) == nil)
    }

    @Test("keys follow one another: published a day before, active 30 days, verifying 310 s")
    func schedule() {
        let schedule = SigningKeySchedule()
        let entropy = Entropy.seeded(5)
        let start = Timestamp(seconds: 1_767_225_600)
        var keys = schedule.advanced([], purpose: .accessToken, at: start, entropy: entropy)
        #expect(keys.count == 2)
        let active = keys.first { $0.isActive }?.kid
        let next = keys.first { $0.activeAt == nil }?.kid
        keys = schedule.advanced(
            keys, purpose: .accessToken, at: start + .days(30) - .seconds(1), entropy: entropy)
        #expect(keys.first { $0.isActive }?.kid == active)
        keys = schedule.advanced(keys, purpose: .accessToken, at: start + .days(30), entropy: entropy)
        #expect(keys.first { $0.isActive }?.kid == next)
        #expect(keys.count == 3)
        let later = start + .days(30) + .seconds(310)
        keys = schedule.advanced(keys, purpose: .accessToken, at: later, entropy: entropy)
        #expect(!keys.contains { $0.kid == active })
        // A next key that was just made does not sign yet, however old the active one is.
        let fresh = schedule.advanced(
            keys.filter(\.isActive), purpose: .accessToken, at: later + .days(40), entropy: entropy)
        #expect(fresh.first { $0.isActive }?.kid == next)
    }

    @Test("key sets hold each purpose's own keys and no private member")
    func keySets() async throws {
        let fixture = try await SessionsFixture()
        let sets = SigningPurpose.allCases.map { fixture.signingKeys.keySet([$0]) }
        var kids = Set<String>()
        for set in sets {
            for key in try #require(set["keys"]?.array) {
                let json = try #require(key.object)
                #expect(json["d"] == nil && json["use"] == "sig" && json["alg"] == "ES256")
                let jwk = try P256PublicJWK(parsing: json)
                #expect(json["kid"]?.string == jwk.thumbprint.text)
                #expect(kids.insert(jwk.thumbprint.text).inserted)
            }
        }
        #expect(kids.count == 6)
    }

    @Test("keys survive a restart, and a key moved to another purpose does not open")
    func stored() async throws {
        let fixture = try await SessionsFixture()
        let again = try await SigningKeyRing(
            loading: fixture.store, clock: fixture.clock.clock, entropy: .seeded(99))
        #expect(again.activeKey(.notice).kid == fixture.signingKeys.activeKey(.notice).kid)
        try await fixture.database.database.write { connection in
            _ = try connection.execute("UPDATE signing_key SET purpose = 'access' WHERE purpose = 'notice'")
        }
        await #expect(throws: StoreError.tampered(table: "signing_key")) {
            try await SigningKeyRing(loading: fixture.store, clock: fixture.clock.clock, entropy: .seeded(98))
        }
    }

    @Test("a new refresh key epoch keeps old tokens, a compromised one refuses them")
    func refreshEpochs() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        try await fixture.refreshKeys.rotate(compromised: false, overlap: .days(30))
        let second = try await fixture.refresh(first.refreshToken, attempt: 1)
        #expect(try await fixture.row(first.session.id)?.keyEpoch == 2)
        try await fixture.refreshKeys.rotate(compromised: true, overlap: .days(30))
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(second.refreshToken, attempt: 2)
        }
        #expect(answer == .unrecognised(.refreshEpoch))
    }
}

@Suite("Service clients and introspection")
struct IntrospectionTests {
    private func clients() throws -> ServiceClients {
        let billing = try #require(ClientID(parsing: "billing"))
        return ServiceClients([
            billing: .init(secret: SecretString("correct horse battery staple, 32+"), audience: "billing-api")
        ])
    }

    @Test("a service client is known by its secret", arguments: ["Basic", "basic", "BASIC"])
    func known(scheme: String) throws {
        let value = "billing:correct+horse+battery+staple%2C+32%2B".data(using: .utf8)?.base64EncodedString() ?? ""
        #expect(try clients().authenticate(basic: "\(scheme) \(value)")?.client.text == "billing")
        #expect(try clients().authenticate(basic: "\(scheme) \(value)")?.audience == "billing-api")
    }

    @Test(
        "everybody else is nobody",
        arguments: [
            "billing:wrong", "stranger:correct+horse+battery+staple%2C+32%2B", "billing:", ":", "", "billing",
            "billing:correct+horse+battery+staple%2C+32%2B&v=1",
        ])
    func unknown(pair: String) throws {
        let value = pair.data(using: .utf8)?.base64EncodedString() ?? ""
        #expect(try clients().authenticate(basic: "Basic \(value)") == nil)
        #expect(try clients().authenticate(basic: "Bearer \(value)") == nil)
        #expect(try clients().authenticate(basic: pair) == nil)
    }

    @Test(
        "a running session's access token is active; ended, expired, refresh, garbage and other audiences' are only inactive"
    )
    func describe() async throws {
        let fixture = try await SessionsFixture()
        let introspection = TokenIntrospection(
            issuer: SessionsFixture.issuer, tokens: fixture.verifier, ended: fixture.ended)
        let tokens = try await fixture.signIn()
        let text = tokens.accessToken.exposed
        let answer = introspection.describe(text, audience: SessionsFixture.audience)
        #expect(answer["active"] == true && answer["sub"]?.string == tokens.session.account.text)
        #expect(answer["cnf"]?.object?["jkt"]?.string == fixture.phone.thumbprint.text)
        let inactive: JSONObject = ["active": false]
        #expect(
            introspection.describe(tokens.refreshToken?.exposed ?? "", audience: SessionsFixture.audience) == inactive)
        #expect(introspection.describe(text, audience: "https://other.example.com/") == inactive)
        #expect(introspection.describe("", audience: SessionsFixture.audience) == inactive)
        try await fixture.service.end(.session(tokens.session.id), reason: .signedOut, origin: nil)
        #expect(introspection.describe(text, audience: SessionsFixture.audience) == inactive)
        let other = try await fixture.signIn()
        fixture.clock.advance(by: .seconds(300))
        #expect(introspection.describe(other.accessToken.exposed, audience: SessionsFixture.audience) == inactive)
    }
}
