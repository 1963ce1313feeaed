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
    private let stateSeal: SealingKey
    private let verifier: MACKey
    let entropy: Entropy
    private let accountKeys: AccountKeyRows
    private let clock: WallClock

    /// Takes the database and the instance's keys.
    package init(
        database: any SQLDatabase, keyRing: KeyRing, accountKeys: AccountDataKeys, clock: WallClock, entropy: Entropy
    ) {
        self.database = database
        self.clock = clock
        signingKeySeal = keyRing.sealing(.wrapSigningKeys)
        stateSeal = keyRing.sealing(.state)
        verifier = keyRing.mac(.verifier)
        self.accountKeys = AccountKeyRows(accountKeys)
        self.entropy = entropy
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SessionTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        do {
            return try await database.read { [self] in try body(transaction($0)) }
        } catch {
            await report(error)
            throw error
        }
    }

    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SessionTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        do {
            return try await database.write { [self] in try body(transaction($0)) }
        } catch {
            await report(error)
            throw error
        }
    }

    /// Records that a row did not fit, after the rollback that it caused.
    ///
    /// The refusal stands whether or not the record can be written, so a failure here changes nothing for the caller.
    private func report(_ error: StoreError) async {
        guard case .tampered(let table) = error else { return }
        let event = SecurityEvent(
            id: .random(entropy), name: .integrityViolation, reason: .tampered(table: table), at: clock.now)
        do { try await database.write { try EventRows.insert(event, $0) } } catch { return }
    }

    private func transaction(_ connection: any SQLConnection) -> SessionSQLTransaction {
        SessionSQLTransaction(
            connection: connection, accountKeys: accountKeys, names: PersonalDataSealer(entropy: entropy),
            stateSeal: stateSeal, verifier: verifier)
    }
}

extension SessionRepository {
    /// Makes the MACs of up to `limit` rows anew under the present root key; false once none is behind.
    package func moveRows(limit: Int) async throws(StoreError) -> Bool {
        try await database.write { [self] connection in
            guard let position = try MovedRows.sessions.position(connection) else { return false }
            let sessions = transaction(connection)
            let rows = try connection.query(
                "SELECT id FROM session WHERE id > \(position) ORDER BY id LIMIT \(limit)")
            for row in rows {
                // A row that does not fit stays as it is: its next use reports it.
                guard let record = try? sessions.session(try row.identifier(0)), record.isGenuine(under: verifier)
                else { continue }
                try connection.execute(
                    """
                    UPDATE session SET row_mac = \(record.identity.rowMAC(verifier))
                    WHERE id = \(record.identity.id) AND row_mac = \(record.rowMAC)
                    """)
            }
            try MovedRows.sessions.setPosition(rows.count < limit ? nil : rows.last?.blob(0), connection)
            return rows.count == limit
        }
    }

    /// Seals the few signing keys anew under the present root key.
    package func moveSigningKeys() async throws(StoreError) {
        try await database.write { [self] connection in
            for key in try signingKeys(connection) {
                try connection.execute(
                    "UPDATE signing_key SET private_sealed = \(sealed(key)) WHERE kid = \(key.kid)")
            }
        }
    }
}

/// One transaction over sessions and devices.
struct SessionSQLTransaction {
    let connection: any SQLConnection
    let accountKeys: AccountKeyRows
    let names: PersonalDataSealer
    let stateSeal: SealingKey
    let verifier: MACKey
}

extension SessionSQLTransaction: SecurityEventRecorder {
    func record(_ event: SecurityEvent) throws { try EventRows.insert(event, connection) }
}
