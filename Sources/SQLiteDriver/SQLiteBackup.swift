import BucklerPrimitives
import Foundation
import GRDB

/// Why a backup was not made.
///
/// Nothing is left at the destination.
package enum SQLiteBackupError: Error, Equatable {
    /// Something stands at the destination already; a backup never overwrites.
    case exists(path: String)
    /// The destination's folder is missing or takes no writes.
    case unwritable(path: String)
    /// No space left.
    case full(path: String)
    /// The database is closed or did not answer.
    case unavailable
}

extension SQLiteBackupError: CustomStringConvertible {
    /// What is wrong and what to do.
    package var description: String {
        switch self {
        case .exists(let path): "\(path) exists already; a backup overwrites nothing. Name another file."
        case .unwritable(let path): "\(path) cannot be written. Name a file in a folder of the server's user."
        case .full(let path): "There is no space left for the backup \(path)."
        case .unavailable: "The database did not answer; no backup was made."
        }
    }
}

extension SQLiteDatabase {
    /// Copies one consistent state into a new file (mode 0600) while readers and writers go on; answers its size in bytes.
    ///
    /// The copy holds everything that was acknowledged before the call, and no key: keys are not in the database. It is a
    /// complete database without WAL; put in an empty data folder as `state.sqlite` it starts with the same keys directory.
    /// It appears under its name only when it is complete and on the disk.
    @discardableResult
    package func backup(to path: String) async throws(SQLiteBackupError) -> Int64 {
        let partial = path + ".partial"
        guard access(path, F_OK) != 0 else { throw .exists(path: path) }
        unlink(partial)
        let descriptor = open(partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw errno == ENOSPC ? .full(path: path) : .unwritable(path: path) }
        defer { Foundation.close(descriptor) }
        do throws(SQLiteBackupError) {
            try await copy(to: partial)
            return try finish(partial, as: path, descriptor)
        } catch {
            unlink(partial)
            if case .full = error { throw .full(path: path) }
            throw error
        }
    }

    /// Closing any descriptor of a file drops SQLite's locks on it, so the copy's connection is closed before the caller's.
    private func copy(to partial: String) async throws(SQLiteBackupError) {
        let outcome: Result<Void, SQLiteBackupError> = await withReader { reader in
            do {
                let source = try reader.get()
                let destination = try DatabaseQueue(path: partial)
                try destination.writeWithoutTransaction { copy in
                    try source.backup(to: copy)
                    // The copied header says WAL, which would need two more files beside it.
                    try copy.execute(sql: "PRAGMA journal_mode = DELETE")
                }
                try destination.close()
                return .success(())
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
                return .failure(.full(path: partial))
            } catch {
                return .failure(.unavailable)
            }
        }
        try outcome.get()
    }

    private func finish(
        _ partial: String, as path: String, _ descriptor: Int32
    ) throws(SQLiteBackupError) -> Int64 {
        var status = stat()
        // `link` refuses an existing name, `rename` would replace it.
        guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else { throw .unwritable(path: path) }
        guard link(partial, path) == 0 else { throw errno == EEXIST ? .exists(path: path) : .unwritable(path: path) }
        unlink(partial)
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let folder = open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .unwritable(path: path) }
        defer { Foundation.close(folder) }
        guard fsync(folder) == 0 else { throw .unwritable(path: path) }
        return Int64(status.st_size)
    }
}
