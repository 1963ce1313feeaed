import BucklerPrimitives
import GRDBSQLite

/// An engine error that a caller did not cause, for the log.
package struct SQLiteFault: Sendable, Hashable {
    /// SQLite's extended result code, such as 13 (full) or 1034 (fsync failed).
    package let code: Int32
    /// The statement's literal text; bound values are not in it.
    package let statement: String
}

/// Carries faults to whoever logs them.
struct SQLiteFaultReporter: Sendable {
    let report: @Sendable (SQLiteFault) -> Void
}

extension StoreError {
    /// What a caller may know about a result code of SQLite.
    init(sqliteCode code: Int32) {
        self =
            switch code & 0xFF {
            case SQLITE_FULL: .full
            case SQLITE_CONSTRAINT: .conflict
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_NOMEM,
                SQLITE_INTERRUPT, SQLITE_PERM, SQLITE_PROTOCOL, SQLITE_NOLFS:
                .unavailable
            default: .inconsistent
            }
    }

    /// What becomes of an error that a transaction's body threw.
    init(bodyFailure error: any Error) { self = error as? StoreError ?? .inconsistent }
}
