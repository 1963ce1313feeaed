import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection

/// Accounts, factors, flows, budgets and queued mail in SQL.
///
/// Every sealed or keyed column is opened and checked here (PD-11): practices see typed plain values only, and a value
/// that does not belong where it stands is `StoreError.tampered`.
package struct AuthenticationRepository: AuthenticationStore {
    let database: any SQLDatabase
    private let keys: AuthenticationKeys
    private let accountKeys: AccountKeyRows
    private let clock: WallClock
    private let entropy: Entropy

    /// Takes the database, the instance's keys and the maker of accounts' data keys.
    package init(
        database: any SQLDatabase, keyRing: KeyRing, dataKeys: AccountDataKeys, clock: WallClock, entropy: Entropy
    ) {
        self.database = database
        keys = AuthenticationKeys(keyRing)
        accountKeys = AccountKeyRows(dataKeys)
        self.clock = clock
        self.entropy = entropy
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        let notes = IntegrityNotes()
        do {
            return try await database.read { [self] in try body(transaction($0, notes)) }
        } catch {
            await report(error, notes)
            throw error
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        let notes = IntegrityNotes()
        do {
            return try await database.write { [self] in try body(transaction($0, notes)) }
        } catch {
            await report(error, notes)
            throw error
        }
    }

    /// Records that a row did not fit, after the rollback that it caused.
    ///
    /// The refusal stands whether or not the record can be written, so a failure here changes nothing for the caller.
    private func report(_ error: StoreError, _ notes: IntegrityNotes) async {
        guard case .tampered(let table) = error else { return }
        let event = SecurityEvent(
            id: .random(entropy), name: .integrityViolation, reason: .tampered(table: table), at: clock.now,
            account: notes.noted)
        do { try await database.write { try EventRows.insert(event, $0) } } catch { return }
    }

    func transaction(
        _ connection: any SQLConnection, _ notes: IntegrityNotes
    ) -> AuthenticationSQLTransaction {
        AuthenticationSQLTransaction(
            connection: connection, keys: keys, accountKeys: accountKeys, sealer: PersonalDataSealer(entropy: entropy),
            integrity: notes, clock: clock, entropy: entropy)
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
    /// Finds accounts by their addresses.
    let emailIndex: BlindIndex

    init(_ ring: KeyRing) {
        self.ring = ring
        state = ring.sealing(.state)
        password = ring.sealing(.password)
        verifier = ring.mac(.verifier)
        emailIndex = BlindIndex(column: "account.email", ring)
    }
}

/// One transaction of this practice.
///
/// Its conformances stand in files of their own: flows, accounts, outbox.
struct AuthenticationSQLTransaction {
    let connection: any SQLConnection
    let keys: AuthenticationKeys
    let accountKeys: AccountKeyRows
    let sealer: PersonalDataSealer
    let integrity: IntegrityNotes
    let clock: WallClock
    let entropy: Entropy
}

extension AuthenticationSQLTransaction: SecurityEventRecorder {
    func record(_ event: SecurityEvent) throws { try EventRows.insert(event, connection) }
}
