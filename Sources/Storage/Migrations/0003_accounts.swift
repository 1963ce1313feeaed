extension Migration {
    /// Accounts, their factors, recovery codes, known devices, and queued mail.
    ///
    /// What people typed is sealed; what decides is keyed or sealed with its row's identity (PD-11). The wrapped data
    /// key of an account stands in `account_key` (`0001_core`).
    static let accounts = Migration(
        name: "0003_accounts",
        sqlite: [
            """
            CREATE TABLE account (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                email_index BLOB NOT NULL UNIQUE CHECK (length(email_index) = 32),
                email_sealed BLOB NOT NULL,
                password_sealed BLOB NOT NULL,
                state_sealed BLOB NOT NULL,
                created_at INTEGER NOT NULL,
                password_changed_at INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE factor (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('totp')),
                secret_sealed BLOB NOT NULL,
                is_confirmed INTEGER NOT NULL CHECK (is_confirmed IN (0, 1)),
                last_step INTEGER,
                created_at INTEGER NOT NULL,
                row_mac BLOB NOT NULL CHECK (length(row_mac) = 32)
            ) STRICT
            """,
            "CREATE INDEX factor_by_account ON factor (account_id, is_confirmed)",
            """
            CREATE TABLE recovery_code (
                account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 9),
                code_set INTEGER NOT NULL CHECK (code_set > 0),
                verifier_sealed BLOB NOT NULL,
                spent_at INTEGER,
                PRIMARY KEY (account_id, position)
            ) STRICT
            """,
            """
            CREATE TABLE known_device (
                account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                key_tag BLOB NOT NULL CHECK (length(key_tag) = 32),
                last_seen_at INTEGER NOT NULL,
                row_mac BLOB NOT NULL CHECK (length(row_mac) = 32),
                PRIMARY KEY (account_id, key_tag)
            ) STRICT
            """,
            """
            CREATE TABLE mail_outbox (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                turn INTEGER NOT NULL,
                content_sealed BLOB NOT NULL,
                queued_at INTEGER NOT NULL,
                next_attempt_at INTEGER NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                parked_at INTEGER
            ) STRICT
            """,
            "CREATE INDEX mail_outbox_by_turn ON mail_outbox (turn) WHERE parked_at IS NULL",
        ])
}
