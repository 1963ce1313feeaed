import BucklerJOSE
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Crypto
import Testing

@testable import Buckler

/// Which keys may order to wipe, after the sign-in.
@Suite("Notice keys")
struct NoticeKeyTests {
    let phone = Phone()
    let draft = VaultItem("draft", purpose: "unsent note")
    let vault = TokenVault(store: MemorySecretStore(), entropy: .seeded(5))
    let first = P256.Signing.PrivateKey()
    let second = P256.Signing.PrivateKey()
    let stranger = P256.Signing.PrivateKey()

    private func jwk(_ key: P256.Signing.PrivateKey) -> P256PublicJWK { P256PublicJWK(key.publicKey) }

    private func set(
        _ keys: [P256.Signing.PrivateKey], by signer: P256.Signing.PrivateKey, at second: Int64 = 1_767_225_700,
        issuer: String = "https://api.example.com/buckler", typ: String = "buckler-notice-keys+jwt"
    ) throws -> String {
        try JWSSigner.sign(
            payload: [
                "iss": .string(issuer), "iat": .integer(second), "keys": .array(keys.map { .object(jwk($0).json) }),
            ], typ: typ, kid: nil, with: SoftwareES256Signer(signer))
    }

    /// A session whose sign-in brought the first key.
    private func current() throws -> TokenVault.Current {
        let body: JSONObject = [
            "session": [
                "id": "ses_AAAAAAAAAAAAAAAAAAAAAA", "account": "acc_1", "device_id": "dev_1",
                "created_at": 1_767_225_600, "absolute_deadline": 1_769_817_600,
            ],
            "notice_keys": ["keys": [.object(jwk(first).json)]], "token_type": "DPoP", "access_token": "a",
            "refresh_token": "r", "expires_in": 300,
        ]
        let reading = SleepProofClock.Reading(boot: "b", ticks: .zero)
        let record = try #require(
            SessionRecord(
                tokenResponse: body, issuer: "https://api.example.com/buckler", thumbprint: jwk(stranger).thumbprint,
                anchor: reading, wall: Timestamp(seconds: 1_767_225_600)))
        let token = try #require(TokenRecord(tokenResponse: body, obtained: reading))
        return TokenVault.Current(epoch: 1, generation: 0, record: record, token: token)
    }

    private func keys(_ current: TokenVault.Current) throws -> [P256PublicJWK] {
        try vault.noticeKeys(current.epoch, current.record)
    }

    @Test("a set signed by a key that the session has takes its place, among sets signed by others")
    func accepted() throws {
        let current = try current()
        try vault.noteKeys([set([second], by: stranger), set([first, second], by: first)], current)
        #expect(try keys(current) == [jwk(first), jwk(second)])
        try vault.noteKeys([set([second], by: second, at: 1_767_225_800)], current)
        #expect(try keys(current) == [jwk(second)])
    }

    @Test("unsigned sets, a stranger's, another issuer's and other kinds of token change nothing")
    func refused() throws {
        let current = try current()
        let forged = try [
            set([stranger], by: stranger), set([stranger], by: first, issuer: "https://evil.example.com/buckler"),
            set([stranger], by: first, typ: "buckler-session-end+jwt"), set([], by: first), "", "..",
            JSONValue.object(["keys": .array([.object(jwk(stranger).json)])]).text,
        ]
        for text in forged { try vault.noteKeys([text], current) }
        try vault.noteKeys(forged, current)
        #expect(try keys(current) == [jwk(first)])
    }

    @Test("a late older answer does not put its set over a newer one, and none from before the sign-in counts")
    func order() throws {
        let current = try current()
        try vault.noteKeys([set([first, stranger], by: first, at: 1_767_225_599)], current)
        #expect(try keys(current) == [jwk(first)])
        try vault.noteKeys([set([first, second], by: first, at: 1_767_225_900)], current)
        try vault.noteKeys([set([first, stranger], by: first, at: 1_767_225_800)], current)
        #expect(try keys(current) == [jwk(first), jwk(second)])
    }

    @Test("after a rotation, the next refresh lets the app obey the new key")
    func rotation() async throws {
        let (client, session) = try await phone.signedIn()
        try await session.vault.save(SecretBytes([1]), as: draft)
        for _ in 0..<3 {
            phone.fake.rotateNoticeKeys()
            phone.fake.time.advance(by: .seconds(400))
            await client.noteActivity()
            try await client.refreshIfNeeded()
        }
        phone.fake.endSessions()
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(try !phone.device.secrets.names().contains { $0.hasPrefix("item.") })
    }

    @Test("when all older keys are gone, the new key's orders are refusals without a notice until the next sign-in")
    func compromise() async throws {
        let (client, session) = try await phone.signedIn()
        try await session.vault.save(SecretBytes([1]), as: draft)
        phone.fake.rotateNoticeKeys(compromised: true)
        phone.fake.time.advance(by: .seconds(400))
        try await client.refreshIfNeeded()
        phone.fake.endSessions()
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(await client.check() == .signedOut(.refused))
        let again = try await phone.signIn(client)
        #expect(try await again.vault.read(draft) == SecretBytes([1]))
        phone.fake.endSessions()
        #expect(await code { _ = try await again.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(try !phone.device.secrets.names().contains { $0.hasPrefix("item.") })
    }

    @Test("whoever adds a key to a refresh answer on its way cannot wipe with it")
    func interceptor() async throws {
        let interceptor = Interceptor(base: phone.fake.environment(on: phone.device).transport, key: stranger)
        var environment = phone.fake.environment(on: phone.device)
        environment.transport = interceptor
        let client = try BucklerClient(
            server: phone.fake.server, clientID: phone.fake.clientID, environment: environment)
        let session = try await phone.signIn(client)
        try await session.vault.save(SecretBytes([1]), as: draft)
        phone.fake.time.advance(by: .seconds(400))
        try await client.refreshIfNeeded()
        let record = try #require(await client.core.live?.current.record)
        let notice = try JWSSigner.sign(
            payload: [
                "iss": .string(record.issuer), "sid": .string(record.session), "jkt": .string(record.thumbprint),
                "iat": 1_767_226_000, "reason": "operator", "wipe": true,
            ], typ: "buckler-session-end+jwt", kid: nil, with: SoftwareES256Signer(stranger))
        phone.fake.respond("GET", "/private") { _ in .json(#"{"session_end":"\#(notice)"}"#, status: 401) }
        _ = await code { _ = try await session.api.get("/private", as: [String].self) }
        #expect(await client.check() == .signedIn(session))
        #expect(try await session.vault.read(draft) == SecretBytes([1]))
    }
}

/// Adds a key of its own to every answer of the token endpoint after the first one.
private struct Interceptor: HTTPTransport {
    let base: any HTTPTransport
    let key: P256.Signing.PrivateKey

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let response = try await base.send(request)
        guard request.url.hasSuffix("/oauth/token") else { return response }
        let bytes = try await response.collect(maximumByteCount: 65_536)
        guard var body = try? StrictJSON.parseObject(bytes), body["session"] == nil else {
            return TransportResponse(status: response.status, headers: response.headers, bytes: bytes)
        }
        let keys: JSONObject = ["keys": [.object(P256PublicJWK(key.publicKey).json)]]
        body["notice_keys"] = .object(keys)
        return TransportResponse(
            status: response.status, headers: response.headers, bytes: JSONValue.object(body).serialized)
    }
}
