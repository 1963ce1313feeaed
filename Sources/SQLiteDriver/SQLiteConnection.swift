import BucklerPrimitives
import GRDB
import GRDBSQLite
import Storage

/// GRDB's connection, its prepared-statement cache and SQLite's own calls.
///
/// Binding and stepping go straight to SQLite: half of a small write's time would otherwise be spent on observation and
/// row objects that nobody uses here. Statements are prepared once per connection and text.
struct SQLiteConnection: SQLConnection {
    private let database: Database
    private let faults: SQLiteFaultReporter

    init(_ database: Database, _ faults: SQLiteFaultReporter) {
        self.database = database
        self.faults = faults
    }

    /// Whether a transaction is open; SQLite may end one by itself.
    var isInsideTransaction: Bool { sqlite3_get_autocommit(database.sqliteConnection) == 0 }

    /// Rows of a statement, all of them.
    func query(_ statement: Storage.SQL) throws(StoreError) -> [SQLRow] {
        let prepared = try prepare(statement.questionMarkText)
        defer { release(prepared) }
        try bind(statement.values, to: prepared)
        let columnCount = sqlite3_column_count(prepared)
        var rows: [SQLRow] = []
        while try step(prepared) {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(columnCount))
            for column in 0..<columnCount { values.append(try value(of: prepared, at: column)) }
            rows.append(SQLRow(values))
        }
        return rows
    }

    /// Rows changed by the statement itself; triggers and cascades are not counted.
    @discardableResult
    func execute(_ statement: Storage.SQL) throws(StoreError) -> Int {
        let prepared = try prepare(statement.questionMarkText)
        defer { release(prepared) }
        try bind(statement.values, to: prepared)
        let before = sqlite3_total_changes64(database.sqliteConnection)
        while try step(prepared) {}
        // `sqlite3_changes` keeps its last value across statements that change nothing by their kind.
        let changed = sqlite3_total_changes64(database.sqliteConnection) != before
        return changed ? Int(sqlite3_changes64(database.sqliteConnection)) : 0
    }

    /// A statement without values that steers the transaction.
    func control(_ text: StaticString) throws(StoreError) {
        let prepared = try prepare(text.withUTF8Buffer { String(decoding: $0, as: UTF8.self) })
        defer { release(prepared) }
        while try step(prepared) {}
    }

    /// Ends an open transaction without keeping anything.
    ///
    /// Does nothing when there is none.
    func abandon() {
        guard isInsideTransaction else { return }
        // ROLLBACK fails only when there is no transaction any more, which is what is wanted.
        try? control("ROLLBACK")
    }

    private func prepare(_ text: String) throws(StoreError) -> OpaquePointer {
        do {
            return try database.cachedStatement(sql: text).sqliteStatement
        } catch {
            let code = (error as? DatabaseError)?.extendedResultCode.rawValue ?? SQLITE_ERROR
            throw failure(code, text)
        }
    }

    private func bind(_ values: [SQLValue], to statement: OpaquePointer) throws(StoreError) {
        guard sqlite3_bind_parameter_count(statement) == values.count else {
            throw failure(SQLITE_RANGE, sql(of: statement))
        }
        for (index, value) in values.enumerated() {
            let code = bind(value, to: statement, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw failure(code, sql(of: statement)) }
        }
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(statement, index)
        case .integer(let number): return sqlite3_bind_int64(statement, index, number)
        case .text(var text):
            // A null pointer would bind NULL.
            if text.isEmpty { return sqlite3_bind_text(statement, index, "", 0, Self.copied) }
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text64(
                        statement, index, $0.baseAddress, UInt64($0.count), Self.copied,
                        UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            // A null pointer would bind NULL, and an empty array has one.
            if bytes.isEmpty { return sqlite3_bind_zeroblob(statement, index, 0) }
            return sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), Self.copied)
        }
    }

    /// True while there is a row.
    private func step(_ statement: OpaquePointer) throws(StoreError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw failure(code, sql(of: statement))
        }
    }

    private func value(of statement: OpaquePointer, at column: Int32) throws(StoreError) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: throw .inconsistent
        }
    }

    private func release(_ statement: OpaquePointer) {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    private func sql(of statement: OpaquePointer) -> String {
        sqlite3_sql(statement).map { String(cString: $0) } ?? ""
    }

    private func failure(_ code: Int32, _ text: String) -> StoreError {
        let error = StoreError(sqliteCode: code)
        if error != .conflict { faults.report(SQLiteFault(code: code, statement: text)) }
        return error
    }

    /// Tells SQLite to copy what is bound (`SQLITE_TRANSIENT`, a cast that Swift cannot import).
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
