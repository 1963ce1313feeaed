extension Migration {
    /// The instance that the data belongs to, accounts' wrapped data keys, and the record of events.
    ///
    /// `account_key` has no foreign key to the account: erasing an account destroys its key first, and whatever of the
    /// account is still found afterwards is unreadable.
    static let core = Migration(
        name: "0001_core",
        sqlite: [
            """
            CREATE TABLE instance (
                only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
                id BLOB NOT NULL CHECK (length(id) = 16),
                check_tag BLOB NOT NULL,
                root_key_id TEXT NOT NULL,
                created_at INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE account_key (
                account BLOB NOT NULL PRIMARY KEY CHECK (length(account) = 16),
                epoch INTEGER NOT NULL,
                wrapped BLOB NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX account_key_by_epoch ON account_key (epoch)",
            """
            CREATE TABLE security_event (
                seq INTEGER NOT NULL PRIMARY KEY,
                at INTEGER NOT NULL,
                name TEXT NOT NULL,
                account BLOB,
                payload TEXT NOT NULL
            ) STRICT
            """,
            "CREATE INDEX security_event_by_account ON security_event (account, seq) WHERE account IS NOT NULL",
        ])
}
