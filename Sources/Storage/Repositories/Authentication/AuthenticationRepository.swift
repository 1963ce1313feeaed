import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection

/// Accounts, factors, flows, budgets and queued mail in SQL.
///
/// Every sealed or keyed column is opened and checked here (PD-11): practices see typed plain values only, and a value
/// that does not belong where it stands is `StoreError.tampered`.
package struct AuthenticationRepository: AuthenticationStore {
    private let database: any SQLDatabase
    private let keys: AuthenticationKeys
    private let clock: WallClock
    private let entropy: Entropy

    /// Takes the database and the instance's keys.
    package init(database: any SQLDatabase, keyRing: KeyRing, clock: WallClock, entropy: Entropy) {
        self.database = database
        keys = AuthenticationKeys(keyRing)
        self.clock = clock
        self.entropy = entropy
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        try await database.read { [self] in try body(transaction($0)) }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        try await database.write { [self] in try body(transaction($0)) }
    }

    private func transaction(_ connection: any SQLConnection) -> AuthenticationSQLTransaction {
        AuthenticationSQLTransaction(connection: connection, keys: keys, clock: clock, entropy: entropy)
    }
}

/// The keys of this repository's columns, derived once.
struct AuthenticationKeys: Sendable {
    /// Everything else, such as blind indexes and data keys.
    let ring: KeyRing
    /// Seals flows, pending sign-ups, codes' grants and queued mail.
    let state: SealingKey
    /// Seals Argon2id strings.
    let password: SealingKey
    /// Keyed rows: factors, known devices.
    let verifier: MACKey

    init(_ ring: KeyRing) {
        self.ring = ring
        state = ring.sealing(.state)
        password = ring.sealing(.password)
        verifier = ring.mac(.verifier)
    }
}

/// One transaction of this practice. Its conformances stand in files of their own: flows, accounts, outbox.
struct AuthenticationSQLTransaction {
    let connection: any SQLConnection
    let keys: AuthenticationKeys
    let clock: WallClock
    let entropy: Entropy
}

extension AuthenticationSQLTransaction: SecurityEventRecorder {
    func record(_ event: SecurityEvent) throws {
        throw StoreError.inconsistent
    }
}
