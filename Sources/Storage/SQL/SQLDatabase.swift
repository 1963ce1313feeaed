import BucklerPrimitives

/// A database engine: SQLite in one process, PostgreSQL for many.
///
/// Closures are synchronous and short: a slow one delays every caller of its group. They run on the engine's own threads,
/// never on the cooperative pool.
package protocol SQLDatabase: Sendable {
    /// Runs `body` on a snapshot; sees every write acknowledged before the call.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result

    /// Runs `body` in a transaction and answers after the commit is durable.
    ///
    /// Many callers may share one transaction, each in a savepoint of its own: a throwing body rolls back only itself.
    /// A `StoreError` thrown by `body` arrives as it is; any other error arrives as `.inconsistent`.
    @discardableResult
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result
}

/// A connection inside `read` or `write`.
///
/// Not to be kept beyond the closure.
package protocol SQLConnection {
    /// Runs a statement that returns rows (`SELECT`, or any statement with `RETURNING`).
    func query(_ statement: SQL) throws(StoreError) -> [SQLRow]

    /// Runs a statement and answers the number of rows that it changed.
    @discardableResult
    func execute(_ statement: SQL) throws(StoreError) -> Int
}

/// One row of an answer; columns by their position in the statement.
package struct SQLRow: Sendable {
    /// The values in the statement's order.
    package let values: [SQLValue]

    /// Makes a row.
    package init(_ values: [SQLValue]) { self.values = values }

    /// The integer at `index`; `.inconsistent` if the column holds something else.
    package func integer(_ index: Int) throws(StoreError) -> Int64 {
        guard values.indices.contains(index), case .integer(let value) = values[index] else { throw .inconsistent }
        return value
    }

    /// The text at `index`.
    package func text(_ index: Int) throws(StoreError) -> String {
        guard values.indices.contains(index), case .text(let value) = values[index] else { throw .inconsistent }
        return value
    }

    /// The bytes at `index`.
    ///
    /// SQLite stores an empty blob as it is; PostgreSQL too.
    package func blob(_ index: Int) throws(StoreError) -> [UInt8] {
        guard values.indices.contains(index), case .blob(let value) = values[index] else { throw .inconsistent }
        return value
    }

    /// The instant at `index`.
    package func timestamp(_ index: Int) throws(StoreError) -> Timestamp {
        Timestamp(milliseconds: try integer(index))
    }

    /// The identifier at `index`.
    package func identifier<Kind>(_ index: Int, as: Identifier<Kind>.Type = Identifier<Kind>.self)
        throws(StoreError) -> Identifier<Kind>
    {
        guard let value = Identifier<Kind>(bytes: try blob(index)) else { throw .inconsistent }
        return value
    }

    /// True if the column is NULL.
    package func isNull(_ index: Int) -> Bool { values.indices.contains(index) && values[index] == .null }

    /// Nil for NULL, else what `read` makes of the column.
    package func optional<Value>(
        _ index: Int, _ read: (SQLRow) -> (Int) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        if isNull(index) { return nil }
        return try read(self)(index)
    }
}

/// One numbered, append-only change of the schema, with one text per engine.
package struct Migration: Sendable {
    /// Such as `0001_core`; sorted as text, never renamed once landed.
    package let name: String
    /// Statements for SQLite, run in one transaction.
    package let sqlite: [String]
    /// Statements for PostgreSQL; empty until that engine exists.
    package let postgresql: [String]

    /// Makes a migration.
    package init(name: String, sqlite: [String], postgresql: [String] = []) {
        self.name = name
        self.sqlite = sqlite
        self.postgresql = postgresql
    }
}
