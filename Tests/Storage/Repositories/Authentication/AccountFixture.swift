import Authentication
import BucklerPrimitives
import Storage
import Synchronization
import TestSupport

/// The repository of accounts over one engine, with a clock and keys of its own.
struct AccountFixture: Sendable {
    let database: any EngineUnderTest
    let repository: AuthenticationRepository
    let clock = ManualClock()
    let entropy: Entropy
    private let seed: UInt64

    /// Runs `body` on a new, empty database.
    static func with<Result>(
        _ backend: Backend, seed: UInt64 = 11, _ body: (AccountFixture) async throws -> Result
    ) async throws -> Result {
        try await backend.withDatabase(migrations: Migrations.all) { database in
            try await body(AccountFixture(database, seed: seed))
        }
    }

    private init(_ database: any EngineUnderTest, seed: UInt64) {
        self.database = database
        self.seed = seed
        entropy = .seeded(seed)
        let keys = TestKeys(seed: seed)
        repository = AuthenticationRepository(
            database: database, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: clock.clock, entropy: entropy)
    }

    /// Makes an account with `codes` recovery codes and `factors` confirmed factors.
    @discardableResult
    func makeAccount(
        _ address: String, passwordClass: PasswordClass = .standard, factors: Int = 0, codes: Int = 0
    ) async throws -> AccountRecord {
        let account = NewAccount(
            id: .random(entropy), email: try Email(parsing: address),
            passwordVerifier: SecretString("$argon2id$\(address)"),
            passwordClass: .standard)
        let (now, entropy) = (clock.now, entropy)
        return try await write { transaction in
            try transaction.createAccount(account, at: now)
            for _ in 0..<factors {
                let factor = PendingFactor(
                    id: .random(entropy), kind: .totp, secret: SecretBytes(entropy.bytes(20)), createdAt: now)
                try transaction.addPendingFactor(factor, to: account.id)
                guard try transaction.confirmFactor(factor.id, of: account.id, step: 1, at: now) else {
                    throw StoreError.conflict
                }
            }
            if codes > 0 {
                let verifiers = (0..<codes).map { SecretString("$argon2id$code\($0)") }
                try transaction.replaceRecoveryCodes(of: account.id, with: verifiers, at: now)
            }
            if passwordClass != .standard {
                try transaction.setPassword(
                    account.id, verifier: account.passwordVerifier, class: passwordClass, replacing: nil, at: now)
            }
            guard let record = try transaction.account(account.id) else { throw StoreError.inconsistent }
            return record
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result { try await repository.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result { try await repository.write(body) }

    /// The texts of the statements that `body` runs, in order.
    func statements(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Void
    ) async throws -> [String] {
        let counting = CountingDatabase(database)
        let keys = TestKeys(seed: seed)
        let repository = AuthenticationRepository(
            database: counting, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: clock.clock, entropy: entropy)
        try await repository.read(body)
        return counting.statements
    }

    /// What an attacker with the database does; answers the number of changed rows.
    @discardableResult
    func tamper(_ statement: SQL) async throws -> Int { try await database.write { try $0.execute(statement) } }

    /// The reasons of all integrity events, in order, with their accounts.
    func integrityEvents() async throws -> [(account: AccountID?, payload: String)] {
        let rows = try await database.read {
            try $0.query(
                "SELECT account, payload FROM security_event WHERE name = 'sys_integrity_violation' ORDER BY seq")
        }
        return try rows.map { (account: $0.isNull(0) ? nil : try $0.identifier(0), payload: try $0.text(1)) }
    }
}

/// Notes every statement on its way to the engine.
private final class CountingDatabase: SQLDatabase {
    private let inner: any SQLDatabase
    private let texts = Mutex<[String]>([])

    init(_ inner: any SQLDatabase) { self.inner = inner }

    var statements: [String] { texts.withLock { $0 } }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        try await inner.read { [self] connection in try body(Connection(inner: connection, database: self)) }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        try await inner.write { [self] connection in try body(Connection(inner: connection, database: self)) }
    }

    private struct Connection: SQLConnection {
        let inner: any SQLConnection
        let database: CountingDatabase

        func query(_ statement: SQL) throws(StoreError) -> [SQLRow] {
            database.texts.withLock { $0.append(statement.questionMarkText) }
            return try inner.query(statement)
        }

        func execute(_ statement: SQL) throws(StoreError) -> Int {
            database.texts.withLock { $0.append(statement.questionMarkText) }
            return try inner.execute(statement)
        }
    }
}
