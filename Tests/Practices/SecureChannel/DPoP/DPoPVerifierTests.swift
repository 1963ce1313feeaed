import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import TestSupport
import Testing

@testable import SecureChannel

@Suite("DPoP verifier")
struct DPoPVerifierTests {
    /// One change to an otherwise correct proof, and the only check that may notice it.
    struct Mutation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let refusal: DPoPRefusal
        let change: @Sendable (inout JSONObject, inout JSONObject) -> Void

        init(
            _ name: String, _ refusal: DPoPRefusal,
            _ change: @escaping @Sendable (_ header: inout JSONObject, _ claims: inout JSONObject) -> Void
        ) {
            testDescription = name
            self.refusal = refusal
            self.change = change
        }
    }

    static let headerMutations: [Mutation] = [
        Mutation("typ missing", .malformed(.type)) { header, _ in header["typ"] = nil },
        Mutation("typ JWT", .malformed(.type)) { header, _ in header["typ"] = "JWT" },
        Mutation("typ at+jwt", .malformed(.type)) { header, _ in header["typ"] = "at+jwt" },
        Mutation("typ in capitals", .malformed(.type)) { header, _ in header["typ"] = "DPOP+JWT" },
        Mutation("alg none", .malformed(.algorithm)) { header, _ in header["alg"] = "none" },
        Mutation("alg HS256", .malformed(.algorithm)) { header, _ in header["alg"] = "HS256" },
        Mutation("alg RS256", .malformed(.algorithm)) { header, _ in header["alg"] = "RS256" },
        Mutation("alg missing", .malformed(.algorithm)) { header, _ in header["alg"] = nil },
        Mutation("crit", .malformed(.forbiddenHeader)) { header, _ in header["crit"] = ["exp"] },
        Mutation("jku", .malformed(.forbiddenHeader)) { header, _ in header["jku"] = "https://evil.example/jwks" },
        Mutation("x5c", .malformed(.forbiddenHeader)) { header, _ in header["x5c"] = [] },
        Mutation("jwk missing", .malformed(.key)) { header, _ in header["jwk"] = nil },
        Mutation("jwk no object", .malformed(.key)) { header, _ in header["jwk"] = "key" },
        Mutation("jwk symmetric", .malformed(.key)) { header, _ in header["jwk"] = ["kty": "oct", "k": "AAAA"] },
        Mutation("jwk private", .malformed(.privateKey)) { header, _ in
            var jwk = header["jwk"]?.object ?? [:]
            jwk["d"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"
            header["jwk"] = .object(jwk)
        },
        Mutation("jwk of another device", .signature) { header, _ in
            header["jwk"] = .object(SoftwareDevice(seed: 77).jwk.json)
        },
    ]

    static let claimMutations: [Mutation] = [
        Mutation("htm missing", .malformed(.method)) { _, claims in claims["htm"] = nil },
        Mutation("htm a number", .malformed(.method)) { _, claims in claims["htm"] = 1 },
        Mutation("htm of another method", .method) { _, claims in claims["htm"] = "POST" },
        Mutation("htm in lower case", .method) { _, claims in claims["htm"] = "get" },
        Mutation("htu missing", .malformed(.uri)) { _, claims in claims["htu"] = nil },
        Mutation("htu of another path", .uri) { _, claims in claims["htu"] = "https://api.example.com/other" },
        Mutation("htu of another host", .uri) { _, claims in claims["htu"] = "https://evil.example/notes" },
        Mutation("htu of another port", .uri) { _, claims in claims["htu"] = "https://api.example.com:8443/notes" },
        Mutation("htu of another scheme", .uri) { _, claims in claims["htu"] = "http://api.example.com/notes" },
        Mutation("htu relative", .uri) { _, claims in claims["htu"] = "/notes" },
        Mutation("htu with a user", .uri) { _, claims in claims["htu"] = "https://api.example.com@evil.example/notes" },
        Mutation("jti missing", .malformed(.identifier)) { _, claims in claims["jti"] = nil },
        Mutation("jti empty", .malformed(.identifier)) { _, claims in claims["jti"] = "" },
        Mutation("jti a number", .malformed(.identifier)) { _, claims in claims["jti"] = 7 },
        Mutation("jti of 129 characters", .malformed(.identifier)) { _, claims in
            claims["jti"] = .string(String(repeating: "j", count: 129))
        },
        Mutation("iat missing", .malformed(.issuedAt)) { _, claims in claims["iat"] = nil },
        Mutation("iat a fraction", .malformed(.issuedAt)) { _, claims in claims["iat"] = .number(1.5) },
        Mutation("iat text", .malformed(.issuedAt)) { _, claims in claims["iat"] = "1767225600" },
        Mutation("nonce missing", .nonceMissing) { _, claims in claims["nonce"] = nil },
        Mutation("nonce a number", .malformed(.nonce)) { _, claims in claims["nonce"] = 5 },
        Mutation("nonce empty", .nonceForged) { _, claims in claims["nonce"] = "" },
        Mutation("nonce made up", .nonceForged) { _, claims in claims["nonce"] = "AWlVtwAAAAAAAAAAAAAAAAAAAAAA" },
        Mutation("ath missing", .accessTokenHashMissing) { _, claims in claims["ath"] = nil },
        Mutation("ath of another token", .accessTokenHash) { _, claims in
            claims["ath"] = .string(Base64URL.encode(Array(SHA256.hash(data: [1]))))
        },
        Mutation("ath too short", .malformed(.accessTokenHash)) { _, claims in claims["ath"] = "AAAA" },
        Mutation("ath a number", .malformed(.accessTokenHash)) { _, claims in claims["ath"] = 5 },
        Mutation("user_idle negative", .userIdle) { _, claims in claims["user_idle"] = -1 },
        Mutation("user_idle a fraction", .userIdle) { _, claims in claims["user_idle"] = .number(0.5) },
        Mutation("user_idle text", .userIdle) { _, claims in claims["user_idle"] = "0" },
        Mutation("user_idle beyond reason", .userIdle) { _, claims in claims["user_idle"] = .integer(.max) },
    ]

    @Test("each fault alone is refused by its own check", arguments: headerMutations + claimMutations)
    func mutation(mutation: Mutation) throws {
        let bench = DPoPBench()
        var (header, claims) = try bench.parts()
        mutation.change(&header, &claims)
        let field = try ForgedJWS.compact(header: header, payload: claims, signer: bench.device.signer)
        #expect(throws: mutation.refusal) { try bench.verify(field) }
        #expect(bench.replay.count == 0, "a refused proof must not be remembered")
    }

    @Test("without a mutation the same proof passes")
    func control() throws {
        let bench = DPoPBench()
        let (header, claims) = try bench.parts()
        let field = try ForgedJWS.compact(header: header, payload: claims, signer: bench.device.signer)
        let proof = try bench.verify(field)
        #expect(proof.key == bench.device.thumbprint)
        #expect(proof.jwk == bench.device.jwk)
        #expect(proof.userIdle == nil)
        #expect(bench.replay.count == 1)
    }

    @Test("no proof, two proofs, and two in one field are refused")
    func number() throws {
        let bench = DPoPBench()
        let (first, second) = (try bench.proof(), try bench.proof())
        #expect(throws: DPoPRefusal.missing) { try bench.verify() }
        #expect(throws: DPoPRefusal.repeated) { try bench.verify(first, second) }
        #expect(throws: DPoPRefusal.repeated) { try bench.verify(first, first) }
        #expect(throws: DPoPRefusal.malformed(.form)) { try bench.verify("\(first), \(second)") }
        #expect(throws: DPoPRefusal.malformed(.form)) { try bench.verify("") }
    }

    @Test("a proof above 4 KiB is refused before it is read")
    func size() throws {
        let bench = DPoPBench()
        let field = try bench.proof(claims: ["padding": .string(String(repeating: "x", count: 3000))])
        #expect(field.utf8.count > 4096)
        #expect(throws: DPoPRefusal.malformed(.tooLarge)) { try bench.verify(field) }
    }

    @Test("doubled names are refused in header and claims")
    func duplicates() throws {
        let bench = DPoPBench()
        let (header, claims) = try bench.parts()
        let (headerText, claimsText) = (JSONValue.object(header).text, JSONValue.object(claims).text)
        let doubledClaim = String(claimsText.dropLast()) + #","htm":"GET"}"#
        let doubledHeader = String(headerText.dropLast()) + #","alg":"ES256"}"#
        for (header, payload) in [(headerText, doubledClaim), (doubledHeader, claimsText)] {
            let field = try ForgedJWS.compact(header: header, payload: payload, signer: bench.device.signer)
            #expect(throws: DPoPRefusal.malformed(.form)) { try bench.verify(field) }
        }
    }

    @Test("the signature is checked: edited claims and foreign signatures are refused")
    func signature() throws {
        let bench = DPoPBench()
        let edited = try ForgedJWS.edited(try bench.proof()) { $0["jti"] = "another" }
        #expect(throws: DPoPRefusal.signature) { try bench.verify(edited) }
        let (header, claims) = try bench.parts()
        let foreign = try ForgedJWS.compact(header: header, payload: claims, signer: SoftwareDevice(seed: 5).signer)
        #expect(throws: DPoPRefusal.signature) { try bench.verify(foreign) }
        #expect(bench.replay.count == 0)
    }

    @Test("without an access token no hash is asked for")
    func tokenless() throws {
        let bench = DPoPBench()
        let field = try bench.device.proof("GET", DPoPBench.url + "/notes", nonce: bench.verifier.freshNonce())
        #expect(throws: Never.self) { try bench.verify(field, token: nil) }
    }

    @Test("every refusal has a reason of its own")
    func reasons() {
        let malformed: [DPoPProofError] = [
            .tooLarge, .form, .type, .algorithm, .forbiddenHeader, .key, .privateKey, .method, .uri, .identifier,
            .issuedAt, .accessTokenHash, .nonce,
        ]
        let refusals: [DPoPRefusal] =
            malformed.map { .malformed($0) } + [
                .missing, .repeated, .nonceMissing, .nonceForged, .nonceStale, .method, .uri, .accessTokenHashMissing,
                .accessTokenHash, .userIdle, .signature, .replayed, .shareExceeded, .replayStoreFull,
            ]
        #expect(Set(refusals.map(\.reason.text)).count == refusals.count)
        #expect(refusals.filter(\.needsNonce) == [.nonceMissing, .nonceForged, .nonceStale])
        #expect(refusals.filter(\.isOverload) == [.shareExceeded, .replayStoreFull])
    }

    @Test("the claim user_idle arrives in seconds", arguments: [0, 1, 86_400, 3_153_600_000] as [Int64])
    func userIdle(seconds: Int64) throws {
        let bench = DPoPBench()
        #expect(try bench.verify(bench.proof(claims: ["user_idle": .integer(seconds)])).userIdle == .seconds(seconds))
    }

    @Test("the cheap checks come first: with several faults the earliest is named")
    func order() throws {
        let bench = DPoPBench()
        var (header, claims) = try bench.parts()
        let steps: [(DPoPRefusal, (inout JSONObject, inout JSONObject) -> Void)] = [
            (.signature, { header, _ in header["jwk"] = .object(SoftwareDevice(seed: 9).jwk.json) }),
            (.accessTokenHashMissing, { _, claims in claims["ath"] = nil }),
            (.uri, { _, claims in claims["htu"] = "https://evil.example/" }),
            (.method, { _, claims in claims["htm"] = "PUT" }),
            (.nonceForged, { _, claims in claims["nonce"] = "x" }),
            (.malformed(.type), { header, _ in header["typ"] = "JWT" }),
        ]
        for (refusal, damage) in steps {
            damage(&header, &claims)
            let field = try ForgedJWS.compact(header: header, payload: claims, signer: bench.device.signer)
            #expect(throws: refusal) { try bench.verify(field) }
        }
    }
}
