import BucklerPrimitives
import Storage
import TestSupport
import Testing

@Suite("SQL values contract")
struct SQLValueContract {
    @Test(
        "text that looks like SQL is stored as text",
        arguments: Backend.all,
        [
            "'; DROP TABLE note; --", "\" OR 1=1", "?1", ":name", "$1", "a\u{0}b", "", " ", "é\u{1F600}", "\\x00", "'",
        ])
    func injection(backend: Backend, text: String) async throws {
        try await backend.withDatabase { database in
            try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (1, 'innocent')") }
            try await database.write { try $0.execute("INSERT INTO note (id, text) VALUES (2, \(text))") }
            let found = try await database.read { try $0.query("SELECT id, text FROM note WHERE text = \(text)") }
            #expect(found.count == 1)
            #expect(try found.first?.text(1) == text)
            let count = try await NoteTable.count(database)
            #expect(count == 2)
        }
    }

    @Test("every kind of value survives the round trip", arguments: Backend.all)
    func roundTrip(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let blobs: [[UInt8]?] = [nil, [], [0], Array(0...255), [UInt8](repeating: 7, count: 100_000)]
            for (index, blob) in blobs.enumerated() {
                try await database.write {
                    try $0.execute("INSERT INTO note (id, text, content) VALUES (\(index), \("\(index)"), \(blob))")
                }
                let row = try await database.read { try $0.query("SELECT content FROM note WHERE id = \(index)")[0] }
                #expect(try row.optional(0, SQLRow.blob) == blob)
                #expect(row.isNull(0) == (blob == nil))
            }
            for number in [Int64.min, -1, 0, 1, .max] {
                let row = try await database.read { try $0.query("SELECT \(number)")[0] }
                #expect(try row.integer(0) == number)
            }
        }
    }

    @Test("a column of another kind is inconsistent, not converted", arguments: Backend.all)
    func noConversion(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let row = try await database.read { try $0.query("SELECT 1, 'one', NULL")[0] }
            #expect(throws: StoreError.inconsistent) { try row.text(0) }
            #expect(throws: StoreError.inconsistent) { try row.integer(1) }
            #expect(throws: StoreError.inconsistent) { try row.blob(1) }
            #expect(throws: StoreError.inconsistent) { try row.blob(2) }
            #expect(throws: StoreError.inconsistent) { try row.integer(3) }
            #expect(throws: StoreError.inconsistent) { try row.identifier(1, as: AccountID.self) }
            await #expect(throws: StoreError.inconsistent) { try await database.read { try $0.query("SELECT 1.5") } }
        }
    }

    @Test("the number of changed rows is the statement's own", arguments: Backend.all)
    func changeCounts(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let counts = try await database.write { connection in
                [
                    try connection.execute("INSERT INTO note (id, text) VALUES (1, 'a'), (2, 'b'), (3, 'c')"),
                    try connection.execute("UPDATE note SET spent_at = 1 WHERE id > 1"),
                    try connection.execute("UPDATE note SET spent_at = 1 WHERE id > 100"),
                    try connection.execute("SELECT 1"),
                    try connection.execute("DELETE FROM note WHERE id = 1"),
                    try connection.execute("DELETE FROM note WHERE id = 1"),
                    try connection.execute("INSERT INTO note (id, text) VALUES (2, 'b') ON CONFLICT DO NOTHING"),
                ]
            }
            #expect(counts == [3, 2, 0, 0, 1, 0, 0])
        }
    }

    @Test("RETURNING answers the changed rows", arguments: Backend.all)
    func returning(backend: Backend) async throws {
        try await backend.withDatabase { database in
            let rows = try await database.write {
                try $0.query("INSERT INTO note (id, text) VALUES (5, 'a'), (6, 'b') RETURNING id, text")
            }
            #expect(try rows.map { try $0.integer(0) } == [5, 6])
            let count = try await NoteTable.count(database)
            #expect(count == 2)
        }
    }
}
