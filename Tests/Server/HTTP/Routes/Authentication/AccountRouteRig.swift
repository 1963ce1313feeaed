import AsyncHTTPClient
import BucklerAPI
import BucklerJOSE
import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Hummingbird
import Logging
import Monitoring
import NIOCore
import NIOHTTP1
import QRCode
import SecureChannel
import ServerGateway
import Sessions
import Storage
import TestSupport
import Testing

@testable import Authentication
@testable import ServerHTTP

/// The account's routes behind the real guard, sessions and database, on a port of their own.
struct AccountRouteRig: Sendable {
    static let publicURL = "https://api.example.com"
    static let password = "vqzt-mwlk-ruby-9143"

    let port: Int
    let clock: ManualClock
    let store: AuthenticationRepository
    let sessions: SessionService
    let proofs: DPoPVerifier
    let entropy: Entropy
    let phone = SoftwareDevice(seed: 1)

    /// An answer, as far as these tests look at it.
    struct Answer: Sendable {
        let status: UInt
        let headers: [String: String]
        let body: JSONObject

        var code: String? { body["code"]?.string }
    }

    static func run(_ body: @escaping @Sendable (AccountRouteRig) async throws -> Void) async throws {
        let (clock, entropy, keys, database) = (ManualClock(), Entropy.seeded(17), TestKeys(), try TemporaryDatabase())
        let parts = try await SessionPieces(database, keys, clock.clock, entropy)
        let store = AuthenticationRepository(
            database: database.database, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: clock.clock,
            entropy: entropy)
        let name = MailHeaderText("Acme Notes")
        let service = AccountService(
            store: store, hasher: PrefixHasher(),
            policy: PasswordPolicy(serviceName: name.text, breached: NoBreachedPasswords()), serviceName: name,
            sessions: NobodyElse(), qrCodes: QRCodeDrawer(), guessing: GuessingPolicy(),
            throttleKey: keys.ring.mac(.throttle), clock: clock.clock, entropy: entropy)
        let proofs = DPoPVerifier(
            publicURLs: [publicURL], clock: clock.clock, entropy: entropy, replay: ReplayMemory(entropy: entropy))
        let guardian = parts.makeGuard(proofs, clock.clock)
        var router = AppRouter(
            .init(issuer: publicURL + "/buckler", security: .development), metrics: MetricsRecorder())
        router.add([AccountRoutes(accounts: service, guardian: guardian)])
        let responder = router.buildResponder()
        try await RouteListener.serve(responder) { port in
            try await body(
                AccountRouteRig(
                    port: port, clock: clock, store: store, sessions: parts.service, proofs: proofs, entropy: entropy))
        }
    }

    /// Makes an account and signs its owner in on the phone.
    func signIn(_ address: String = "ann@example.org", level: AuthenticationLevel = .two) async throws -> Person {
        let account = NewAccount(
            id: .random(entropy), email: try Email(parsing: address),
            passwordVerifier: PrefixHasher.verifier(Self.password),
            passwordClass: .standard)
        let now = clock.now
        try await store.write { try $0.createAccount(account, at: now) }
        return Person(account: account.id, token: try await token(account.id, level: level))
    }

    /// A further session of an account.
    func token(_ account: AccountID, level: AuthenticationLevel) async throws -> String {
        let grant = AuthorizationGrant(
            authentication: VerifiedAuthentication(
                account: account, methods: [.password], level: level, authenticatedAt: clock.now),
            client: SessionPieces.client, key: phone.thumbprint, scope: [], audience: Self.publicURL + "/",
            deviceName: nil, replacedDevice: nil, steppedUpSession: nil)
        let tokens = try await sessions.start(grant, id: .random(entropy), origin: nil)
        return tokens.accessToken.withExposedText { $0 }
    }

    struct Person: Sendable {
        let account: AccountID
        let token: String
    }

    /// One request with token and proof, as the SDK makes it.
    func call(
        _ method: String, _ path: String, token: String?, device: SoftwareDevice? = nil, json: JSONObject? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/buckler\(path)")
        request.method = .RAW(value: method)
        if let token {
            let proof = try (device ?? phone).proof(
                method, Self.publicURL + "/buckler" + path, nonce: proofs.freshNonce(), accessToken: token,
                at: clock.now)
            request.headers.add(name: "authorization", value: "DPoP \(token)")
            request.headers.add(name: "dpop", value: proof)
        }
        if let json {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: JSONValue.object(json).serialized))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        let headers = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
        return Answer(
            status: response.status.code, headers: headers,
            body: bytes.isEmpty ? [:] : try StrictJSON.parseObject(bytes))
    }
}

/// Sessions over the test's database.
private struct SessionPieces {
    let service: SessionService
    let signingKeys: SigningKeyRing
    let ended: EndedSessions

    static let client = ClientID(parsing: "notes-ios") ?? { preconditionFailure() }()
    static let issuer = AccountRouteRig.publicURL + "/buckler"

    init(_ database: TemporaryDatabase, _ keys: TestKeys, _ clock: WallClock, _ entropy: Entropy) async throws {
        let store = SessionRepository(
            database: database.database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock,
            entropy: entropy)
        signingKeys = try await SigningKeyRing(loading: store, clock: clock, entropy: entropy)
        let ring = keys.ring
        let refreshKeys = try await RefreshKeys(loading: store, clock: clock) { ring.mac(.refresh(epoch: $0)) }
        ended = EndedSessions(clock: clock)
        service = SessionService(
            .init(
                store: store, issuer: Self.issuer,
                policies: SessionPolicies(presets: SessionPresets(), clients: [Self.client: SessionClientPolicy()]),
                signingKeys: signingKeys, refreshKeys: refreshKeys, verifierKey: ring.mac(.verifier), ended: ended,
                activity: RequestActivity(clients: [], clock: clock), clock: clock, entropy: entropy))
    }

    func makeGuard(_ proofs: DPoPVerifier, _ clock: WallClock) -> ProofGuard {
        ProofGuard(
            proofs: proofs,
            tokens: AccessTokenVerifier(
                issuer: Self.issuer, audiences: [AccountRouteRig.publicURL + "/"], keys: signingKeys, clock: clock),
            sessions: SessionGuard(ended: ended, clock: clock),
            notices: SessionEndNotices(issuer: Self.issuer, keys: signingKeys, clock: clock), ended: ended,
            activity: RequestActivity(clients: [], clock: clock), report: { _ in })
    }
}

/// Verifiers are the password behind a prefix.
private struct PrefixHasher: PasswordHasher {
    static func verifier(_ text: String) -> SecretString { SecretString("$plain$" + text) }

    func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        password.withExposedText(Self.verifier)
    }

    func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        password.withExposedText(Self.verifier) == phc ? .match(needsRehash: false) : .mismatch
    }

    func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {}
}

private struct NobodyElse: SessionEnder {
    func announce(_ signOut: AccountSignOut) {}
}
