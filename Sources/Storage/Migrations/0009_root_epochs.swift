extension Migration {
    /// Which root key the instance is at, those before it, what is kept of them, and how far rows were moved to it (PD-14).
    ///
    /// `kept_key.wrapped` opens under the present root key alone. A row of `row_move` stands there while rows of its kind
    /// may be behind: `position` is the identifier of the last one that was looked at.
    static let rootEpochs = Migration(
        name: "0009_root_epochs",
        sqlite: [
            "ALTER TABLE instance ADD COLUMN root_epoch INTEGER NOT NULL DEFAULT 1",
            """
            CREATE TABLE former_root (
                epoch INTEGER NOT NULL PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                replaced_at INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE kept_key (
                purpose TEXT NOT NULL,
                epoch INTEGER NOT NULL,
                wrapped BLOB NOT NULL,
                kept_since INTEGER NOT NULL,
                PRIMARY KEY (purpose, epoch)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE row_move (
                kind TEXT NOT NULL PRIMARY KEY,
                position BLOB NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
        ])
}
