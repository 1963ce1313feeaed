import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import DataProtection
import DeviceTrust
import SQLiteDriver
import Sessions
import Storage
import TestSupport

@testable import Authentication

/// A session service over a real database, with a clock that stands until a test moves it.
struct SessionsFixture {
    let clock = ManualClock()
    let entropy: Entropy
    let database: TemporaryDatabase
    let store: SessionRepository
    let signingKeys: SigningKeyRing
    let refreshKeys: RefreshKeys
    let ended: EndedSessions
    let activity: RequestActivity
    let service: SessionService
    let verifier: AccessTokenVerifier
    let keys: TestKeys
    let phone = SoftwareDevice(seed: 1)
    let thief = SoftwareDevice(seed: 2)

    static let issuer = "https://api.example.com/buckler"
    static let audience = "https://api.example.com/"

    init(
        seed: UInt64 = 11, presets: SessionPresets = SessionPresets(), client policy: SessionClientPolicy? = nil,
        database shared: TemporaryDatabase? = nil
    ) async throws {
        entropy = .seeded(seed)
        keys = TestKeys()
        database = try shared ?? TemporaryDatabase()
        store = SessionRepository(
            database: database.database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock.clock,
            entropy: entropy)
        signingKeys = try await SigningKeyRing(loading: store, clock: clock.clock, entropy: entropy)
        let ring = keys.ring
        refreshKeys = try await RefreshKeys(loading: store, clock: clock.clock) { ring.mac(.refresh(epoch: $0)) }
        ended = EndedSessions(clock: clock.clock)
        let policies = SessionPolicies(
            presets: presets, clients: [Self.client: policy ?? SessionClientPolicy(), Self.otherClient: .init()])
        activity = RequestActivity(
            clients: policy?.activity == .requests ? [Self.client] : [], clock: clock.clock)
        service = SessionService(
            .init(
                store: store, issuer: Self.issuer, policies: policies, signingKeys: signingKeys,
                refreshKeys: refreshKeys, verifierKey: keys.ring.mac(.verifier), ended: ended, activity: activity,
                clock: clock.clock, entropy: entropy))
        verifier = AccessTokenVerifier(
            issuer: Self.issuer, audiences: [Self.audience], keys: signingKeys, clock: clock.clock)
    }

    static let client = ClientID(parsing: "notes-ios") ?? { preconditionFailure() }()
    static let otherClient = ClientID(parsing: "notes-tv") ?? { preconditionFailure() }()

    /// A grant as sign-in hands it over.
    func grant(
        _ account: AccountID, key: JWKThumbprint? = nil, level: AuthenticationLevel = .one,
        methods: [AuthenticationMethod] = [.password], client: ClientID = SessionsFixture.client,
        replaced: DeviceID? = nil, steppedUp: SessionID? = nil, deviceName: String? = nil,
        recoveredAt: Timestamp? = nil
    ) -> AuthorizationGrant {
        AuthorizationGrant(
            authentication: VerifiedAuthentication(
                account: account, methods: methods, level: level, authenticatedAt: clock.now),
            client: client, key: key ?? phone.thumbprint, scope: ["notes"], audience: Self.audience,
            deviceName: deviceName, replacedDevice: replaced, steppedUpSession: steppedUp, recoveredAt: recoveredAt)
    }

    /// Signs somebody in on the fixture's phone.
    func signIn(
        account: AccountID? = nil, key: JWKThumbprint? = nil, level: AuthenticationLevel = .one,
        client: ClientID = SessionsFixture.client
    ) async throws -> IssuedTokens {
        let account = account ?? AccountID.random(entropy)
        return try await service.start(
            grant(account, key: key, level: level, client: client), id: .random(entropy), origin: nil)
    }

    /// A refresh as the token endpoint runs it, the proof already verified.
    func refresh(
        _ token: SecretString?, attempt: UInt8? = nil, key: JWKThumbprint? = nil, userIdle: Duration? = nil,
        client: ClientID = SessionsFixture.client
    ) async throws(RefreshRefusal) -> IssuedTokens {
        let text = token ?? SecretString("")
        let recognised = try await service.recognise(text, client: client, origin: nil)
        let request = RefreshRequest(
            key: key ?? phone.thumbprint, userIdle: userIdle,
            attempt: attempt.map { Array(repeating: $0, count: 16) }, origin: nil)
        return try await service.refresh(recognised, request)
    }

    /// The row as it stands.
    func row(_ session: SessionID) async throws -> SessionRecord? {
        try await store.read { try $0.session(session) }
    }

    /// Reasons of the recorded events, in order.
    func reasons() async throws -> [String] {
        try await database.database.read { connection in
            try connection.query("SELECT payload FROM security_event ORDER BY seq").compactMap { row in
                try StrictJSON.parseObject(Array(row.text(0).utf8))["reason"]?.string
            }
        }
    }
}

extension SecretString {
    /// The text, for tests.
    var exposed: String { withExposedText { $0 } }
}

/// The refusal that `body` throws; nil if it throws none.
func refusal<Output>(_ body: () async throws(RefreshRefusal) -> Output) async -> RefreshRefusal? {
    do {
        _ = try await body()
        return nil
    } catch { return error }
}

extension RefreshRefusal {
    /// The reason of an ending, if it is one.
    var endReason: SessionEndReason? { if case .ended(let reason, _) = self { reason } else { nil } }
}
