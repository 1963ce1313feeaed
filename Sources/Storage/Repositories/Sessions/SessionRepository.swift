import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Sessions

/// Sessions, device rows, refresh-key epochs and signing keys in SQL.
///
/// Private signing keys and device names are sealed and opened here; the row MAC of a session is made and checked by the
/// practice.
package struct SessionRepository: SessionStore {
    let database: any SQLDatabase
    let signingKeySeal: SealingKey
    let entropy: Entropy
    private let accountKeys: AccountKeyRows

    /// Takes the database and the instance's keys.
    package init(database: any SQLDatabase, keyRing: KeyRing, accountKeys: AccountDataKeys, entropy: Entropy) {
        self.database = database
        signingKeySeal = keyRing.sealing(.wrapSigningKeys)
        self.accountKeys = AccountKeyRows(accountKeys)
        self.entropy = entropy
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SessionTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        try await database.read { [self] in try body(transaction($0)) }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SessionTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        try await database.write { [self] in try body(transaction($0)) }
    }

    private func transaction(_ connection: any SQLConnection) -> SessionSQLTransaction {
        SessionSQLTransaction(
            connection: connection, accountKeys: accountKeys, names: PersonalDataSealer(entropy: entropy))
    }
}

/// One transaction over sessions and devices.
struct SessionSQLTransaction {
    let connection: any SQLConnection
    let accountKeys: AccountKeyRows
    let names: PersonalDataSealer
}

extension SessionSQLTransaction: SecurityEventRecorder {
    func record(_ event: SecurityEvent) throws { try EventRows.insert(event, connection) }
}
