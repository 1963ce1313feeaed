import BucklerJOSE
import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import DataProtection
import Foundation
import Storage
import Synchronization
import TestSupport

@testable import Authentication

/// A sign-in service over a real database, with a clock moved by hand, quick hashes and a record of every statement.
final class SignInFixture: Sendable {
    let clock = ManualClock(Timestamp(seconds: 1_800_000_000))
    let statements = StatementLog()
    let hasher = QuickHasher()
    let sessions = EndedAccounts()
    let repository: any AuthenticationStore
    let service: SignInService
    let client: ClientID
    let folder: TemporaryDatabase
    private let throttle: MACKey

    /// The database behind the repository's back.
    var database: any SQLDatabase { folder.database }

    private let entropy = Entropy.seeded(42)

    init() throws {
        folder = try TemporaryDatabase()
        guard let instance = InstanceID(bytes: [UInt8](repeating: 3, count: 16)),
            let client = ClientID(parsing: "notes-ios"),
            let kek = KeyEncryptionKeys([.first: SecretBytes([UInt8](repeating: 5, count: 32))]),
            let signInClient = SignInClient(
                id: client, scopes: ["notes.read", "notes.write"],
                audiences: ["https://api.example.com", "https://files.example.com"])
        else { throw StoreError.inconsistent }
        self.client = client
        let ring = KeyRing(root: SecretBytes([UInt8](repeating: 1, count: 32)), instance: instance)
        throttle = ring.mac(.throttle)
        repository = AuthenticationRepository(
            database: CountingDatabase(folder.database, statements), keyRing: ring,
            dataKeys: AccountDataKeys(kek, entropy: entropy), clock: clock.clock, entropy: entropy)
        service = SignInService(
            store: repository, hasher: hasher,
            passwords: PasswordPolicy(serviceName: "Notes", breached: NoBreachedPasswords()), sessions: sessions,
            mails: MailTemplates(serviceName: MailHeaderText("Notes")), clients: SignInClients([signInClient]),
            verifier: ring.mac(.verifier), throttle: ring.mac(.throttle), clock: clock.clock, entropy: entropy)
    }

    static let password = SecretString("windmill over harbour")
    static let wrong = SecretString("harbour over windmill")
    static let verifier = String(repeating: "v", count: 43)

    static var grant: RequestedGrant {
        RequestedGrant(
            codeChallenge: Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8)))), codeChallengeMethod: "S256"
        )
    }

    func email(_ name: String) throws -> Email { try Email(parsing: "\(name)@example.com") }

    /// A requester with a key and a network of its own per number.
    func requester(device: Int, network: Int? = nil, client: ClientID? = nil) throws -> Requester {
        let number = network ?? device
        let key = Array(SHA256.hash(data: Array("device \(device)".utf8)))
        let bytes = [UInt8](unsafeUninitializedCapacity: 4) { buffer, count in
            for index in 0..<4 { buffer[index] = UInt8((number >> (8 * (3 - index))) & 255) }
            count = 4
        }
        guard let thumbprint = JWKThumbprint(bytes: key), let source = SourceAddress(bytes: bytes) else {
            throw StoreError.inconsistent
        }
        return Requester(client: client ?? self.client, key: thumbprint, source: source, origin: EventOrigin())
    }

    func opening(_ name: String, grant: RequestedGrant = SignInFixture.grant) throws -> SignInOpening {
        SignInOpening(email: try email(name), grant: grant, deviceName: "A phone")
    }

    /// Makes an account whose first device is `device`.
    @discardableResult
    func account(
        _ name: String, device: Int? = nil, totp: TOTPSecret? = nil, recoveryCodes: [RecoveryCode] = []
    ) async throws -> AccountID {
        let id = AccountID.random(entropy)
        let email = try email(name)
        let verifier = try await hasher.hash(Self.password)
        var codeVerifiers: [SecretString] = []
        for code in recoveryCodes { codeVerifiers.append(try await hasher.hash(code.secret)) }
        let now = clock.now
        let key = try device.map { try requester(device: $0).key }
        let factor = FactorID.random(entropy)
        try await repository.write { [codeVerifiers] transaction in
            try transaction.createAccount(
                NewAccount(id: id, email: email, passwordVerifier: verifier, passwordClass: .standard), at: now)
            if let key { try transaction.rememberDevice(key, of: id, at: now) }
            if let totp {
                let pending = PendingFactor(id: factor, kind: .totp, secret: totp.bytes, createdAt: now)
                try transaction.addPendingFactor(pending, to: id)
                _ = try transaction.confirmFactor(factor, of: id, step: 1, at: now)
            }
            if !codeVerifiers.isEmpty {
                try transaction.replaceRecoveryCodes(of: id, with: codeVerifiers, at: now)
            }
        }
        hasher.reset()
        return id
    }

    /// Every mail that waits, oldest first.
    func mails() async throws -> [MailMessage] {
        let later = clock.now + .days(1)
        let queued = try await repository.read { try $0.dueMail(at: later, limit: 10_000) }
        let order: [MailID] = try await database.read { connection in
            try connection.query("SELECT id FROM mail_outbox ORDER BY turn").map { try $0.identifier(0) }
        }
        return order.compactMap { id in queued.first { $0.id == id }?.mail?.message }
    }

    /// The code in the newest mail to this address.
    func mailedCode(_ name: String) async throws -> SecretString? {
        let recipient = try email(name)
        guard let mail = try await mails().last(where: { $0.recipient == recipient }) else { return nil }
        let text = mail.text.withExposedText { $0 }
        return text.firstMatch(of: /(?m)^\s*(\d{6}|[0-9A-Z]{4}-[0-9A-Z]{4})\s*$/).map { SecretString(String($0.1)) }
    }

    /// The reasons of all events, in order.
    func reasons() async throws -> [String] {
        let rows = try await database.read { try $0.query("SELECT payload FROM security_event ORDER BY seq") }
        return try rows.compactMap { try StrictJSON.parseObject(Array($0.text(0).utf8))["reason"]?.string }
    }

    /// The subjects of the mails to this address, oldest first.
    func subjects(_ name: String) async throws -> [String] {
        let recipient = try email(name)
        return try await mails().filter { $0.recipient == recipient }.map(\.subject.text)
    }

    /// What the person of a live session may do, over the same rows.
    func accounts() -> AccountService {
        AccountService(
            store: repository, hasher: hasher,
            policy: PasswordPolicy(serviceName: "Notes", breached: NoBreachedPasswords()),
            serviceName: MailHeaderText("Notes"), sessions: sessions, qrCodes: NoPictures(),
            guessing: GuessingPolicy(), throttleKey: throttle, clock: clock.clock, entropy: entropy)
    }

    func redeem(
        _ code: String, by requester: Requester, verifier: String = SignInFixture.verifier, session: UInt8 = 9
    ) async throws -> AuthorizationGrant {
        guard let id = SessionID(bytes: [UInt8](repeating: session, count: 16)) else { throw StoreError.inconsistent }
        return try await service.redeem(
            code: code, client: requester.client, key: requester.key, verifier: verifier, session: id,
            source: requester.source, origin: requester.origin)
    }
}

