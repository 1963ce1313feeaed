import BucklerPrimitives
import Foundation
import GRDB

/// The database file in the hands of an insider: any row, any column, no rules, no keys.
struct PlainFile {
    private let queue: DatabaseQueue

    /// Opens the file beside the program, with foreign keys and checks switched off.
    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA ignore_check_constraints = ON") }
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Every table of the product but the list of migrations.
    func tables() throws -> [String] {
        try queue.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_master
                    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migration' ORDER BY name
                    """)
        }
    }

    /// A table's columns and rows, as they are stored.
    func contents(of table: String) throws -> PlainTable {
        try queue.read { database in
            let columns = try database.columns(in: table).map(\.name)
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM \(table)")
            return PlainTable(name: table, columns: columns, rows: rows.map { Array($0.databaseValues) })
        }
    }

    /// Puts other rows in the place of a table's rows.
    func replace(_ table: PlainTable) throws {
        let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
        try queue.write { database in
            try database.execute(sql: "DELETE FROM \(table.name)")
            for row in table.rows {
                try database.execute(
                    sql: "INSERT INTO \(table.name) (\(table.columns.joined(separator: ", "))) VALUES (\(marks))",
                    arguments: StatementArguments(row))
            }
        }
    }

    func close() throws { try queue.close() }
}

/// A table as an insider sees it.
struct PlainTable {
    let name: String
    let columns: [String]
    var rows: [[DatabaseValue]]
}

/// One thing that an insider does to the data of two people.
struct Manipulation: Sendable, CustomStringConvertible {
    enum Change: Sendable {
        /// Two rows exchange one column.
        case swapColumn(Int, Int, Int)
        /// Two rows exchange everything but one column.
        case swapAllBut(Int, Int, Int)
        /// A row takes every column but one from another row.
        case overwriteAllBut(Int, Int, Int)
        /// A row goes.
        case delete(Int)
    }

    let table: String
    let column: String?
    let change: Change

    /// Whether the changed column is sealed or keyed: where it no longer fits, that must be said in the record.
    var isGuarded: Bool {
        guard case .swapColumn = change, let column else { return false }
        return column.hasSuffix("sealed") || column == "row_mac" || column == "wrapped"
    }

    var description: String { "\(table)\(column.map { ".\($0)" } ?? ""): \(change)" }

    /// Every change of one table: each column of each pair of rows, each row.
    static func all(of table: PlainTable) -> [Manipulation] {
        var all = table.rows.indices.map { Manipulation(table: table.name, column: nil, change: .delete($0)) }
        for (first, second) in pairs(of: table) {
            for (index, column) in table.columns.enumerated()
            where table.rows[first][index] != table.rows[second][index] {
                all.append(
                    Manipulation(table: table.name, column: column, change: .swapColumn(first, second, index)))
            }
            guard table.columns.count > 2 else { continue }
            all.append(
                Manipulation(
                    table: table.name, column: table.columns[0], change: .swapAllBut(first, second, 0)))
            for (to, from) in [(first, second), (second, first)] {
                all.append(
                    Manipulation(
                        table: table.name, column: table.columns[0], change: .overwriteAllBut(to, from, 0)))
            }
        }
        return all
    }

    /// Does it; false if the file's own uniqueness refuses.
    func apply(to file: PlainFile) throws -> Bool {
        var contents = try file.contents(of: table)
        switch change {
        case .delete(let row): contents.rows.remove(at: row)
        case .swapColumn(let first, let second, let column):
            let kept = contents.rows[first][column]
            contents.rows[first][column] = contents.rows[second][column]
            contents.rows[second][column] = kept
        case .swapAllBut(let first, let second, let column):
            let kept = contents.rows[first][column]
            contents.rows[first][column] = contents.rows[second][column]
            contents.rows[second][column] = kept
            contents.rows.swapAt(first, second)
        case .overwriteAllBut(let to, let from, let column):
            let kept = contents.rows[to][column]
            contents.rows[to] = contents.rows[from]
            contents.rows[to][column] = kept
        }
        do {
            try file.replace(contents)
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT { return false }
    }

    /// All pairs of a small table; of a large one, pairs from its two halves, so that both people are in them.
    private static func pairs(of table: PlainTable) -> [(Int, Int)] {
        let count = table.rows.count
        guard count > 1 else { return [] }
        if count <= 8 {
            return (0..<count).flatMap { first in ((first + 1)..<count).map { (first, $0) } }
        }
        let half = count / 2
        return [(0, half), (half - 1, count - 1), (0, count - 1)]
    }
}
