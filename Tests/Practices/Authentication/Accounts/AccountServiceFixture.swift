import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import SQLiteDriver
import Storage
import Synchronization
import TestSupport

@testable import Authentication

/// The account service over a real database, with a hasher that costs nothing and sessions that only note their ends.
struct AccountServiceFixture {
    static let longPassword = "vqzt-mwlk-ruby-9143"
    static let shortPassword = "vqzt-mw9"

    let database: TemporaryDatabase
    let store: AuthenticationRepository
    let service: AccountService
    let clock = ManualClock()
    let sessions = NotedSessions()
    let hasher = PlainHasher()
    let entropy = Entropy.seeded(31)
    let device = SoftwareDevice(seed: 5)

    init() throws {
        database = try TemporaryDatabase()
        let keys = TestKeys()
        store = AuthenticationRepository(
            database: database.database, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: clock.clock,
            entropy: entropy)
        let name = MailHeaderText("Acme Notes")
        service = AccountService(
            store: store, hasher: hasher,
            policy: PasswordPolicy(serviceName: name.text, breached: NoBreachedPasswords()),
            serviceName: name, sessions: sessions, qrCodes: NoPictures(), guessing: GuessingPolicy(),
            throttleKey: keys.ring.mac(.throttle), clock: clock.clock, entropy: entropy)
    }

    /// Makes an account with the long password and answers its owner.
    func makeAccount(_ address: String = "ann@example.org", level: AuthenticationLevel = .two) async throws
        -> AccountActor
    {
        let account = NewAccount(
            id: .random(entropy), email: try Email(parsing: address),
            passwordVerifier: PlainHasher.verifier(of: Self.longPassword), passwordClass: .standard)
        let now = clock.now
        try await store.write { try $0.createAccount(account, at: now) }
        return actor(account.id, level: level)
    }

    /// The owner of an account in a session of `level`.
    func actor(_ account: AccountID, level: AuthenticationLevel) -> AccountActor {
        AccountActor(
            account: account, session: .random(.seeded(40)), key: device.thumbprint, level: level, origin: EventOrigin()
        )
    }

    /// Enrols an authenticator app to the end.
    @discardableResult
    func enrol(_ actor: AccountActor) async throws -> (factor: FactorID, codes: [RecoveryCode]) {
        let enrolment = try await service.beginTOTP(actor)
        let codes = try await service.confirmTOTP(actor, factor: enrolment.factor, code: code(of: enrolment))
        return (enrolment.factor, codes)
    }

    /// What the authenticator app shows now.
    func code(of enrolment: TOTPEnrolment) -> SecretString {
        SecretString(TOTPSecret(base32: enrolment.secret)?.code(at: clock.now) ?? "")
    }

    func record(_ actor: AccountActor) async throws -> AccountRecord? {
        try await store.read { try $0.account(actor.account) }
    }

    /// Subjects of all queued mails.
    func mailSubjects() async throws -> [String] {
        let now = clock.now
        return try await store.read { try $0.dueMail(at: now, limit: 100).compactMap { $0.mail?.message.subject.text } }
    }

    /// All events as `name reason`.
    func events() async throws -> [String] {
        let rows = try await database.database.read {
            try $0.query("SELECT name, payload FROM security_event ORDER BY seq")
        }
        return try rows.map { row in
            let reason = try StrictJSON.parseObject(Array(row.text(1).utf8))["reason"]?.string
            return try row.text(0) + (reason.map { " " + $0 } ?? "")
        }
    }
}

/// Verifiers are the password behind a prefix; counts what it did.
final class PlainHasher: PasswordHasher {
    private let counts = Mutex((hashes: 0, verifications: 0))
    private let isBusy = Mutex(false)

    var hashCount: Int { counts.withLock { $0.hashes } }
    var verificationCount: Int { counts.withLock { $0.verifications } }

    func beBusy() { isBusy.withLock { $0 = true } }

    static func verifier(of text: String) -> SecretString { SecretString("$plain$" + text) }

    func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        if isBusy.withLock({ $0 }) { throw .busy }
        counts.withLock { $0.hashes += 1 }
        return password.withExposedText(Self.verifier)
    }

    func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        if isBusy.withLock({ $0 }) { throw .busy }
        counts.withLock { $0.verifications += 1 }
        return password.withExposedText(Self.verifier) == phc ? .match(needsRehash: false) : .mismatch
    }

    func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {}
}

/// Notes which sessions were asked to end.
final class NotedSessions: SessionEnder {
    private let state = Mutex<[SessionID?]>([])

    var kept: [SessionID?] { state.withLock { $0 } }

    func announce(_ signOut: AccountSignOut) { state.withLock { $0.append(signOut.kept) } }
}

struct NoPictures: QRCodeRenderer {
    func render(_ text: SecretString) throws(QRCodeError) -> QRCodeImages {
        QRCodeImages(svg: SecretString("svg"), terminal: SecretString("terminal"))
    }
}
