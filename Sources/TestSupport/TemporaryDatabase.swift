import SQLiteDriver
import Storage

/// An embedded database in a temporary folder, with the product's whole schema, for one test.
package final class TemporaryDatabase: Sendable {
    /// The engine.
    package let database: SQLiteDatabase
    private let folder: TemporaryFolder

    /// The data folder's path.
    package var path: String { database.folder }

    /// Opens a new database.
    package init(
        migrations: [Migration] = Migrations.all, limits: SQLiteLimits = SQLiteLimits()
    ) throws {
        folder = try TemporaryFolder()
        database = try SQLiteDatabase(folder: folder.path + "/data", migrations: migrations, limits: limits)
    }
}
