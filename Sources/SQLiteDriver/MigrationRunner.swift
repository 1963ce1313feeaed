import BucklerPrimitives
import Crypto
import Foundation
import GRDB
import Storage

/// Brings the schema up to date, one migration per transaction, and refuses a schema that it does not know.
///
/// Append-only: what was applied must be exactly the beginning of this program's list, with the same statements.
struct MigrationRunner {
    let pool: DatabasePool
    let path: String
    let clock: WallClock

    func run(_ migrations: [Migration]) throws(SQLiteOpenError) {
        do {
            let applied = try pool.writeWithoutTransaction { try appliedMigrations($0) }
            try check(applied, against: migrations)
            for migration in migrations.dropFirst(applied.count) {
                try pool.writeWithoutTransaction { try apply(migration, $0) }
            }
        } catch {
            throw SQLiteOpenError(error, path: path)
        }
    }

    private func appliedMigrations(_ database: Database) throws -> [(name: String, digest: Data)] {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    name TEXT NOT NULL PRIMARY KEY, digest BLOB NOT NULL, applied_at INTEGER NOT NULL
                ) STRICT
                """)
        let rows = try Row.fetchAll(database, sql: "SELECT name, digest FROM schema_migration ORDER BY name")
        return rows.map { ($0[0], $0[1]) }
    }

    private func check(_ applied: [(name: String, digest: Data)], against known: [Migration]) throws(SQLiteOpenError) {
        let names = Set(known.map(\.name))
        if let foreign = applied.first(where: { !names.contains($0.name) }) {
            throw .schemaTooNew(path: path, migration: foreign.name)
        }
        for (row, migration) in zip(applied, known) where row.name != migration.name || row.digest != digest(migration)
        {
            throw .schemaDiffers(path: path, migration: migration.name)
        }
    }

    private func apply(_ migration: Migration, _ database: Database) throws {
        do {
            try database.inTransaction(.immediate) {
                for statement in migration.sqlite { try database.execute(sql: statement) }
                try database.execute(
                    sql: "INSERT INTO schema_migration (name, digest, applied_at) VALUES (?, ?, ?)",
                    arguments: [migration.name, digest(migration), clock.now.milliseconds])
                return .commit
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            throw SQLiteOpenError.migrationFailed(path: path, migration: migration.name)
        }
    }

    private func digest(_ migration: Migration) -> Data {
        var hash = SHA256()
        for statement in migration.sqlite {
            withUnsafeBytes(of: UInt64(statement.utf8.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: Array(statement.utf8))
        }
        return Data(hash.finalize())
    }
}
