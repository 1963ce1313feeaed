import Foundation
import Synchronization

/// The data folder's own files: created with narrow modes before SQLite sees them.
enum DataFolder {
    /// Creates the folder (mode 0700) if it is missing.
    ///
    /// Its parent must exist.
    static func create(at path: String) throws(SQLiteOpenError) {
        if mkdir(path, 0o700) == 0 { return }
        var status = stat()
        guard errno == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .folderUnusable(path: path)
        }
    }

    /// Creates an empty database file (mode 0600) if it is missing; WAL and shared memory inherit its mode.
    static func createFile(at path: String) throws(SQLiteOpenError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw errno == ENOSPC ? .full(path: path) : .readOnly(path: path) }
        Foundation.close(descriptor)
    }
}

/// The data folder's exclusive lock: one process serves it, and one opening within a process.
///
/// An advisory `flock` on `lock`; the kernel releases it when the process ends, however it ends.
final class DataFolderLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// Creates the folder if needed and takes its lock, or says who is in the way.
    init(folder: String) throws(SQLiteOpenError) {
        try DataFolder.create(at: folder)
        let path = folder + "/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw errno == ENOSPC ? .full(path: path) : .readOnly(path: path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Foundation.close(descriptor)
            throw .alreadyInUse(path: folder)
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    /// Gives the lock back.
    ///
    /// Safe to call twice.
    func release() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // A child that was forked and has not yet replaced its image shares the lock; closing alone would leave it held.
            flock(descriptor, LOCK_UN)
            Foundation.close(descriptor)
            descriptor = -1
        }
    }
}