extension ChallengeOutcome {
    var challenge: Challenge? { if case .next(let challenge) = self { challenge } else { nil } }
    var code: String? { if case .code(let code) = self { code } else { nil } }
    var handle: String { challenge?.handle ?? "" }
}

/// Hashes in microseconds and counts what it was asked.
final class QuickHasher: PasswordHasher {
    struct Counts: Sendable, Equatable {
        var hashes = 0
        var comparisons = 0
        var knownDeviceTurns = 0
    }

    private let counts = Mutex(Counts())
    private let isBusy = Mutex(false)

    var counted: Counts { counts.withLock { $0 } }
    func reset() { counts.withLock { $0 = Counts() } }
    func setBusy(_ busy: Bool) { isBusy.withLock { $0 = busy } }

    func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        try requireIdle()
        counts.withLock { $0.hashes += 1 }
        return Self.verifier(password)
    }

    func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        try await verifyDummy(password, lane: lane)
        return Self.verifier(password) == phc ? .match(needsRehash: false) : .mismatch
    }

    func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {
        try requireIdle()
        counts.withLock { $0.comparisons += 1 }
        if case .knownDevice = lane { counts.withLock { $0.knownDeviceTurns += 1 } }
    }

    private func requireIdle() throws(HasherError) {
        if isBusy.withLock({ $0 }) { throw .busy }
    }

    private static func verifier(_ password: SecretString) -> SecretString {
        SecretString("quick:" + password.withExposedBytes { Base64URL.encode(Array(SHA256.hash(data: $0))) })
    }
}

/// Remembers whose sessions were to end.
final class EndedAccounts: SessionEnder {
    private let accounts = Mutex<[(account: AccountID, reason: AccountSignOutReason)]>([])

    var ended: [AccountID] { accounts.withLock { $0.map(\.account) } }
    var reasons: [AccountSignOutReason] { accounts.withLock { $0.map(\.reason) } }

    func announce(_ signOut: AccountSignOut) { accounts.withLock { $0.append((signOut.account, signOut.reason)) } }
}

/// The texts of the statements that ran.
final class StatementLog: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ statement: SQL) { texts.withLock { $0.append(statement.questionMarkText) } }

    /// What ran since the last call.
    func take() -> [String] {
        texts.withLock { texts in
            defer { texts = [] }
            return texts
        }
    }
}

/// A database that notes every statement.
struct CountingDatabase: SQLDatabase {
    private let database: any SQLDatabase
    private let log: StatementLog

    init(_ database: any SQLDatabase, _ log: StatementLog) {
        self.database = database
        self.log = log
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        try await database.read { try body(CountingConnection(connection: $0, log: log)) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        try await database.write { try body(CountingConnection(connection: $0, log: log)) }
    }
}

private struct CountingConnection: SQLConnection {
    let connection: any SQLConnection
    let log: StatementLog

    func query(_ statement: SQL) throws(StoreError) -> [SQLRow] {
        log.add(statement)
        return try connection.query(statement)
    }

    func execute(_ statement: SQL) throws(StoreError) -> Int {
        log.add(statement)
        return try connection.execute(statement)
    }
}
