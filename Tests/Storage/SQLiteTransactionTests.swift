import BucklerPrimitives
import Foundation
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("SQLite transactions", .timeLimit(.minutes(5)))
struct SQLiteTransactionTests {
    @Test(
        "a statement that ends the transaction fails its whole group, and the next group works",
        arguments: [true, false])
    func endedTransaction(swallowed: Bool) async throws {
        let database = try TemporaryDatabase(migrations: NoteTable.migrations)
        let engine = database.database
        try await engine.write { try $0.execute("INSERT INTO note (id, text) VALUES (1000, 'taken')") }
        let held = await HeldWriter(engine)
        let answers = Task {
            await concurrently(50) { index in
                await outcome { () async throws(StoreError) in
                    try await engine.write { connection in
                        guard index == 25 else {
                            return try connection.execute(
                                "INSERT INTO note (id, text) VALUES (\(index), \("\(index)"))")
                        }
                        do {
                            return try connection.execute(
                                "INSERT OR ROLLBACK INTO note (id, text) VALUES (25, 'taken')")
                        } catch  where swallowed { return 0 }
                    }
                }
            }
        }
        await until { engine.statistics.waiting == 50 }
        held.release()
        #expect(await answers.value.allSatisfy { (try? $0.get()) == nil })
        #expect(try await NoteTable.count(engine) == 1)
        try await engine.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'next')") }
        #expect(try await NoteTable.count(engine) == 2)
    }

    @Test("a body that commits by itself is told no, and the next write works")
    func strayCommit() async throws {
        let database = try TemporaryDatabase(migrations: NoteTable.migrations)
        let engine = database.database
        for statement: SQL in ["COMMIT", "ROLLBACK"] {
            await #expect(throws: StoreError.unavailable) { try await engine.write { try $0.execute(statement) } }
        }
        await #expect(throws: StoreError.inconsistent) { try await engine.write { try $0.execute("BEGIN") } }
        try await engine.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'next')") }
        #expect(try await NoteTable.count(engine) == 1)
    }

    @Test("two statements in one text are refused")
    func twoStatements() async throws {
        let database = try TemporaryDatabase(migrations: NoteTable.migrations)
        await #expect(throws: StoreError.inconsistent) {
            try await database.database.write {
                try $0.execute("INSERT INTO note (id, text) VALUES (1, 'a'); DELETE FROM note")
            }
        }
        #expect(try await NoteTable.count(database.database) == 0)
    }

    @Test("a process that dies after the answer loses nothing that it answered")
    func killed() async throws {
        let database = try TemporaryDatabase(migrations: NoteTable.migrations)
        let engine = database.database
        _ = await concurrently(100) { index in
            await outcome { () async throws(StoreError) in
                try await engine.write {
                    try $0.execute("INSERT INTO note (id, text) VALUES (\(index), \("\(index)"))")
                }
            }
        }
        // What a killed process leaves: the files as they are, without the checkpoint of an orderly end.
        let copy = try Self.copyFiles(of: engine.folder)
        let survivor = try SQLiteDatabase(folder: copy.path + "/data", migrations: NoteTable.migrations)
        #expect(try await NoteTable.count(survivor) == 100)
        await survivor.close()
    }

    @Test("a log that was cut anywhere loses whole writes from its end, never a part of one", arguments: 1...12)
    func cutLog(seed: Int) async throws {
        let database = try TemporaryDatabase(migrations: NoteTable.migrations)
        let engine = database.database
        for index in 0..<20 {
            try await engine.write { connection in
                try connection.execute("INSERT INTO note (id, text) VALUES (\(2 * index), \("\(2 * index)"))")
                try connection.execute("INSERT INTO note (id, text) VALUES (\(2 * index + 1), \("\(2 * index + 1)"))")
            }
        }
        let copy = try Self.copyFiles(of: engine.folder)
        let log = copy.path + "/data/state.sqlite-wal"
        let size = try #require(try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
        let kept = Int(Entropy.seeded(UInt64(seed)).integer(below: UInt32(size)))
        try #require(truncate(log, off_t(kept)) == 0)
        // The schema itself may be lost with the log; it is made anew then.
        let survivor = try SQLiteDatabase(folder: copy.path + "/data", migrations: NoteTable.migrations)
        let rows = try await survivor.read { try $0.query("SELECT id FROM note ORDER BY id").map { try $0.integer(0) } }
        #expect(rows.count.isMultiple(of: 2))
        #expect(rows == Array(0..<Int64(rows.count)))
        await survivor.close()
    }

    private static func copyFiles(of data: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try #require(mkdir(folder.path + "/data", 0o700) == 0)
        for name in ["state.sqlite", "state.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: data + "/" + name, toPath: folder.path + "/data/" + name)
        }
        return folder
    }
}
