import Authentication
import BucklerJOSE
import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import DataProtection
import SQLiteDriver
import Sessions
import Storage
import Synchronization
import TestSupport

/// Somebody with an account, and everything that they can present.
struct Person: Sendable {
    let name: String
    let email: Email
    let password: SecretString
    let totp: TOTPSecret
    let recoveryCodes: [RecoveryCode]
    /// The device that signed in before.
    let device: Requester
    /// A device that nobody has seen.
    let newDevice: Requester
    var account = AccountID.random(.seeded(0))
    /// A running session's refresh token.
    var refreshToken = SecretString("")
    /// A sign-in that waits for the second factor.
    var flow = ""
    /// A reset that waits for the code in the mail.
    var reset = ""
    /// An authorization code that nobody has redeemed.
    var code = ""
    /// A sign-in at somebody else's address, on the own device; it waits for the password.
    var foreignFlow = ""
    /// A reset of somebody else's password, on the own new device.
    var foreignReset = ""

    init(_ name: String, seed: UInt64, network: UInt8) throws {
        let entropy = Entropy.seeded(seed)
        self.name = name
        email = try Email(parsing: "\(name)@example.org")
        password = SecretString("the password of \(name) is long")
        totp = TOTPSecret(random: entropy)
        recoveryCodes = RecoveryCode.makeSet(entropy)
        device = try Self.requester(entropy, network)
        newDevice = try Self.requester(entropy, network)
    }

    private static func requester(_ entropy: Entropy, _ network: UInt8) throws -> Requester {
        guard let key = JWKThumbprint(bytes: entropy.bytes(32)), let source = SourceAddress(bytes: [10, 0, 0, network])
        else { throw StoreError.inconsistent }
        return Requester(client: TwoPeople.client, key: key, source: source, origin: EventOrigin())
    }
}

/// A server's services over a data folder, without listeners.
struct Instance: Sendable {
    let clock: ManualClock
    let database: SQLiteDatabase
    let keys: InstanceKeys
    let store: AuthenticationRepository
    let signIn: SignInService
    let sessions: SessionService
    let tokens: AccessTokenVerifier
    let events: EventRepository
    let mailboxes = Mailboxes()
    let entropy: Entropy

    /// Opens a data folder with the keys beside it.
    init(folder: String, keysFolder: String, clock: ManualClock, seed: UInt64) async throws {
        self.clock = clock
        entropy = .seeded(seed)
        database = try SQLiteDatabase(folder: folder, clock: clock.clock)
        do {
            let loader = InstanceKeysLoader(
                files: SystemKeyFiles(), store: InstanceRepository(database: database), clock: clock.clock,
                entropy: entropy)
            keys = try await loader.load(keysFolder: keysFolder, dataFolder: folder)
            let sessionStore = SessionRepository(
                database: database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock.clock,
                entropy: entropy)
            let signingKeys = try await SigningKeyRing(loading: sessionStore, clock: clock.clock, entropy: entropy)
            let ring = keys.ring
            let refreshKeys = try await RefreshKeys(loading: sessionStore, clock: clock.clock) {
                ring.mac(.refresh(epoch: $0))
            }
            sessions = SessionService(
                .init(
                    store: sessionStore, issuer: "https://api.example.org/buckler",
                    policies: SessionPolicies(
                        presets: SessionPresets(), clients: [TwoPeople.client: SessionClientPolicy()]),
                    signingKeys: signingKeys, refreshKeys: refreshKeys, verifierKey: ring.mac(.verifier),
                    ended: EndedSessions(clock: clock.clock),
                    activity: RequestActivity(clients: [], clock: clock.clock), clock: clock.clock, entropy: entropy))
            try await sessions.loadRecentEndings()
            tokens = AccessTokenVerifier(
                issuer: "https://api.example.org/buckler", audiences: [TwoPeople.audience], keys: signingKeys,
                clock: clock.clock)
        } catch {
            await database.close()
            throw error
        }
        events = EventRepository(database: database)
        store = AuthenticationRepository(
            database: database, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: clock.clock, entropy: entropy)
        guard
            let client = SignInClient(id: TwoPeople.client, scopes: ["notes"], audiences: [TwoPeople.audience])
        else { throw StoreError.inconsistent }
        signIn = SignInService(
            store: store, hasher: QuickHasher(),
            passwords: PasswordPolicy(serviceName: "Notes", breached: NoBreachedPasswords()),
            sessions: sessions, mails: MailTemplates(serviceName: MailHeaderText("Notes")),
            clients: SignInClients([client]), verifier: keys.ring.mac(.verifier), throttle: keys.ring.mac(.throttle),
            clock: clock.clock, entropy: entropy)
    }
}

/// Two accounts in one database: Alice's, and Mallory's, who can write the file.
final class TwoPeople: Sendable {
    static let client = ClientID(parsing: "notes-ios") ?? { preconditionFailure() }()
    static let audience = "https://api.example.org/"
    static let verifier = String(repeating: "v", count: 43)
    static let start = Timestamp(seconds: 1_800_000_000)

    let folder: TemporaryFolder
    let alice: Person
    let mallory: Person

    var data: String { folder.path + "/data" }
    var keys: String { folder.path + "/keys" }

