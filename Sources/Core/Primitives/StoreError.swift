/// What a store may answer instead of a result.
///
/// Causes stay in the log under the request id.
public enum StoreError: Error, Equatable, Sendable {
    /// The queue is full, the database is closed, locked or gone; nothing was written.
    case unavailable
    /// The disk or the data folder takes no more bytes; nothing was written.
    case full
    /// A constraint refused the change (a unique value exists already); nothing was written.
    case conflict
    /// A sealed value or keyed row does not belong where it stands (PD-11). Names the table, never the value.
    case tampered(table: String)
    /// A row or statement does not fit this program; nothing was written.
    case inconsistent
    /// The caller was cancelled before its turn; nothing was written.
    case cancelled
}
