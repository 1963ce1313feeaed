import BucklerPrimitives
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("Migrations")
struct MigrationTests {
    static let first = Migration(name: "0001_a", sqlite: ["CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT"])
    static let second = Migration(name: "0002_b", sqlite: ["CREATE TABLE b (id INTEGER PRIMARY KEY) STRICT"])

    @Test("the product's migrations are in order, each name once")
    func order() {
        let names = Migrations.all.map(\.name)
        #expect(names == names.sorted())
        #expect(Set(names).count == names.count)
        for name in names { #expect(Int(name.prefix(4)) != nil) }
    }

    @Test("the product's schema opens, twice", arguments: Backend.all)
    func productSchema(backend: Backend) async throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 {
            let database = try backend.open(folder.path + "/data", migrations: Migrations.all)
            await database.close()
        }
    }

    @Test("a new migration is applied to an old database", arguments: Backend.all)
    func upgrade(backend: Backend) async throws {
        let folder = try TemporaryFolder()
        await (try backend.open(folder.path + "/data", migrations: [Self.first])).close()
        let database = try backend.open(folder.path + "/data", migrations: [Self.first, Self.second])
        _ = try await database.write { try $0.execute("INSERT INTO b (id) VALUES (1)") }
        await database.close()
    }

    @Test("a database of a newer program is refused and named")
    func newer() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        await (try SQLiteDatabase(folder: path, migrations: [Self.first, Self.second])).close()
        let error = #expect(throws: SQLiteOpenError.self) { try SQLiteDatabase(folder: path, migrations: [Self.first]) }
        #expect(error == .schemaTooNew(path: path + "/state.sqlite", migration: "0002_b"))
        #expect(error?.description.contains("0002_b") == true)
    }

    @Test("a migration that was changed after it landed is refused")
    func changed() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        await (try SQLiteDatabase(folder: path, migrations: [Self.first])).close()
        let changed = Migration(name: "0001_a", sqlite: ["CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT) STRICT"])
        #expect(throws: SQLiteOpenError.schemaDiffers(path: path + "/state.sqlite", migration: "0001_a")) {
            try SQLiteDatabase(folder: path, migrations: [changed])
        }
    }

    @Test("a migration put before an applied one is refused")
    func inserted() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        await (try SQLiteDatabase(folder: path, migrations: [Self.second])).close()
        #expect(throws: SQLiteOpenError.schemaDiffers(path: path + "/state.sqlite", migration: "0001_a")) {
            try SQLiteDatabase(folder: path, migrations: [Self.first, Self.second])
        }
    }

    @Test("a failing migration leaves nothing behind, and the next start tries again")
    func failing() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/data"
        let broken = Migration(
            name: "0002_b", sqlite: ["CREATE TABLE b (id INTEGER PRIMARY KEY) STRICT", "CREATE NONSENSE"])
        #expect(throws: SQLiteOpenError.migrationFailed(path: path + "/state.sqlite", migration: "0002_b")) {
            try SQLiteDatabase(folder: path, migrations: [Self.first, broken])
        }
        let database = try SQLiteDatabase(folder: path, migrations: [Self.first, Self.second])
        _ = try await database.write { try $0.execute("INSERT INTO b (id) VALUES (1)") }
        await database.close()
    }
}
