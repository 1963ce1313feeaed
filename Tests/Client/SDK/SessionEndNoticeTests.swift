import BucklerJOSE
import BucklerPrimitives
import Crypto
import TestSupport
import Testing

@testable import Buckler

@Suite("Session-end notices")
struct SessionEndNoticeTests {
    static let noticeKey = P256.Signing.PrivateKey()
    static let deviceKey = P256PublicJWK(P256.Signing.PrivateKey().publicKey).thumbprint
    static let session = "ses_AAAAAAAAAAAAAAAAAAAAAA"

    static func record() throws -> SessionRecord {
        let body: JSONObject = [
            "session": [
                "id": .string(session), "account": "acc_1", "device_id": "dev_1", "created_at": 1_767_225_600,
                "absolute_deadline": 1_769_817_600, "lock_after": 900,
            ],
            "notice_keys": ["keys": [.object(P256PublicJWK(noticeKey.publicKey).json)]],
        ]
        return try #require(
            SessionRecord(
                tokenResponse: body, issuer: "https://api.example.com/buckler", thumbprint: deviceKey,
                anchor: SleepProofClock.Reading(boot: "b", ticks: .zero), wall: Timestamp(seconds: 1_767_225_600)))
    }

    static var claims: JSONObject {
        [
            "iss": "https://api.example.com/buckler", "sid": .string(session), "jkt": .string(deviceKey.text),
            "iat": 1_767_225_700, "reason": "ended_by_person", "wipe": true,
        ]
    }

    static func sign(
        _ claims: JSONObject, typ: String = "buckler-session-end+jwt", key: P256.Signing.PrivateKey = noticeKey
    ) throws -> String {
        try JWSSigner.sign(payload: claims, typ: typ, kid: nil, with: SoftwareES256Signer(key))
    }

    private func refusal(_ text: String) throws -> SessionEndNoticeError? {
        let record = try Self.record()
        do {
            _ = try VerifiedSessionEndNotice(verifying: text, for: record, keys: record.noticeKeys)
            return nil
        } catch {
            return error
        }
    }

    @Test("the server's notice about this session and key is accepted")
    func accepted() throws {
        let record = try Self.record()
        let notice = try VerifiedSessionEndNotice(
            verifying: Self.sign(Self.claims), for: record, keys: record.noticeKeys)
        #expect(notice.reason == "ended_by_person")
        #expect(notice.wipe)
    }

    @Test("a notice signed by another key is forged")
    func forged() throws {
        #expect(try refusal(Self.sign(Self.claims, key: P256.Signing.PrivateKey())) == .signature)
    }

    @Test("another kind of token is no notice", arguments: ["at+jwt", "buckler-identity+jwt", "JWT", ""])
    func otherType(typ: String) throws {
        #expect(try refusal(Self.sign(Self.claims, typ: typ)) == .signature)
    }

    @Test("a notice about a session of the past, replayed for the new one, is ignored")
    func replayed() throws {
        var claims = Self.claims
        claims["sid"] = "ses_BBBBBBBBBBBBBBBBBBBBBA"
        #expect(try refusal(Self.sign(claims)) == .session)
    }

    @Test("a notice for another device key is ignored")
    func foreignKey() throws {
        var claims = Self.claims
        claims["jkt"] = .string(P256PublicJWK(P256.Signing.PrivateKey().publicKey).thumbprint.text)
        #expect(try refusal(Self.sign(claims)) == .key)
    }

    @Test("a notice of another issuer is ignored")
    func foreignIssuer() throws {
        var claims = Self.claims
        claims["iss"] = "https://evil.example.com/buckler"
        #expect(try refusal(Self.sign(claims)) == .issuer)
    }

    @Test("every claim must be there with its type", arguments: ["iss", "sid", "jkt", "iat", "reason", "wipe"])
    func missing(name: String) throws {
        var claims = Self.claims
        claims[name] = nil
        #expect(try refusal(Self.sign(claims)) != nil)
        claims[name] = .array([])
        #expect(try refusal(Self.sign(claims)) != nil)
    }

    @Test("garbage, truncation, alg none and flipped bits are ignored")
    func malformed() throws {
        let good = try Self.sign(Self.claims)
        let parts = good.split(separator: ".").map(String.init)
        let none = Base64URL.encode(Array(#"{"typ":"buckler-session-end+jwt","alg":"none"}"#.utf8))
        for text in [
            "", ".", "..", String(good.dropLast()), parts[0] + "." + parts[1] + ".", none + "." + parts[1] + ".",
        ] {
            #expect(try refusal(text) != nil)
        }
        let other = try Self.sign(["iss": "x"]).split(separator: ".").map(String.init)
        #expect(try refusal([parts[0], other[1], parts[2]].joined(separator: ".")) == .signature)
    }

    /// I9: no order to wipe is obeyed without a signature.
    @Test("10,000 damaged notices, and as many put together from parts of genuine ones, are ignored")
    func property() throws {
        let entropy = Entropy.seeded(515)
        let record = try Self.record()
        var foreign = Self.claims
        foreign["sid"] = "ses_BBBBBBBBBBBBBBBBBBBBBA"
        var harmless = Self.claims
        harmless["wipe"] = false
        let own = try Self.sign(Self.claims)
        // Genuine, and none an order to wipe this session: another session's, one without a wipe, another kind.
        let genuine = try [
            Self.sign(foreign), Self.sign(harmless), Self.sign(Self.claims, typ: "at+jwt"),
        ].map { $0.split(separator: ".").map(String.init) }
        func isObeyed(_ text: String) -> Bool {
            (try? VerifiedSessionEndNotice(verifying: text, for: record, keys: record.noticeKeys))?.wipe == true
        }
        #expect(isObeyed(own))
        for _ in 0..<10_000 {
            let damaged = String(decoding: Mutation.damage(Array(own.utf8), with: entropy), as: UTF8.self)
            #expect(damaged == own || !isObeyed(damaged))
            let parts = (0..<3).map { genuine[Int(entropy.integer(below: 3))][$0] }
            #expect(!isObeyed(parts.joined(separator: ".")))
        }
    }
}
