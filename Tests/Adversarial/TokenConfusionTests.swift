import Authentication
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import Foundation
import SecureChannel
import TestSupport
import Testing

@testable import Sessions

/// PD-15: one key, one purpose, one `typ`.
///
/// Whatever this product hands out opens exactly one door.
@Suite("Token confusion")
struct TokenConfusionTests {
    /// What travels, genuine and fresh; and the door that reads it.
    enum Kind: CaseIterable {
        case accessToken, identityHeader, sessionEndNotice, noticeKeys, proof, refreshToken, stepUpHandle, nonce
    }

    @Test("every token opens its own door and no other", arguments: Kind.allCases, Kind.allCases)
    func matrix(token: Kind, door: Kind) async throws {
        let bench = try await ConfusionBench()
        let text = try bench.make(token)
        #expect(bench.opens(door, text) == (token == door))
    }

    static let signed: [Kind] = [.accessToken, .identityHeader, .sessionEndNotice, .noticeKeys]

    @Test("without its signature a token opens nothing", arguments: signed, Kind.allCases)
    func unsigned(token: Kind, door: Kind) async throws {
        let bench = try await ConfusionBench()
        #expect(!bench.opens(door, try ForgedJWS.unsigned(bench.make(token))))
    }

    @Test("a MAC made with a published key opens nothing", arguments: signed, Kind.allCases)
    func symmetric(token: Kind, door: Kind) async throws {
        let bench = try await ConfusionBench()
        for purpose in SigningPurpose.allCases {
            let key = bench.keys.activeKey(purpose).signer.publicJWK.publicKey
            #expect(!bench.opens(door, try ForgedJWS.symmetric(bench.make(token), publicKey: key)))
        }
    }

    @Test(
        "a key of another purpose cannot sign, whatever it writes into the header", arguments: SigningPurpose.allCases)
    func foreignPurpose(purpose: SigningPurpose) async throws {
        let bench = try await ConfusionBench()
        let payload = try ForgedJWS.payload(of: bench.make(bench.kind(of: purpose)))
        for other in SigningPurpose.allCases where other != purpose {
            let key = bench.keys.activeKey(other)
            for kid in [key.kid, bench.keys.activeKey(purpose).kid] {
                let forged = try JWSSigner.sign(payload: payload, typ: purpose.typ, kid: kid, with: key.signer)
                #expect(!bench.opens(bench.kind(of: purpose), forged))
            }
        }
    }

    @Test("a device key signs proofs, not tokens", arguments: SigningPurpose.allCases)
    func deviceKey(purpose: SigningPurpose) async throws {
        let bench = try await ConfusionBench()
        let payload = try ForgedJWS.payload(of: bench.make(bench.kind(of: purpose)))
        let device = bench.device
        let kids = [bench.keys.activeKey(purpose).kid, device.thumbprint.text]
        for kid in kids {
            let forged = try JWSSigner.sign(payload: payload, typ: purpose.typ, kid: kid, with: device.signer)
            #expect(!bench.opens(bench.kind(of: purpose), forged))
            let embedded = try ForgedJWS.compact(
                header: [
                    "typ": .string(purpose.typ), "alg": "ES256", "kid": .string(kid), "jwk": .object(device.jwk.json),
                ], payload: payload, signer: device.signer)
            #expect(!bench.opens(bench.kind(of: purpose), embedded))
        }
    }

    @Test("a server key makes no proofs of a device", arguments: SigningPurpose.allCases)
    func serverKey(purpose: SigningPurpose) async throws {
        let bench = try await ConfusionBench()
        let claims = try ForgedJWS.payload(of: bench.make(.proof))
        let forged = try ForgedJWS.compact(
            header: ["typ": "dpop+jwt", "alg": "ES256", "jwk": .object(bench.device.jwk.json)], payload: claims,
            signer: bench.keys.activeKey(purpose).signer)
        #expect(!bench.opens(.proof, forged))
    }

    @Test("edited claims under the old signature open nothing", arguments: signed)
    func edited(token: Kind) async throws {
        let bench = try await ConfusionBench()
        for (name, value) in [
            ("sub", JSONValue.string("acc_AAAAAAAAAAAAAAAAAAAAAA")), ("exp", 9_999_999_999), ("wipe", true),
        ] {
            let text = try ForgedJWS.edited(bench.make(token)) { $0[name] = $0[name] == value ? false : value }
            for door in Kind.allCases { #expect(!bench.opens(door, text)) }
        }
    }

    @Test("an access token for another audience, issuer or of another instance is refused")
    func otherAudience() async throws {
        let bench = try await ConfusionBench()
        let text = try bench.make(.accessToken)
        #expect(throws: AccessTokenRefusal.audience) { try bench.tokens.verify(text, audience: "another-api") }
        let stranger = AccessTokenVerifier(
            issuer: "https://other.example/buckler", audiences: [ConfusionBench.audience], keys: bench.keys,
            clock: bench.time.clock)
        #expect(throws: AccessTokenRefusal.issuer) { try stranger.verify(text, audience: nil) }
        let instance = try await ConfusionBench(seed: 99)
        #expect(throws: AccessTokenRefusal.unknownKey) { try instance.tokens.verify(text, audience: nil) }
    }

    @Test("after a compromise nothing that an old key signed opens anything, remembered or not", arguments: signed)
    func compromised(token: Kind) async throws {
        let bench = try await ConfusionBench()
        let text = try bench.make(token)
        #expect(bench.opens(token, text))
        try await bench.keys.rotate(compromised: true)
        #expect(!bench.opens(token, text))
    }
}

/// One instance's keys and verifiers, without a store.
private struct ConfusionBench {
    static let issuer = "https://api.example.com/buckler"
    static let audience = "notes-api"

