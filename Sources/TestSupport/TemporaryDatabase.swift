import BucklerPrimitives
import Foundation
import SQLiteDriver
import Storage

/// A folder of its own for one test, removed when the last reference goes.
public final class TemporaryFolder: Sendable {
    /// The folder's path; mode 0700.
    public let path: String

    /// Creates the folder, in memory where the system offers that.
    public init() throws {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
        var template = Array("\(base)/buckler-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        path = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

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
