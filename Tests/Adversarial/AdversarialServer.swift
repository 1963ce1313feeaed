import BucklerAPI
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import SQLiteDriver
import SecureChannel
import ServerGateway
import Storage
import TestSupport

@testable import Authentication
@testable import Sessions

/// What attackers talk to: the protected side and the refresh side of a server, over a real database.
///
/// Requests take the way that they take behind the listener: proof, token, session; or refresh token, proof, rotation.
struct AdversarialServer {
    static let url = "https://api.example.com"
    static let issuer = "https://api.example.com/buckler"
    static let audience = "https://api.example.com/"
    static let tokenURL = "https://api.example.com/buckler/oauth/token"

    let time: ManualClock
    let database: TemporaryDatabase
    let entropy: Entropy
    let sessions: SessionService
    let proofs: DPoPVerifier
    let gateway: BoundTokenAuthenticator
    let client: ClientID

    /// Starts a server; over another one's database this is a restart.
    init(seed: UInt64 = 1, database: TemporaryDatabase? = nil, time: ManualClock = ManualClock()) async throws {
        self.time = time
        self.database = try database ?? TemporaryDatabase()
        entropy = .seeded(seed)
        guard let client = ClientID(parsing: "notes-ios") else { preconditionFailure("a valid name") }
        self.client = client
        let (clock, keys) = (time.clock, TestKeys())
        let store = SessionRepository(
            database: self.database.database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock,
            entropy: entropy)
        let signingKeys = try await SigningKeyRing(loading: store, clock: clock, entropy: entropy)
        let refreshKeys = try await RefreshKeys(loading: store, clock: clock) { keys.ring.mac(.refresh(epoch: $0)) }
        let ended = EndedSessions(clock: clock)
        sessions = SessionService(
            .init(
                store: store, issuer: Self.issuer,
                policies: SessionPolicies(presets: SessionPresets(), clients: [client: SessionClientPolicy()]),
                signingKeys: signingKeys, refreshKeys: refreshKeys, verifierKey: keys.ring.mac(.verifier), ended: ended,
                activity: RequestActivity(clients: [], clock: clock), clock: clock, entropy: entropy))
        try await sessions.loadRecentEndings()
        proofs = DPoPVerifier(
            publicURLs: [Self.url], clock: clock, entropy: entropy, replay: ReplayMemory(cap: 1000, entropy: entropy))
        gateway = BoundTokenAuthenticator(
            proofs: proofs,
            tokens: AccessTokenVerifier(
                issuer: Self.issuer, audiences: [Self.audience], keys: signingKeys, clock: clock),
            sessions: SessionGuard(ended: ended, clock: clock), notices: sessions.notices, ended: ended,
            audience: Self.audience)
    }

    /// The same data under a new process.
    func restarted(seed: UInt64 = 2) async throws -> AdversarialServer {
        try await AdversarialServer(seed: seed, database: database, time: time)
    }

    /// A finished sign-in whose flow was bound to `key`.
    func signIn(key: JWKThumbprint, account: AccountID? = nil) async throws -> IssuedTokens {
        let account = account ?? .random(entropy)
        let authentication = VerifiedAuthentication(
            account: account, methods: [.password], level: .one, authenticatedAt: time.now)
        let grant = AuthorizationGrant(
            authentication: authentication, client: client, key: key, scope: ["notes"], audience: Self.audience,
            deviceName: nil, replacedDevice: nil, steppedUpSession: nil)
        return try await sessions.start(grant, id: .random(entropy), origin: nil)
    }

    /// A request to a protected route, as the gateway answers it.
    func get(_ path: String, method: String = "GET", token: String, proof: String?) -> Answer {
        do throws(GatewayRefusal) {
            let request = try gateway.authenticate(
                authorization: ["DPoP \(token)"], proofs: proof.map { [$0] } ?? [], method: method, path: path)
            return .passed(request.session.token.account)
        } catch {
            return .refused(error.code.text, reason: error.event?.reason.text, members: error.members.names)
        }
    }

    /// A refresh, as the token endpoint answers it: token, proof, rotation.
    func refresh(_ token: String, proof: String, attempt: UInt8? = nil) async -> RefreshAnswer {
        do throws(RefreshRefusal) {
            let recognised = try await sessions.recognise(SecretString(token), client: client, origin: nil)
            let verified: VerifiedProof
            do throws(DPoPRefusal) {
                verified = try proofs.verify(
                    proofs: [proof], method: "POST", path: "/buckler/oauth/token", accessToken: nil, as: .stranger(nil))
            } catch {
                return .proofRefused(error)
            }
            let request = RefreshRequest(
                key: verified.key, userIdle: verified.userIdle,
                attempt: attempt.map { Array(repeating: $0, count: 16) }, origin: nil)
            return .tokens(try await sessions.refresh(recognised, request))
        } catch {
            return .refused(error)
        }
    }

    /// Why events were recorded, oldest first.
    func recordedReasons() async throws -> [String] {
        try await database.database.read { connection in
            try connection.query("SELECT payload FROM security_event ORDER BY seq").compactMap { row in
                try StrictJSON.parseObject(Array(row.text(0).utf8))["reason"]?.string
            }
        }
    }
}

/// What a protected route answers.
enum Answer: Equatable {
    /// The request goes on to the upstream, in this person's name.
    case passed(AccountID)
    /// The problem's code, the event's reason, further members of the problem.
    case refused(String, reason: String?, members: [String] = [])

    /// True if the request went on.
    var hasPassed: Bool { if case .passed = self { true } else { false } }
}

/// What the token endpoint answers to a refresh.
enum RefreshAnswer {
    case tokens(IssuedTokens)
    case proofRefused(DPoPRefusal)
    case refused(RefreshRefusal)

    var tokens: IssuedTokens? { if case .tokens(let tokens) = self { tokens } else { nil } }
    var refusal: RefreshRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var proofRefusal: DPoPRefusal? { if case .proofRefused(let refusal) = self { refusal } else { nil } }
}

extension IssuedTokens {
    /// The access token's text.
    var access: String { accessToken.withExposedText { $0 } }
    /// The refresh token's text; empty if there is none.
    var refresh: String { refreshToken?.withExposedText { $0 } ?? "" }
}

extension SoftwareDevice {
    /// A proof for a protected route.
    func proof(for path: String, method: String = "GET", token: String, at server: AdversarialServer) throws -> String {
        try proof(
            method, AdversarialServer.url + path, nonce: server.proofs.freshNonce(), accessToken: token,
            at: server.time.now)
    }

    /// A proof for the token endpoint.
    func refreshProof(at server: AdversarialServer) throws -> String {
        try proof("POST", AdversarialServer.tokenURL, nonce: server.proofs.freshNonce(), at: server.time.now)
    }
}
