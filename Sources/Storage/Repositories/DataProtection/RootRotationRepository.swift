import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Sessions

/// The rows of a root key's rotation.
package struct RootRotationRepository: Sendable {
    private let database: any SQLDatabase

    /// Works on `database`.
    package init(database: any SQLDatabase) { self.database = database }

    /// Takes the next root key over: one transaction, with the refresh keys' new epoch and the event.
    ///
    /// `.conflict` if another root key is in force than the change was made for.
    package func replaceRoot(
        _ change: RootChange, refreshEpochs: [RefreshKeyEpoch], event: SecurityEvent
    ) async throws(StoreError) {
        try await database.write { connection in
            let after = change.after
            let changed = try connection.execute(
                """
                UPDATE instance SET check_tag = \(after.checkTag), root_key_id = \(after.rootKeyID.text),
                    root_epoch = \(after.rootEpoch)
                WHERE root_key_id = \(change.before.rootKeyID.text) AND root_epoch = \(change.before.rootEpoch)
                """)
            guard changed == 1 else { throw StoreError.conflict }
            try connection.execute(
                """
                INSERT INTO former_root (epoch, id, replaced_at)
                VALUES (\(change.before.rootEpoch), \(change.before.rootKeyID.text), \(change.at))
                """)
            try Self.keep(change, connection)
            // From the start, whatever a rotation before this one left to do.
            for kind in MovedRows.allCases {
                try connection.execute(
                    """
                    INSERT INTO row_move (kind, position) VALUES (\(kind.rawValue), \([UInt8]()))
                    ON CONFLICT (kind) DO UPDATE SET position = excluded.position
                    """)
            }
            try RefreshEpochRows.replace(refreshEpochs, connection)
            try EventRows.insert(event, connection)
        }
    }

    /// Kept keys and since when, the oldest first.
    package func keptKeys() async throws(StoreError) -> [(name: KeptKeyName, since: Timestamp)] {
        try await database.read { connection in
            try connection.query("SELECT purpose, epoch, kept_since FROM kept_key ORDER BY epoch, purpose").map { row in
                (KeptKeyName(purpose: try row.text(0), epoch: try row.integer(1)), try row.timestamp(2))
            }
        }
    }

    /// Destroys kept keys that nothing needs.
    package func forget(_ names: Set<KeptKeyName>) async throws(StoreError) {
        try await database.write { connection in
            for name in names {
                try connection.execute(
                    "DELETE FROM kept_key WHERE purpose = \(name.purpose) AND epoch = \(name.epoch)")
            }
        }
    }

    /// How many rows of each kind were not looked at yet; kinds that are done are left out.
    package func rowsBehind() async throws(StoreError) -> [MovedRows: Int64] {
        try await database.read { connection in
            var counts: [MovedRows: Int64] = [:]
            for kind in MovedRows.allCases {
                guard let position = try kind.position(connection) else { continue }
                counts[kind] = try connection.query(kind.count(after: position))[0].integer(0)
            }
            return counts
        }
    }

    /// Budgets that are still named under an earlier key: last charged before `instant`, and not over at `now`.
    package func budgetsBehind(before instant: Timestamp, at now: Timestamp) async throws(StoreError) -> Int64 {
        try await database.read { connection in
            try connection.query(
                """
                SELECT count(*) FROM guessing_budget WHERE charged_at < \(instant) AND expires_at > \(now)
                """)[0].integer(0)
        }
    }

    /// Running sessions whose refresh token is of another epoch than `newest`.
    package func sessionsBehind(newest: UInt8, at now: Timestamp) async throws(StoreError) -> Int64 {
        try await database.read { connection in
            try connection.query(
                """
                SELECT count(*) FROM session
                WHERE ended_at IS NULL AND absolute_deadline > \(now) AND key_epoch <> \(Int(newest))
                """)[0].integer(0)
        }
    }

    /// All of them anew, since the new root key opens nothing that an earlier one wrapped.
    private static func keep(_ change: RootChange, _ connection: any SQLConnection) throws(StoreError) {
        var since: [KeptKeyName: Timestamp] = [:]
        for row in try connection.query("SELECT purpose, epoch, kept_since FROM kept_key") {
            since[KeptKeyName(purpose: try row.text(0), epoch: try row.integer(1))] = try row.timestamp(2)
        }
        try connection.execute("DELETE FROM kept_key")
        for key in change.kept {
            try connection.execute(
                """
                INSERT INTO kept_key (purpose, epoch, wrapped, kept_since)
                VALUES (\(key.name.purpose), \(key.name.epoch), \(key.sealed), \(since[key.name] ?? change.at))
                """)
        }
    }
}

/// Rows that are made anew under the present root key's keys, kind by kind.
package enum MovedRows: String, Sendable, CaseIterable {
    /// Accounts with their factors, recovery codes and known devices.
    case accounts
    /// The MACs of sessions' rows.
    case sessions
    /// Queued mail.
    case mails

    /// How far the rows were looked at; nil if none is behind.
    func position(_ connection: any SQLConnection) throws(StoreError) -> [UInt8]? {
        try connection.query("SELECT position FROM row_move WHERE kind = \(rawValue)").first?.blob(0)
    }

    /// Notes how far they were looked at; nil for the end.
    func setPosition(_ position: [UInt8]?, _ connection: any SQLConnection) throws(StoreError) {
        if let position {
            try connection.execute("UPDATE row_move SET position = \(position) WHERE kind = \(rawValue)")
        } else {
            try connection.execute("DELETE FROM row_move WHERE kind = \(rawValue)")
        }
    }

    func count(after position: [UInt8]) -> SQL {
        switch self {
        case .accounts: "SELECT count(*) FROM account WHERE id > \(position)"
        case .sessions: "SELECT count(*) FROM session WHERE id > \(position)"
        case .mails: "SELECT count(*) FROM mail_outbox WHERE id > \(position)"
        }
    }
}
