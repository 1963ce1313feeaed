import AsyncHTTPClient
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Hummingbird
import Logging
import Monitoring
import NIOCore
import NIOHTTP1
import SecureChannel
import ServerGateway
import Storage
import TestSupport
import Testing

@testable import Authentication
@testable import ServerHTTP
@testable import Sessions

/// The token endpoint and its neighbours behind the real guard, sessions and database, on a port of their own.
struct TokenRouteRig: Sendable {
    static let publicURL = "https://api.example.com"
    static let issuer = publicURL + "/buckler"
    static let audience = publicURL + "/"

    let port: Int
    let clock: ManualClock
    let sessions: SessionService
    let proofs: DPoPVerifier
    let replay: ReplayMemory
    let incidents: ReportedIncidents
    let entropy: Entropy
    let phone = SoftwareDevice(seed: 1)
    let thief = SoftwareDevice(seed: 2)

    static let client = ClientID(parsing: "notes-ios") ?? { preconditionFailure() }()
    static let foreignService = ClientID(parsing: "parcels") ?? { preconditionFailure() }()
    static let service = ClientID(parsing: "billing") ?? { preconditionFailure() }()

    /// An answer, as far as these tests look at it.
    struct Answer: Sendable {
        let status: UInt
        let headers: [String: String]
        let body: JSONObject

        var error: String? { body["error"]?.string }
        var code: String? { body["code"]?.string }
    }

    static func run(_ body: @escaping @Sendable (TokenRouteRig) async throws -> Void) async throws {
        let (clock, entropy, keys, database) = (ManualClock(), Entropy.seeded(23), TestKeys(), try TemporaryDatabase())
        let store = SessionRepository(
            database: database.database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock.clock,
            entropy: entropy)
        let signing = try await SigningKeyRing(loading: store, clock: clock.clock, entropy: entropy)
        let ring = keys.ring
        let refresh = try await RefreshKeys(loading: store, clock: clock.clock) { ring.mac(.refresh(epoch: $0)) }
        let ended = EndedSessions(clock: clock.clock)
        let sessions = SessionService(
            .init(
                store: store, issuer: issuer, policies: SessionPolicies(clients: [client: SessionClientPolicy()]),
                signingKeys: signing, refreshKeys: refresh, verifierKey: ring.mac(.verifier), ended: ended,
                activity: RequestActivity(clients: [], clock: clock.clock), clock: clock.clock, entropy: entropy))
        let (replay, incidents) = (ReplayMemory(cap: 1000, entropy: entropy), ReportedIncidents())
        let proofs = DPoPVerifier(
            publicURLs: [publicURL], clock: clock.clock, entropy: entropy, replay: replay)
        let tokens = AccessTokenVerifier(issuer: issuer, audiences: [audience], keys: signing, clock: clock.clock)
        let guardian = ProofGuard(
            proofs: proofs, tokens: tokens, sessions: SessionGuard(ended: ended, clock: clock.clock),
            notices: sessions.notices, ended: ended, activity: RequestActivity(clients: [], clock: clock.clock)
        ) { incidents.add($0) }
        var router = AppRouter(.init(issuer: issuer, security: .development), metrics: MetricsRecorder())
        let introspection = TokenIntrospection(issuer: issuer, tokens: tokens, ended: ended)
        router.add([
            TokenRoutes(
                sessions: sessions, codes: OneCode(key: SoftwareDevice(seed: 1).thumbprint, clock: clock.clock),
                proofs: guardian, entropy: entropy),
            RevocationRoutes(sessions: sessions, tokens: tokens, proofs: guardian), NonceRoutes(proofs: guardian),
            IntrospectionRoutes(
                introspection: introspection,
                clients: ServiceClients([
                    service: .init(secret: SecretString("secret"), audience: audience),
                    foreignService: .init(secret: SecretString("secret"), audience: "https://other.example.com"),
                ])),
            SessionRoutes(sessions: sessions, proofs: guardian),
            MetadataRoutes(issuer: issuer, resource: audience, scopes: ["notes"], keys: signing),
        ])
        try await RouteListener.serve(router.buildResponder()) { port in
            try await body(
                TokenRouteRig(
                    port: port, clock: clock, sessions: sessions, proofs: proofs, replay: replay, incidents: incidents,
                    entropy: entropy))
        }
    }

    /// One request; with `device` it carries a proof for `path`.
    func call(
        _ method: String, _ path: String, form: [(name: String, value: String)]? = nil, device: SoftwareDevice? = nil,
        token: String? = nil, headers: [(String, String)] = [], nonce: String? = nil, claims: JSONObject = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .RAW(value: method)
        if let device {
            let proof = try device.proof(
                method, Self.publicURL + path, nonce: nonce ?? proofs.freshNonce(), accessToken: token, at: clock.now,
                claims: claims)
            request.headers.add(name: "dpop", value: proof)
        }
        if let token { request.headers.add(name: "authorization", value: "DPoP \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let form {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: FormURLEncoded.encode(form)))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let bytes = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        let fields = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
        return Answer(
            status: response.status.code, headers: fields,
            body: bytes.isEmpty ? [:] : try StrictJSON.parseObject(bytes))
    }

    /// Exchanges the rig's code.
    func exchange(code: String = "good", device: SoftwareDevice? = nil) async throws -> Answer {
        try await call(
            "POST", "/buckler/oauth/token",
            form: [
                ("grant_type", "authorization_code"), ("code", code), ("client_id", "notes-ios"),
                ("code_verifier", String(repeating: "v", count: 43)),
            ], device: device ?? phone)
    }

    /// Refreshes.
    func refresh(
        _ token: String, attempt: UInt8? = 1, device: SoftwareDevice? = nil, headers: [(String, String)] = []
    ) async throws -> Answer {
        let key = attempt.map { "\"\(Base64URL.encode([UInt8](repeating: $0, count: 16)))\"" }
        return try await call(
            "POST", "/buckler/oauth/token",
            form: [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "notes-ios")],
            device: device ?? phone, headers: headers + (key.map { [("idempotency-key", $0)] } ?? []))
    }
}

/// One good code; a spent one names the session that it began.
private struct OneCode: CodeRedeemer {
    let key: JWKThumbprint
    let clock: WallClock
    private let state = ManagedState()

    init(key: JWKThumbprint, clock: WallClock) {
        self.key = key
        self.clock = clock
    }

    func redeem(
        code: String, client: ClientID, key presented: JWKThumbprint, verifier: String, session: SessionID,
        source: SourceAddress, origin: EventOrigin
    ) async throws(CodeError) -> AuthorizationGrant {
        if code == "flood" { throw .throttled(retryAfter: .minutes(1)) }
        guard code.hasPrefix("good"), presented == key, client == TokenRouteRig.client else { throw .refused }
        if let started = state.spend(code, session) { throw .reused(startedSession: started) }
        guard let account = AccountID(bytes: [UInt8](repeating: 7, count: 16)) else { throw .unavailable }
        return AuthorizationGrant(
            authentication: VerifiedAuthentication(
                account: account, methods: [.password], level: .one, authenticatedAt: clock.now),
            client: client, key: presented, scope: ["notes"], audience: TokenRouteRig.audience, deviceName: nil,
            replacedDevice: nil, steppedUpSession: nil)
    }
}
