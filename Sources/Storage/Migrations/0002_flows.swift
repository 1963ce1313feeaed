extension Migration {
    /// Flows, authorization codes and guessing budgets (PD-07, PD-09, PD-11).
    ///
    /// `flow.digest` and `authorization_code.digest` are keyed; `sealed` opens under identifier and digest alone.
    /// `guessing_budget.budget` is a keyed tag, for addresses with and without an account alike.
    static let flows = Migration(
        name: "0002_flows",
        sqlite: [
            """
            CREATE TABLE flow (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
                jkt BLOB NOT NULL CHECK (length(jkt) = 32),
                source_tag BLOB NOT NULL,
                started_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                is_favoured INTEGER NOT NULL CHECK (is_favoured IN (0, 1)),
                requests INTEGER NOT NULL,
                version INTEGER NOT NULL,
                sealed BLOB NOT NULL
            ) STRICT
            """,
            "CREATE INDEX flow_by_key ON flow (jkt, started_at)",
            "CREATE INDEX flow_by_source ON flow (source_tag, started_at)",
            "CREATE INDEX flow_by_age ON flow (is_favoured, started_at)",
            "CREATE INDEX flow_by_expiry ON flow (expires_at)",
            "CREATE TABLE flow_total (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), flows INTEGER NOT NULL) STRICT",
            "INSERT INTO flow_total (id, flows) VALUES (1, 0)",
            """
            CREATE TABLE authorization_code (
                digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
                flow_id BLOB NOT NULL UNIQUE CHECK (length(flow_id) = 16),
                client_id TEXT NOT NULL,
                jkt BLOB NOT NULL CHECK (length(jkt) = 32),
                challenge BLOB NOT NULL CHECK (length(challenge) = 32),
                expires_at INTEGER NOT NULL,
                spent_at INTEGER,
                session_id BLOB CHECK (length(session_id) = 16),
                sealed BLOB NOT NULL,
                CHECK ((spent_at IS NULL) = (session_id IS NULL))
            ) STRICT
            """,
            "CREATE INDEX authorization_code_by_expiry ON authorization_code (expires_at)",
            """
            CREATE TABLE guessing_budget (
                budget BLOB NOT NULL PRIMARY KEY CHECK (length(budget) = 32),
                used INTEGER NOT NULL,
                previous_at INTEGER,
                charged_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX guessing_budget_by_expiry ON guessing_budget (expires_at)",
        ])
}
