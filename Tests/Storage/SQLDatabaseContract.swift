import BucklerPrimitives
import Storage
import TestSupport
import Testing

@Suite("SQLDatabase contract", .timeLimit(.minutes(5)))
struct SQLDatabaseContract {
    @Test(
        "200 concurrent writers, 40 of them failing: the others' rows are there and only theirs", arguments: Backend.all
    )
    func groupIsolation(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1000, 'taken')") }
            let answers = await concurrently(200) { index in
                await outcome { () async throws(StoreError) in
                    try await database.write { connection in
                        try connection.execute("INSERT INTO note (id, text) VALUES (\(index), \("note \(index)"))")
                        if index % 10 == 3 { throw Refused() }
                        if index % 10 == 7 {
                            try connection.execute("INSERT INTO note (id, text) VALUES (\(index + 2000), 'taken')")
                        }
                        return index
                    }
                }
            }
            let written = answers.compactMap { try? $0.get() }
            #expect(written.count == 160)
            #expect(answers.count { $0 == .failure(.inconsistent) } == 20)
            #expect(answers.count { $0 == .failure(.conflict) } == 20)
            let rows = try await database.read { try $0.query("SELECT id FROM note WHERE id < 1000 ORDER BY id") }
            #expect(try rows.map { Int(try $0.integer(0)) } == written.sorted())
            let count = try await NoteTable.count(database)
            #expect(count == 161)
        }
    }

    @Test("a StoreError of the body arrives as it is, any other as inconsistent", arguments: Backend.all)
    func bodyErrors(backend: Backend) async throws {
        try await backend.withDatabase { database in
            await #expect(throws: StoreError.tampered(table: "note")) {
                try await database.write { _ in throw StoreError.tampered(table: "note") }
            }
            await #expect(throws: StoreError.inconsistent) { try await database.write { _ in throw Refused() } }
            await #expect(throws: StoreError.inconsistent) { try await database.read { _ in throw Refused() } }
            await #expect(throws: StoreError.inconsistent) {
                try await database.write { try $0.execute("INSERT INTO nowhere (id) VALUES (1)") }
            }
        }
    }

    @Test(
        "a caller cancelled while waiting writes nothing, one whose turn has come hears the truth",
        arguments: Backend.all)
    func cancellation(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let held = await HeldWriter(
                database, statement: "INSERT INTO note (id, text) VALUES (999, 'held') RETURNING id")
            let waiting = (0..<100).map { index in
                Task {
                    await outcome { () async throws(StoreError) in
                        try await database.write {
                            try $0.execute("INSERT INTO note (id, text) VALUES (\(index), \("\(index)"))")
                        }
                    }
                }
            }
            await until { database.waitingWrites == 100 }
            for index in stride(from: 0, to: 100, by: 2) { waiting[index].cancel() }
            for index in stride(from: 0, to: 100, by: 2) { #expect(await waiting[index].value == .failure(.cancelled)) }
            held.task.cancel()
            held.release()
            guard case .success = await held.task.value else {
                Issue.record("the running write was not told that it was committed")
                return
            }
            for index in stride(from: 1, to: 100, by: 2) { #expect(await waiting[index].value == .success(1)) }
            let rows = try await database.read { try $0.query("SELECT id FROM note ORDER BY id") }
            let expected = Array(stride(from: Int64(1), to: 100, by: 2)) + [999]
            #expect(try rows.map { try $0.integer(0) } == expected)
        }
    }

    @Test("a caller cancelled before it began writes nothing", arguments: Backend.all)
    func cancelledBefore(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let gate = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in gate.stream {}
                return await outcome { () async throws(StoreError) in
                    try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'late')") }
                }
            }
            task.cancel()
            gate.continuation.finish()
            #expect(await task.value == .failure(.cancelled))
            let count = try await NoteTable.count(database)
            #expect(count == 0)
        }
    }

    @Test("cancelling at any moment never separates answer and rows", arguments: Backend.all)
    func cancellationRace(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let tasks = (0..<400).map { index in
                Task {
                    await outcome { () async throws(StoreError) in
                        try await database.write {
                            try $0.execute("INSERT INTO note (id, text) VALUES (\(index), \("\(index)"))")
                        }
                    }
                }
            }
            for index in stride(from: 0, to: 400, by: 2) { tasks[index].cancel() }
            var written = 0
            for task in tasks {
                switch await task.value {
                case .success: written += 1
                case .failure(let error): #expect(error == .cancelled)
                }
            }
            #expect(written >= 200)
            let count = try await NoteTable.count(database)
            #expect(count == Int64(written))
        }
    }

    @Test("acknowledged writes are there after closing and opening again", arguments: Backend.all)
    func reopening(backend: Backend) async throws {
        let folder = try TemporaryFolder()
        for round in 0..<3 {
            let database = try backend.open(folder.path + "/data")
            let count = try await NoteTable.count(database)
            #expect(count == Int64(round * 20))
            _ = await concurrently(20) { index in
                await outcome { () async throws(StoreError) in
                    let number = round * 20 + index
                    return try await database.write {
                        try $0.execute("INSERT INTO note (id, text) VALUES (\(number), \("\(number)"))")
                    }
                }
            }
            await database.close()
        }
    }

    @Test("a closed database answers unavailable, and closing waits for what was queued", arguments: Backend.all)
    func closing(backend: Backend) async throws {
        let folder = try TemporaryFolder()
        let database = try backend.open(folder.path + "/data")
        let held = await HeldWriter(database)
        let queued = Task {
            await outcome { () async throws(StoreError) in
                try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'queued')") }
            }
        }
        await until { database.waitingWrites == 1 }
        async let closed: Void = database.close()
        held.release()
        await closed
        #expect(await queued.value == .success(1))
        await #expect(throws: StoreError.unavailable) { try await database.write { _ in } }
        await #expect(throws: StoreError.unavailable) { try await database.read { _ in } }
        await database.close()
        let again = try backend.open(folder.path + "/data")
        let count = try await NoteTable.count(again)
        #expect(count == 1)
        await again.close()
    }

    @Test("a reader sees every write acknowledged before it began", arguments: Backend.all)
    func readYourWrites(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let seen = await concurrently(64) { index in
                await outcome { () async throws(StoreError) in
                    try await database.write {
                        try $0.execute("INSERT INTO note (id, text) VALUES (\(index), \("\(index)"))")
                    }
                    return try await database.read {
                        try $0.query("SELECT count(*) FROM note WHERE id = \(index)")[0].integer(0)
                    }
                }
            }
            #expect(seen == Array(repeating: .success(1), count: 64))
        }
    }

    @Test("a reader's statements see one state, whatever is committed meanwhile", arguments: Backend.all)
    func snapshot(backend: Backend) async throws {
        try await backend.withDatabase { database in
            async let writer: Void = {
                for index in 0..<200 {
                    try await database.write {
                        try $0.execute("INSERT INTO note (id, text) VALUES (\(index), \("\(index)"))")
                    }
                }
            }()
            for _ in 0..<100 {
                let counts = try await database.read { connection in
                    try (0..<3).map { _ in try connection.query("SELECT count(*) FROM note")[0].integer(0) }
                }
                #expect(Set(counts).count == 1)
            }
            try await writer
        }
    }

    @Test("a reader cannot write", arguments: Backend.all)
    func readersDoNotWrite(backend: Backend) async throws {
        try await backend.withDatabase { database in
            await #expect(throws: StoreError.self) {
                try await database.read { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'x')") }
            }
            let count = try await NoteTable.count(database)
            #expect(count == 0)
        }
    }

    @Test("a code is spent once, even by 50 concurrent callers", arguments: Backend.all)
    func singleUse(backend: Backend) async throws {
        try await backend.withDatabase { database in
            try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'code')") }
            let answers = await concurrently(50) { index in
                await outcome { () async throws(StoreError) in
                    try await database.write {
                        try $0.execute(
                            "UPDATE note SET spent_at = \(index) WHERE text = 'code' AND spent_at IS NULL")
                    }
                }
            }
            #expect(answers.count { $0 == .success(1) } == 1)
            #expect(answers.count { $0 == .success(0) } == 49)
        }
    }

    @Test("of 50 callers inserting one unique value, one is told yes and 49 conflict", arguments: Backend.all)
    func uniqueness(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let answers = await concurrently(50) { index in
                await outcome { () async throws(StoreError) in
                    try await database.write {
                        try $0.execute("INSERT INTO note (id, text) VALUES (\(index), 'same')")
                    }
                }
            }
            #expect(answers.count { $0 == .success(1) } == 1)
            #expect(answers.count { $0 == .failure(.conflict) } == 49)
        }
    }
}

/// An error that is no `StoreError`.
struct Refused: Error {}
