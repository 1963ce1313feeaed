import BucklerPrimitives
import DataProtection
import Foundation
import GRDB
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("SQLite in a bad environment", .timeLimit(.minutes(5)))
struct SQLiteEnvironmentTests {
    @Test("folder and files can be read by their owner only")
    func modes() async {
        // The mask is the whole process's: other tests' files must not be made under this one.
        await #expect(processExitsWith: .success) {
            umask(0)
            let folder = try TemporaryFolder()
            let database = try SQLiteDatabase(folder: folder.path + "/data", migrations: NoteTable.migrations)
            try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'a')") }
            let files = SystemKeyFiles()
            #expect(try files.status(of: folder.path + "/data")?.mode == 0o700)
            for name in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm", "lock"] {
                #expect(try files.status(of: folder.path + "/data/" + name)?.mode == 0o600, "\(name)")
            }
            await database.close()
        }
    }

    @Test("a second server on the same data is refused and told why; after the first ended it starts")
    func secondServer() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        let first = try SQLiteDatabase(folder: path, migrations: NoteTable.migrations)
        let error = #expect(throws: SQLiteOpenError.self) {
            try SQLiteDatabase(folder: path, migrations: NoteTable.migrations)
        }
        #expect(error == .alreadyInUse(path: path))
        #expect(error?.description.contains(path) == true)
        try await first.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'still served')") }
        await first.close()
        await (try SQLiteDatabase(folder: path, migrations: NoteTable.migrations)).close()
    }

    @Test("another program's lock at the start is named, and later only makes writes unavailable")
    func lockedByAnother() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        var limits = SQLiteLimits()
        limits.lockWaitSeconds = 0.05
        let database = try SQLiteDatabase(folder: path, migrations: NoteTable.migrations, limits: limits)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path + "/state.sqlite", configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        await #expect(throws: StoreError.unavailable) {
            try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'a')") }
        }
        #expect(try await NoteTable.count(database) == 0)
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'a')") }
        await database.close()

        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        #expect(throws: SQLiteOpenError.locked(path: path + "/state.sqlite")) {
            try SQLiteDatabase(folder: path, migrations: NoteTable.migrations, limits: limits)
        }
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try other.close()
        await (try SQLiteDatabase(folder: path, migrations: NoteTable.migrations, limits: limits)).close()
    }

    @Test("a file that is no database is named")
    func noDatabase() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        try #require(mkdir(path, 0o700) == 0)
        try Data(repeating: 65, count: 8192).write(to: URL(filePath: path + "/state.sqlite"))
        #expect(throws: SQLiteOpenError.damaged(path: path + "/state.sqlite")) { try SQLiteDatabase(folder: path) }
    }

    @Test("a missing parent folder, and a file where the folder should be, are named")
    func unusableFolder() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/a/b"
        #expect(throws: SQLiteOpenError.folderUnusable(path: missing)) { try SQLiteDatabase(folder: missing) }
        let file = folder.path + "/file"
        try Data().write(to: URL(filePath: file))
        #expect(throws: SQLiteOpenError.folderUnusable(path: file)) { try SQLiteDatabase(folder: file) }
    }

    @Test("a read-only folder is named", .enabled(if: SmallDisk.isAvailable, "needs the right to mount"))
    func readOnly() async throws {
        let disk = try SmallDisk(megabytes: 4)
        await (try SQLiteDatabase(folder: disk.path + "/data", migrations: NoteTable.migrations)).close()
        try disk.makeReadOnly()
        let error = #expect(throws: SQLiteOpenError.self) {
            try SQLiteDatabase(folder: disk.path + "/data", migrations: NoteTable.migrations)
        }
        #expect(error == .readOnly(path: disk.path + "/data/lock"))
        #expect(error?.description.contains(disk.path) == true)
    }

    @Test(
        "a full disk: what was acknowledged stays, the rest is told no, and space helps",
        .enabled(if: SmallDisk.isAvailable, "needs the right to mount"))
    func fullDisk() async throws {
        let disk = try SmallDisk(megabytes: 2)
        let ballast = disk.path + "/ballast"
        try Data(repeating: 1, count: 400_000).write(to: URL(filePath: ballast))
        let path = disk.path + "/data"
        let database = try SQLiteDatabase(folder: path, migrations: NoteTable.migrations)
        let content = [UInt8](repeating: 7, count: 3000)
        let answers = await concurrently(1000) { index in
            await outcome { () async throws(StoreError) in
                try await database.write {
                    try $0.execute("INSERT INTO note (id, text, content) VALUES (\(index), \("\(index)"), \(content))")
                }
            }
        }
        let written = answers.count { $0 == .success(1) }
        #expect(written > 0)
        #expect(answers.count { $0 == .failure(.full) } == 1000 - written)
        #expect(try await NoteTable.count(database) == Int64(written))
        try FileManager.default.removeItem(atPath: ballast)
        try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (5000, 'space again')") }
        await database.close()
        let again = try SQLiteDatabase(folder: path, migrations: NoteTable.migrations)
        #expect(try await NoteTable.count(again) == Int64(written + 1))
        #expect(try await again.read { try $0.query("PRAGMA integrity_check")[0].text(0) } == "ok")
        await again.close()
    }

    @Test("a disk that is full at the start is named", .enabled(if: SmallDisk.isAvailable, "needs the right to mount"))
    func fullAtStart() throws {
        let disk = try SmallDisk(megabytes: 1)
        let data = disk.path + "/data"
        try #require(mkdir(data, 0o700) == 0)
        try Data().write(to: URL(filePath: disk.path + "/ballast"))
        let ballast = try FileHandle(forWritingTo: URL(filePath: disk.path + "/ballast"))
        while (try? ballast.write(contentsOf: Data(count: 4096))) != nil {}
        let error = #expect(throws: SQLiteOpenError.self) { try SQLiteDatabase(folder: data) }
        #expect(error?.description.contains(data) == true)
        #expect(error?.description.contains("no space left") == true)
    }

    @Test("a bounded queue refuses what does not fit and writes the rest")
    func boundedQueue() async throws {
        var limits = SQLiteLimits()
        limits.maximumWaitingWrites = 10
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(
            folder: folder.path + "/data", migrations: NoteTable.migrations, limits: limits)
        let held = await HeldWriter(database)
        let answers = Task {
            await concurrently(25) { index in
                await outcome { () async throws(StoreError) in
                    try await database.write {
                        try $0.execute("INSERT INTO note (id, text) VALUES (\(index), \("\(index)"))")
                    }
                }
            }
        }
        await until { database.statistics.refused == 15 }
        held.release()
        #expect(await answers.value.count { $0 == .success(1) } == 10)
        #expect(await answers.value.count { $0 == .failure(.unavailable) } == 15)
        #expect(try await NoteTable.count(database) == 10)
        await database.close()
    }
}