    /// Builds the database with everything that two people leave in it, and closes it.
    ///
    /// With `replacesRoot` the root key was replaced a moment ago, and no row was moved yet.
    init(seed: UInt64 = 1, replacesRoot: Bool = false) async throws {
        folder = try TemporaryFolder()
        let instance = try await Instance(
            folder: folder.path + "/data", keysFolder: folder.path + "/keys", clock: ManualClock(Self.start), seed: seed
        )
        alice = try await instance.settle(try Person("alice", seed: 100, network: 1))
        var mallory = try await instance.settle(try Person("mallory", seed: 200, network: 2))
        let foreign = SignInOpening(email: alice.email, grant: Instance.grant)
        guard case .next(let flow) = try await instance.signIn.begin(foreign, by: mallory.device),
            case .next(let reset) = try await instance.signIn.reset(foreign, by: mallory.newDevice)
        else { throw StoreError.inconsistent }
        mallory.foreignFlow = flow.handle
        mallory.foreignReset = reset.handle
        self.mallory = mallory
        if replacesRoot { try await instance.replaceRoot(keysFolder: folder.path + "/keys") }
        await instance.database.close()
    }
}

extension Instance {
    static var grant: RequestedGrant {
        RequestedGrant(
            codeChallenge: Base64URL.encode(Array(SHA256.hash(data: Array(TwoPeople.verifier.utf8)))),
            codeChallengeMethod: "S256")
    }

    /// Makes the account with all factors, a session, a waiting sign-in, a waiting reset and an unspent code.
    func settle(_ person: Person) async throws -> Person {
        var person = person
        person.account = .random(entropy)
        try await createRows(of: person)
        let opening = SignInOpening(email: person.email, grant: Self.grant, deviceName: "\(person.name)'s phone")
        person.refreshToken = try await startSession(person, opening)
        clock.advance(by: .seconds(60))
        person.code = try await finishSignIn(person, opening) ?? ""
        guard case .next(let challenge) = try await signIn.begin(opening, password: person.password, by: person.device),
            case .next(let reset) = try await signIn.reset(opening, by: person.newDevice)
        else { throw StoreError.inconsistent }
        person.flow = challenge.handle
        person.reset = reset.handle
        return person
    }

    private func createRows(of person: Person) async throws {
        let hasher = QuickHasher()
        let verifier = try await hasher.hash(person.password)
        var codes: [SecretString] = []
        for code in person.recoveryCodes { codes.append(try await hasher.hash(code.secret)) }
        let factor = FactorID.random(entropy)
        let now = clock.now
        try await store.write { [person, codes] transaction in
            try transaction.createAccount(
                NewAccount(
                    id: person.account, email: person.email, passwordVerifier: verifier, passwordClass: .standard),
                at: now)
            try transaction.rememberDevice(person.device.key, of: person.account, at: now)
            try transaction.addPendingFactor(
                PendingFactor(id: factor, kind: .totp, secret: person.totp.bytes, createdAt: now), to: person.account)
            _ = try transaction.confirmFactor(factor, of: person.account, step: 1, at: now)
            try transaction.replaceRecoveryCodes(of: person.account, with: codes, at: now)
        }
    }

    private func startSession(_ person: Person, _ opening: SignInOpening) async throws -> SecretString {
        guard let code = try await finishSignIn(person, opening) else { throw StoreError.inconsistent }
        let id = SessionID.random(entropy)
        let grant = try await signIn.redeem(
            code: code, client: TwoPeople.client, key: person.device.key, verifier: TwoPeople.verifier, session: id,
            source: .loopback, origin: EventOrigin())
        guard let token = try await sessions.start(grant, id: id, origin: nil).refreshToken else {
            throw StoreError.inconsistent
        }
        return token
    }

    private func finishSignIn(_ person: Person, _ opening: SignInOpening) async throws -> String? {
        guard case .next(let challenge) = try await signIn.begin(opening, password: person.password, by: person.device)
        else { return nil }
        let answer = FlowAnswer.oneTimePassword(SecretString(person.totp.code(at: clock.now)))
        guard
            case .code(let code) = try await signIn.proceed(
                FlowContinuation(handle: challenge.handle, answers: [answer]), by: person.device)
        else { return nil }
        return code
    }
}

/// Where mail arrives, each in its recipient's box.
final class Mailboxes: MailTransport {
    private let delivered = Mutex<[MailMessage]>([])

    func deliver(_ mail: OutgoingMail) async throws(MailError) { delivered.withLock { $0.append(mail.message) } }

    /// All codes in one person's box, oldest first.
    func codes(of recipient: Email) -> [String] {
        delivered.withLock { $0 }.filter { $0.recipient == recipient }.flatMap { message in
            message.text.withExposedText { text in
                text.matches(of: /(?m)^\s*(\d{6}|[0-9A-Z]{4}-[0-9A-Z]{4})\s*$/).map { String($0.1) }
            }
        }
    }
}

/// Hashes in microseconds: the attacks here are not guesses.
struct QuickHasher: PasswordHasher {
    func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        SecretString("$argon2id$quick$" + password.withExposedBytes { Hex.encode(SHA256.hash(data: $0)) })
    }

    func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        try await hash(password, lane: lane) == phc ? .match(needsRehash: false) : .mismatch
    }

    func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {}
}
