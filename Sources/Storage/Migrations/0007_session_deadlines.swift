extension Migration {
    /// Abandoned sessions are found by their deadline: their rows are removed as those of ended ones are.
    static let sessionDeadlines = Migration(
        name: "0007_session_deadlines",
        sqlite: ["CREATE INDEX session_by_deadline ON session (absolute_deadline)"])
}
