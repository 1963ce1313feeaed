extension Migration {
    /// Device rows, sessions, mass sign-outs, refresh-key epochs and signing keys.
    ///
    /// Neither device nor session has a foreign key to the account: sessions outlive an erased account as ended rows, so
    /// that its devices are still told. At most one running session has the same account, client and key.
    static let sessions = Migration(
        name: "0004_sessions",
        sqlite: [
            """
            CREATE TABLE device (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                account BLOB NOT NULL CHECK (length(account) = 16),
                jkt BLOB NOT NULL CHECK (length(jkt) = 32),
                name_sealed BLOB,
                created_at INTEGER NOT NULL,
                UNIQUE (account, jkt)
            ) STRICT
            """,
            """
            CREATE TABLE session (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                account BLOB NOT NULL CHECK (length(account) = 16),
                client TEXT NOT NULL,
                device BLOB NOT NULL REFERENCES device (id),
                jkt BLOB NOT NULL CHECK (length(jkt) = 32),
                scope TEXT NOT NULL,
                audience TEXT NOT NULL,
                level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
                amr TEXT NOT NULL,
                authenticated_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                absolute_deadline INTEGER NOT NULL,
                idle_timeout INTEGER,
                lock_after INTEGER NOT NULL,
                refresh_salt BLOB NOT NULL CHECK (length(refresh_salt) = 16),
                row_mac BLOB NOT NULL CHECK (length(row_mac) = 32),
                generation INTEGER NOT NULL CHECK (generation BETWEEN 0 AND 4294967295),
                key_epoch INTEGER NOT NULL CHECK (key_epoch BETWEEN 0 AND 255),
                attempts BLOB NOT NULL CHECK (length(attempts) = 72),
                rotations BLOB NOT NULL CHECK (length(rotations) <= 64),
                rotated_at INTEGER NOT NULL,
                last_user_activity_at INTEGER NOT NULL,
                ended_at INTEGER,
                end_reason TEXT,
                CHECK ((ended_at IS NULL) = (end_reason IS NULL))
            ) STRICT
            """,
            "CREATE UNIQUE INDEX session_running ON session (account, client, jkt) WHERE ended_at IS NULL",
            "CREATE INDEX session_by_device ON session (device)",
            "CREATE INDEX session_ended ON session (ended_at) WHERE ended_at IS NOT NULL",
            """
            CREATE TABLE session_not_before (
                scope BLOB NOT NULL PRIMARY KEY,
                not_before INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE refresh_key_epoch (
                epoch INTEGER NOT NULL PRIMARY KEY CHECK (epoch BETWEEN 1 AND 255),
                began_at INTEGER NOT NULL,
                accepted_until INTEGER
            ) STRICT
            """,
            """
            CREATE TABLE signing_key (
                kid TEXT NOT NULL PRIMARY KEY,
                purpose TEXT NOT NULL,
                private_sealed BLOB NOT NULL,
                published_at INTEGER NOT NULL,
                active_at INTEGER,
                retired_at INTEGER,
                gone_at INTEGER
            ) STRICT, WITHOUT ROWID
            """,
        ])
}