    let time = ManualClock()
    let device = SoftwareDevice(seed: 15)
    let keys: SigningKeyRing
    let tokens: AccessTokenVerifier
    let proofs: DPoPVerifier
    private let entropy: Entropy
    private let key: MACKey
    private let session: SessionID
    private let account: AccountID
    private let salt: [UInt8]

    init(seed: UInt64 = 15) async throws {
        entropy = .seeded(seed)
        key = MACKey(SecretBytes(entropy.bytes(32)))
        session = .random(entropy)
        account = .random(entropy)
        salt = entropy.bytes(16)
        keys = try await SigningKeyRing(loading: NoStore(), clock: time.clock, entropy: entropy)
        tokens = AccessTokenVerifier(issuer: Self.issuer, audiences: [Self.audience], keys: keys, clock: time.clock)
        proofs = DPoPVerifier(
            publicURLs: ["https://api.example.com"], clock: time.clock, entropy: entropy,
            replay: ReplayMemory(cap: 100, entropy: entropy))
    }

    func make(_ token: TokenConfusionTests.Kind) throws -> String {
        switch token {
        case .accessToken: try keys.sign(claims().payload(issuer: Self.issuer, tokenID: "id"), .accessToken)
        case .identityHeader: try identityHeader()
        case .sessionEndNotice:
            try SessionEndNotices(issuer: Self.issuer, keys: keys, clock: time.clock)
                .notice(session: session, key: device.thumbprint, reason: .signedOut)
        case .noticeKeys:
            try keys.signByAll(
                ["iss": .string(Self.issuer), "iat": .integer(time.now.seconds), "keys": .array([])], .notice,
                typ: SessionEndNotices.keySetType
            ).first ?? ""
        case .proof: try device.proof("GET", "https://api.example.com/notes", nonce: proofs.freshNonce(), at: time.now)
        case .refreshToken:
            RefreshToken(session: session, generation: 1, epoch: 1, salt: salt, key: key).text.withExposedText { $0 }
        case .stepUpHandle: StepUpHandle(key: key).text(for: session).withExposedText { $0 }
        case .nonce: proofs.freshNonce()
        }
    }

    func opens(_ door: TokenConfusionTests.Kind, _ text: String) -> Bool {
        switch door {
        case .accessToken: (try? tokens.verify(text, audience: Self.audience)) != nil
        case .identityHeader: isSigned(text, by: keys.keySet([.identity]), typ: "buckler-identity+jwt")
        case .sessionEndNotice: isSigned(text, by: keys.keySet([.notice]), typ: "buckler-session-end+jwt")
        case .noticeKeys: isSigned(text, by: keys.keySet([.notice]), typ: "buckler-notice-keys+jwt")
        case .proof:
            (try? proofs.verify(proofs: [text], method: "GET", path: "/notes", accessToken: nil, as: .session)) != nil
        case .refreshToken: (try? RefreshToken(parsing: text))?.isAuthentic(salt: salt, key: key) ?? false
        case .stepUpHandle: StepUpHandle(key: key).session(SecretString(text)) != nil
        case .nonce:
            (try? device.proof("GET", "https://api.example.com/notes", nonce: text, at: time.now))
                .map { opens(.proof, $0) } ?? false
        }
    }

    func kind(of purpose: SigningPurpose) -> TokenConfusionTests.Kind {
        switch purpose {
        case .accessToken: .accessToken
        case .identity: .identityHeader
        case .notice: .sessionEndNotice
        }
    }

    /// What a reader of the published key set does: the key by its `kid`, one `typ`.
    private func isSigned(_ text: String, by set: JSONObject, typ: String) -> Bool {
        guard let jws = try? UnverifiedJWS(parsing: text), let kid = jws.kid,
            let json = set["keys"]?.array?.compactMap(\.object).first(where: { $0["kid"]?.string == kid }),
            let key = try? P256PublicJWK(parsing: json)
        else { return false }
        return (try? jws.verified(by: key, typ: typ)) != nil
    }

    private func identityHeader() throws -> String {
        let text = try keys.sign(claims().payload(issuer: Self.issuer, tokenID: "id"), .accessToken)
        let mint = IdentityHeaderMint(issuer: Self.issuer, audience: Self.audience, clock: time.clock, revision: { 0 })
        { [keys] in
            try keys.sign($0, .identity)
        }
        return try mint.header(for: tokens.verify(text, audience: Self.audience))
    }

    private func claims() throws -> AccessTokenClaims {
        let client = try #require(ClientID(parsing: "notes-ios"))
        return AccessTokenClaims(
            account: account, session: session, client: client, key: device.thumbprint, scope: ["account"],
            audience: Self.audience, level: .one, amr: ["pwd"], authenticatedAt: time.now, device: .random(entropy),
            issuedAt: time.now, expiresAt: time.now + .seconds(300), sessionDeadline: time.now + .days(1))
    }
}

/// Keeps nothing: these keys live as long as the test.
private struct NoStore: SigningKeyStore {
    func signingKeys() async throws(StoreError) -> [SigningKey] { [] }
    func replaceSigningKeys(_ keys: [SigningKey], events: [SecurityEvent]) async throws(StoreError) {}
}
