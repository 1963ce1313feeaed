import BucklerPrimitives
import GRDB
import Storage

/// The embedded engine: one SQLite file in the data folder, served by one process at a time.
///
/// WAL with `synchronous = FULL`: an acknowledged write survives a power cut. Concurrent writers share a transaction
/// (group commit) and are answered after it is durable; readers work on snapshots beside the writer and see every write
/// that was acknowledged before they began.
package final class SQLiteDatabase: SQLDatabase, Sendable {
    /// The data folder.
    package let folder: String
    private let pool: DatabasePool
    private let lock: DataFolderLock
    private let writer: GroupCommit
    private let faults: SQLiteFaultReporter

    /// The database's file name inside the data folder.
    package static let fileName = "state.sqlite"

    /// Opens (or creates) the database of `folder`, takes the folder's lock and brings the schema up to date.
    ///
    /// Blocks; meant for the start of a process. The folder is created with mode 0700, the file with 0600.
    ///
    /// - Parameters:
    ///   - folder: the data folder's path.
    ///   - migrations: the schema in order; tests may give their own.
    ///   - limits: bounds of queue, group and readers.
    ///   - clock: stamps the schema's table of migrations.
    ///   - onCommit: called after each transaction that was committed, before its callers are answered; must be quick.
    ///   - onFault: told about engine errors that are not the caller's; the text holds no values.
    /// - Throws: what is wrong with folder, file or schema, with a text for the operator.
    package init(
        folder: String, migrations: [Migration] = Migrations.all, limits: SQLiteLimits = SQLiteLimits(),
        clock: WallClock = .system, onCommit: @escaping @Sendable () -> Void = {},
        onFault: @escaping @Sendable (SQLiteFault) -> Void = { _ in }
    ) throws(SQLiteOpenError) {
        let path = folder + "/" + Self.fileName
        lock = try DataFolderLock(folder: folder)
        try DataFolder.createFile(at: path)
        let faults = SQLiteFaultReporter(report: onFault)
        pool = try Self.openPool(path: path, limits: limits)
        self.folder = folder
        self.faults = faults
        writer = GroupCommit(pool: pool, limits: limits, onCommit: onCommit, faults: faults)
        try MigrationRunner(pool: pool, path: path, clock: clock).run(migrations)
    }

    /// Runs `body` on a snapshot of the last committed state.
    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        guard !Task.isCancelled else { throw .cancelled }
        let faults = self.faults
        return try await withReader { Self.snapshot($0, faults, body) }.get()
    }

    /// Runs `body` in a savepoint of the next group's transaction and answers after the group's commit.
    ///
    /// A caller that is cancelled while it waits gets `.cancelled` and nothing is written; once its turn has come it
    /// gets the truth about its commit, cancelled or not.
    @discardableResult
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(StoreError) -> Result {
        let job = TypedWriteJob(body)
        let outcome: Swift.Result<Result, StoreError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                job.attach(continuation)
                writer.enqueue(job)
            }
        } onCancel: {
            writer.cancel(job)
        }
        return try outcome.get()
    }

    /// Lets the waiting writes finish, refuses new ones and closes the file.
    ///
    /// Safe to call twice.
    package func close() async {
        guard await writer.close() else { return }
        let pool = self.pool
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            pool.asyncWriteWithoutTransaction { database in
                // Best effort: an unfinished checkpoint is made up for at the next opening.
                _ = try? database.checkpoint(.truncate)
                continuation.resume()
            }
        }
        try? pool.close()
        lock.release()
    }

    /// Counters since the opening.
    package var statistics: SQLiteStatistics { writer.statistics }

    /// Runs `body` on a reader's own thread, without a transaction.
    func withReader<Value: Sendable>(
        _ body: @escaping @Sendable (Swift.Result<Database, any Error>) -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            pool.asyncUnsafeRead { continuation.resume(returning: body($0)) }
        }
    }

    private static func snapshot<Result>(
        _ reader: Swift.Result<Database, any Error>, _ faults: SQLiteFaultReporter,
        _ body: (any SQLConnection) throws -> Result
    ) -> Swift.Result<Result, StoreError> {
        guard case .success(let database) = reader else { return .failure(.unavailable) }
        let connection = SQLiteConnection(database, faults)
        do {
            try connection.control("BEGIN DEFERRED")
            defer { connection.abandon() }
            return .success(try body(connection))
        } catch {
            return .failure(StoreError(bodyFailure: error))
        }
    }

    private static func openPool(path: String, limits: SQLiteLimits) throws(SQLiteOpenError) -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "buckler"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(limits.lockWaitSeconds)
        configuration.maximumReaderCount = limits.maximumReaderCount
        configuration.persistentReadOnlyConnections = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA cell_size_check = ON")
            // What was deleted is overwritten, so that a copied file does not hold it still.
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        do {
            let pool = try DatabasePool(path: path, configuration: configuration)
            // After opening: the pool itself sets NORMAL when it switches to WAL.
            let settings = try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                return (
                    synchronous: try Int.fetchOne(database, sql: "PRAGMA synchronous"),
                    journal: try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                    foreignKeys: try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
                )
            }
            guard settings.synchronous == 2, settings.journal == "wal", settings.foreignKeys == 1 else {
                throw SQLiteOpenError.notDurable(path: path)
            }
            return pool
        } catch {
            throw SQLiteOpenError(error, path: path)
        }
    }
}

/// Bounds of the embedded engine.
package struct SQLiteLimits: Sendable {
    /// Writes that may wait; one more is answered `.unavailable`.
    package var maximumWaitingWrites = 8192
    /// Writes in one transaction.
    package var maximumGroupSize = 256
    /// Connections that read beside the writer.
    package var maximumReaderCount = 4
    /// How long a lock of another process is waited for.
    package var lockWaitSeconds = 1.0

    /// The product's values.
    package init() {}
}
