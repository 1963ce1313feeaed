import GRDB
import Storage

/// Why the embedded database did not open.
///
/// The descriptions are meant for the operator's terminal.
package enum SQLiteOpenError: Error, Equatable {
    /// The folder does not exist and could not be created, or is no folder.
    case folderUnusable(path: String)
    /// Another process serves this folder.
    case alreadyInUse(path: String)
    /// The folder or file takes no writes.
    case readOnly(path: String)
    /// The file system has no space left.
    case full(path: String)
    /// Another program holds a lock on the database file.
    case locked(path: String)
    /// The file is damaged or no database.
    case damaged(path: String)
    /// The engine did not accept WAL, `synchronous = FULL` or foreign keys.
    case notDurable(path: String)
    /// The database was written by a newer program.
    case schemaTooNew(path: String, migration: String)
    /// A migration that was applied differs from the one in this program, or one is missing before it.
    case schemaDiffers(path: String, migration: String)
    /// A migration's statement failed; nothing of it was kept.
    case migrationFailed(path: String, migration: String)
    /// SQLite refused for another reason.
    case refused(path: String, code: Int32)

    init(_ error: any Error, path: String) {
        if let known = error as? SQLiteOpenError {
            self = known
            return
        }
        guard let database = error as? DatabaseError else {
            self = .refused(path: path, code: 1)
            return
        }
        self =
            switch database.resultCode {
            case .SQLITE_FULL: .full(path: path)
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: .readOnly(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged(path: path)
            default: .refused(path: path, code: database.extendedResultCode.rawValue)
            }
    }
}

extension SQLiteOpenError: CustomStringConvertible {
    /// What is wrong, where, and what to do.
    package var description: String {
        switch self {
        case .folderUnusable(let path):
            "The data folder \(path) cannot be used. Create it, or give its parent folder to the server's user."
        case .alreadyInUse(let path):
            "Another buckler process serves the data folder \(path). Stop it first, or give this one another folder."
        case .readOnly(let path):
            "The database \(path) cannot be written. Give the data folder and its files to the server's user."
        case .full(let path):
            "There is no space left for the database \(path). Free some, then start again."
        case .locked(let path):
            "Another program holds a lock on the database \(path). Close it, then start again."
        case .damaged(let path):
            "The file \(path) is damaged or no database. Restore it from a backup."
        case .notDurable(let path):
            "The database \(path) does not accept WAL with synchronous=FULL. Put it on a local file system."
        case .schemaTooNew(let path, let migration):
            "The database \(path) has the schema change \(migration), which this program does not know. "
                + "Start the newer program, or restore a backup from before the upgrade."
        case .schemaDiffers(let path, let migration):
            "The database \(path) does not have the schema change \(migration) as this program knows it. "
                + "Start the program that wrote it."
        case .migrationFailed(let path, let migration):
            "The schema change \(migration) failed on the database \(path); nothing of it was kept."
        case .refused(let path, let code):
            "SQLite refused to open the database \(path) (result code \(code))."
        }
    }
}
