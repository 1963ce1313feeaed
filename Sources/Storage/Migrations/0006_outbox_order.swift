extension Migration {
    /// Queued mail in two ranks, with an end, and found by indices alone however long the queue is.
    static let outboxOrder = Migration(
        name: "0006_outbox_order",
        sqlite: [
            "ALTER TABLE mail_outbox ADD COLUMN rank INTEGER NOT NULL DEFAULT 0 CHECK (rank IN (0, 1))",
            "ALTER TABLE mail_outbox ADD COLUMN expires_at INTEGER",
            "DROP INDEX mail_outbox_by_turn",
            // Parked rows too: the next turn is the greatest of all, and one more.
            "CREATE INDEX mail_outbox_by_turn ON mail_outbox (turn)",
            "CREATE INDEX mail_outbox_by_rank ON mail_outbox (rank, turn) WHERE parked_at IS NULL",
            "CREATE INDEX mail_outbox_by_attempt ON mail_outbox (next_attempt_at) WHERE parked_at IS NULL",
            "CREATE INDEX mail_outbox_by_expiry ON mail_outbox (expires_at) WHERE expires_at IS NOT NULL",
        ])
}
