import BucklerPrimitives
import Storage

/// Session rows as the sessions' side writes them, as far as this practice ends them.
enum SessionRowsOfTests {
    /// Adds a running session of `account`; `number` makes its identifier and key.
    static func insert(_ account: AccountID, number: UInt8, at now: Timestamp, _ database: any SQLDatabase) async throws
    {
        let id = [UInt8](repeating: number, count: 16)
        let key = [UInt8](repeating: number, count: 32)
        try await database.write { connection in
            try connection.execute(
                "INSERT INTO device (id, account, jkt, created_at) VALUES (\(id), \(account), \(key), \(now))")
            try connection.execute(
                """
                INSERT INTO session (id, account, client, device, jkt, scope, audience, level, amr, authenticated_at,
                    created_at, absolute_deadline, lock_after, refresh_salt, row_mac, generation, key_epoch, attempts,
                    rotations, rotated_at, last_user_activity_at)
                VALUES (\(id), \(account), 'notes-ios', \(id), \(key), '', '', 1, 'pwd', \(now), \(now),
                    \(now + .days(30)), 0, \(id), \(key), 0, 1, \([UInt8](repeating: 0, count: 72)), \([UInt8]()),
                    \(now), \(now))
                """)
        }
    }

    /// The first bytes of the identifiers of the sessions that still run.
    static func running(_ database: any SQLDatabase) async throws -> [UInt8] {
        try await database.read { connection in
            try connection.query("SELECT id FROM session WHERE ended_at IS NULL ORDER BY id").compactMap {
                try $0.blob(0).first
            }
        }
    }

    /// How many device keys of the account are known.
    static func knownDevices(_ account: AccountID, _ database: any SQLDatabase) async throws -> Int {
        try await database.read { connection in
            try connection.query("SELECT 1 FROM known_device WHERE account_id = \(account)").count
        }
    }
}
