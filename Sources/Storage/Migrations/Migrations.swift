/// All migrations in order.
///
/// Each slice of the schema is a file of its own beside this one.
package enum Migrations {
    /// Append only.
    package static let all: [Migration] = [
        .core,
        .flows,
        .accounts,
        .sessions,
        .recoveredSessions,
        .outboxOrder,
        .sessionDeadlines,
        .contacts,
        .rootEpochs,
    ]
}
