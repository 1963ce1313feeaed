extension Migration {
    /// When the recovery happened that a session began with (PD-12); under the row's MAC.
    static let recoveredSessions = Migration(
        name: "0005_recovered_sessions",
        sqlite: ["ALTER TABLE session ADD COLUMN recovered_at INTEGER"])
}
