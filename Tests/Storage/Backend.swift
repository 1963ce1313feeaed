import BucklerPrimitives
import Dispatch
import SQLiteDriver
import Storage
import TestSupport
import Testing

/// An engine under test.
///
/// Every repository and contract test runs over `Backend.all`.
struct Backend: Sendable, CustomTestStringConvertible {
    let name: String
    private let opening: @Sendable (String, [Migration]) throws -> any EngineUnderTest

    var testDescription: String { name }

    /// Opens the engine on `folder`; the caller closes it.
    func open(_ folder: String, migrations: [Migration] = NoteTable.migrations) throws -> any EngineUnderTest {
        try opening(folder, migrations)
    }

    /// Runs `body` on a new, empty database.
    func withDatabase<Result>(
        migrations: [Migration] = NoteTable.migrations, _ body: (any EngineUnderTest) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let engine = try open(folder.path + "/data", migrations: migrations)
        let result: Result
        do { result = try await body(engine) } catch {
            await engine.close()
            throw error
        }
        await engine.close()
        return result
    }

    static let sqlite = Backend(name: "SQLite") { try SQLiteDatabase(folder: $0, migrations: $1) }
    static let all = [sqlite]
}

/// What the contract needs beyond `SQLDatabase`.
protocol EngineUnderTest: SQLDatabase {
    func close() async
    var waitingWrites: Int { get }
}

extension SQLiteDatabase: EngineUnderTest {
    var waitingWrites: Int { statistics.waiting }
}

/// A table for the contract: a number, a unique text and a mark.
enum NoteTable {
    static let migrations = [
        Migration(
            name: "0001_note",
            sqlite: [
                """
                CREATE TABLE note (
                    id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL UNIQUE, content BLOB, spent_at INTEGER
                ) STRICT
                """
            ])
    ]

    static func count(_ database: any SQLDatabase) async throws -> Int64 {
        try await database.read { try $0.query("SELECT count(*) FROM note")[0].integer(0) }
    }
}

/// Runs `body` that many times at once and returns the answers in no particular order.
func concurrently<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async -> Result
) async -> [Result] {
    await withTaskGroup(of: Result.self) { group in
        for index in 0..<count { group.addTask { await body(index) } }
        return await group.reduce(into: []) { $0.append($1) }
    }
}

/// Yields until `condition` holds.
func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}

/// A write that holds the engine's writer until it is told to go on.
final class HeldWriter: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    let task: Task<Swift.Result<Void, StoreError>, Never>

    /// Returns when the writer is held.
    init(_ database: any SQLDatabase, statement: SQL = "SELECT 1") async {
        let gate = self.gate
        let (stream, signal) = AsyncStream<Void>.makeStream()
        task = Task {
            await outcome { () async throws(StoreError) in
                try await database.write { connection in
                    _ = try connection.query(statement)
                    signal.finish()
                    gate.wait()
                }
            }
        }
        for await _ in stream {}
    }

    func release() { gate.signal() }
}

/// The answer of a throwing call as a value.
func outcome<Value: Sendable>(
    _ body: () async throws(StoreError) -> Value
) async -> Swift.Result<Value, StoreError> {
    do throws(StoreError) { return .success(try await body()) } catch { return .failure(error) }
}
