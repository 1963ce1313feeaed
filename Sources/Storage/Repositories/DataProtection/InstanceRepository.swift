import BucklerPrimitives
import DataProtection

/// The instance's row in SQL.
package struct InstanceRepository: InstanceStore {
    private let database: any SQLDatabase

    /// Works on `database`.
    package init(database: any SQLDatabase) { self.database = database }

    /// The row; nil in a new database.
    package func find() async throws(StoreError) -> InstanceRecord? {
        try await database.read { connection in
            let rows = try connection.query("SELECT id, check_tag, root_key_id, created_at, root_epoch FROM instance")
            guard let row = rows.first else { return nil }
            guard let rootKeyID = KeyID(try row.text(2)) else { throw StoreError.tampered(table: "instance") }
            return InstanceRecord(
                id: try row.identifier(0), checkTag: try row.blob(1), rootKeyID: rootKeyID,
                createdAt: try row.timestamp(3), rootEpoch: try row.integer(4))
        }
    }

    /// Stores the only row there can be.
    package func create(_ record: InstanceRecord) async throws(StoreError) {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO instance (only_row, id, check_tag, root_key_id, created_at)
                VALUES (1, \(record.id), \(record.checkTag), \(record.rootKeyID.text), \(record.createdAt))
                """)
        }
    }

    /// What is kept of replaced root keys.
    package func keptKeys() async throws(StoreError) -> [WrappedKeptKey] {
        try await database.read { connection in
            try connection.query("SELECT purpose, epoch, wrapped FROM kept_key ORDER BY purpose, epoch").map { row in
                WrappedKeptKey(
                    name: KeptKeyName(purpose: try row.text(0), epoch: try row.integer(1)), sealed: try row.blob(2))
            }
        }
    }

    /// The root keys before this one, the last one first.
    package func formerRoots() async throws(StoreError) -> [FormerRoot] {
        try await database.read { connection in
            try connection.query("SELECT id, replaced_at FROM former_root ORDER BY epoch DESC").map { row in
                guard let id = KeyID(try row.text(0)) else { throw StoreError.tampered(table: "former_root") }
                return FormerRoot(id: id, replacedAt: try row.timestamp(1))
            }
        }
    }

    /// The epochs under which accounts' data keys are wrapped; one step per epoch through the index.
    package func epochsInUse() async throws(StoreError) -> [KeyEpoch] {
        try await database.read { connection in
            var epochs: [KeyEpoch] = []
            var last: Int64 = 0
            while let row = try connection.query(
                "SELECT epoch FROM account_key WHERE epoch > \(last) ORDER BY epoch LIMIT 1"
            ).first {
                guard let epoch = KeyEpoch(try row.integer(0)) else { throw StoreError.tampered(table: "account_key") }
                epochs.append(epoch)
                last = epoch.number
            }
            return epochs
        }
    }
}
