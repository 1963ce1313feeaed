import Authentication
import BucklerJOSE
import BucklerPrimitives
import Synchronization
import TestSupport
import Testing

@testable import SecureChannel
@testable import Sessions

/// `Buckler-Identity` (PD-18).
@Suite("The identity header")
struct IdentityHeaderTests {
    /// Counts signatures; the "signature" is the payload's text.
    private final class Signer: Sendable {
        let count = Mutex(0)

        func sign(_ payload: JSONObject) -> String {
            let number = count.withLock { count in
                count += 1
                return count
            }
            return "\(number) " + JSONValue.object(payload).text
        }

        var signatures: Int { count.withLock { $0 } }
    }

    private let clock = ManualClock(Timestamp(seconds: 1_800_000_000))
    private let signer = Signer()

    private func mint(capacity: Int = 20_000) -> IdentityHeaderMint {
        let signer = signer
        return IdentityHeaderMint(
            issuer: "https://api.example.com/buckler", audience: "notes-api", clock: clock.clock, capacity: capacity,
            revision: { 1 }, sign: { signer.sign($0) })
    }

    private func token(_ seed: UInt64 = 1) throws -> VerifiedAccessToken {
        let entropy = Entropy.seeded(seed)
        let now = clock.now
        let claims = AccessTokenClaims(
            account: .random(entropy), session: .random(entropy), client: try #require(ClientID(parsing: "notes-ios")),
            key: SoftwareDevice(seed: seed).thumbprint, scope: ["notes", "files"], audience: "https://api.example.com",
            level: .two, amr: ["pwd", "otp", "mfa"], authenticatedAt: now - .seconds(90), device: .random(entropy),
            issuedAt: now, expiresAt: now + .seconds(300), sessionDeadline: now + .days(1))
        return VerifiedAccessToken(claims, tokenID: "t\(seed)", digest: entropy.bytes(32))
    }

    private func payload(_ header: String) throws -> JSONObject {
        try StrictJSON.parseObject(Array(header.drop { $0 != "{" }.utf8))
    }

    @Test("its claims are the twelve of the decision, for the upstream's audience, for 60 s")
    func claims() throws {
        let token = try token()
        let claims = try payload(mint().header(for: token))
        let expected: JSONObject = [
            "iss": "https://api.example.com/buckler", "aud": "notes-api", "iat": 1_800_000_000, "exp": 1_800_000_060,
            "sub": .string(token.account.text), "client_id": "notes-ios", "sid": .string(token.session.text),
            "acr": "urn:buckler:acr:2", "amr": ["pwd", "otp", "mfa"], "auth_time": 1_799_999_910,
            "scope": "notes files", "device": .string(token.device.text),
        ]
        #expect(claims == expected)
    }

    @Test("neither the token, its identifier, its key nor its own audience is told to the upstream")
    func discretion() throws {
        let token = try token()
        let text = try mint().header(for: token)
        for secret in [token.tokenID + "\"", token.key.text, token.audience + "\"", Base64URL.encode(token.digest)] {
            #expect(!text.contains(secret))
        }
    }

    @Test("one signature serves a token for 30 s, and not one millisecond longer")
    func memory() throws {
        let (mint, token) = (mint(), try token())
        let first = try mint.header(for: token)
        clock.advance(by: .milliseconds(29_999))
        #expect(try mint.header(for: token) == first)
        #expect(signer.signatures == 1)
        clock.advance(by: .milliseconds(1))
        let second = try mint.header(for: token)
        #expect(second != first && signer.signatures == 2)
        #expect(try payload(second)["iat"]?.integer == 1_800_000_030)
    }

    @Test("another token has another header, also for the same session")
    func perToken() throws {
        let (mint, first, second) = (mint(), try token(1), try token(2))
        #expect(try payload(mint.header(for: first))["sub"]?.string == first.account.text)
        #expect(try payload(mint.header(for: second))["sub"]?.string == second.account.text)
        #expect(try payload(mint.header(for: first))["sub"]?.string == first.account.text)
        #expect(signer.signatures == 2)
    }

    @Test("a clock that was turned back makes a new header instead of one from the future")
    func clockTurnedBack() throws {
        let (mint, token) = (mint(), try token())
        _ = try mint.header(for: token)
        clock.advance(by: .hours(-1))
        #expect(try payload(mint.header(for: token))["iat"]?.integer == 1_800_000_000 - 3600)
    }

    @Test("at most twice the capacity is remembered, and who was forgotten is signed for again")
    func capacity() throws {
        let mint = mint(capacity: 10)
        let tokens = try (0..<25).map { try token(UInt64($0)) }
        for token in tokens { _ = try mint.header(for: token) }
        #expect(signer.signatures == 25)
        _ = try mint.header(for: tokens[24])
        #expect(signer.signatures == 25, "the youngest is remembered")
        _ = try mint.header(for: tokens[0])
        #expect(signer.signatures == 26, "the oldest is not")
    }

    @Test("per request, method, path and request id are bound in and nothing is remembered")
    func perRequest() throws {
        let (mint, token) = (mint(), try token())
        let request = RequestID.random(.seeded(5))
        let claims = try payload(mint.header(for: token, method: "PUT", path: "/payments/7", request: request))
        #expect(claims["htm"]?.string == "PUT" && claims["htu"]?.string == "/payments/7")
        #expect(claims["request_id"]?.string == request.text)
        #expect(claims["exp"]?.integer == 1_800_000_060)
        _ = try mint.header(for: token, method: "PUT", path: "/payments/7", request: request)
        #expect(signer.signatures == 2)
        #expect(try payload(mint.header(for: token))["htm"] == nil)
    }

    @Test("a signer that fails makes no header")
    func failure() throws {
        struct Broken: Error {}
        let mint = IdentityHeaderMint(
            issuer: "i", audience: "a", clock: clock.clock, revision: { 1 }, sign: { _ in throw Broken() })
        let token = try token()
        #expect(throws: IdentityHeaderError.signing) { try mint.header(for: token) }
        #expect(throws: IdentityHeaderError.signing) {
            try mint.header(for: token, method: "GET", path: "/", request: .random(.seeded(1)))
        }
    }
}
