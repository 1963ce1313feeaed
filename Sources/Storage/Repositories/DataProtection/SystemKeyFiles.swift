import BucklerPrimitives
import DataProtection
import Foundation

/// The keys directory in the file system.
package struct SystemKeyFiles: KeyFiles {
    /// The real file system.
    package init() {}

    /// The process's effective user.
    package var effectiveUser: UInt32 { UInt32(geteuid()) }

    /// What stands at `path` itself, links not followed.
    package func status(of path: String) throws(KeyFileError) -> KeyFileStatus? {
        var found = stat()
        guard lstat(path, &found) == 0 else {
            if errno == ENOENT { return nil }
            throw KeyFileError(errno: errno)
        }
        let kind: KeyFileStatus.Kind =
            switch found.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            default: .other
            }
        return KeyFileStatus(kind: kind, mode: UInt32(found.st_mode) & 0o7777, owner: UInt32(found.st_uid))
    }

    /// `realpath(3)`.
    package func canonicalPath(of path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Mode 0700 whatever the process's mask says.
    package func createDirectory(at path: String) throws(KeyFileError) {
        guard mkdir(path, 0o700) == 0, chmod(path, 0o700) == 0 else { throw KeyFileError(errno: errno) }
        try synchronize(directoryOf: path)
    }

    /// Written under another name, 0600, `fsync`, then linked, then `fsync` of the directory.
    ///
    /// A file at `path` is never replaced, and a crash leaves it whole or not there at all.
    package func createFile(at path: String, contents: SecretBytes) throws(KeyFileError) {
        try write(contents, to: path) { link($0, path) }
    }

    /// Like `createFile`, with `rename(2)` in the place of `link(2)`.
    package func replaceFile(at path: String, contents: SecretBytes) throws(KeyFileError) {
        try write(contents, to: path) { rename($0, path) }
    }

    /// `rename(2)` and `fsync` of the directory.
    package func move(_ path: String, to destination: String) throws(KeyFileError) {
        guard rename(path, destination) == 0 else { throw KeyFileError(errno: errno) }
        try synchronize(directoryOf: destination)
    }

    /// `unlink(2)` and `fsync` of the directory.
    package func remove(_ path: String) throws(KeyFileError) {
        guard unlink(path) == 0 else {
            if errno == ENOENT { return }
            throw KeyFileError(errno: errno)
        }
        try synchronize(directoryOf: path)
    }

    private func write(
        _ contents: SecretBytes, to path: String, _ publish: (String) -> Int32
    ) throws(KeyFileError) {
        // Of this process alone: another one that begins at the same time must not publish our half.
        let unfinished = "\(path).\(getpid())\(Self.unfinishedSuffix)"
        // What a crash left behind was never published, so nothing was sealed under it.
        unlink(unfinished)
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw KeyFileError(errno: errno) }
        defer { unlink(unfinished) }
        defer { close(descriptor) }
        let failure = contents.withExposedBytes { bytes -> Int32? in
            guard fchmod(descriptor, 0o600) == 0 else { return errno }
            guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count else {
                return errno == 0 ? ENOSPC : errno
            }
            return fsync(descriptor) == 0 && publish(unfinished) == 0 ? nil : errno
        }
        if let failure { throw KeyFileError(errno: failure) }
        try synchronize(directoryOf: path)
    }

    /// At most 4096 bytes; a link is not followed.
    package func read(_ path: String) throws(KeyFileError) -> SecretBytes {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw KeyFileError(errno: errno) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4097)
        defer { buffer.withUnsafeMutableBytes { ConstantTime.wipe($0) } }
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw KeyFileError(errno: errno) }
        guard count <= 4096 else { throw .tooLong }
        return SecretBytes(buffer[..<count])
    }

    /// Without `.` and `..`, and without unfinished files.
    package func names(in path: String) throws(KeyFileError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).filter {
                !$0.hasSuffix(Self.unfinishedSuffix)
            }.sorted()
        } catch {
            throw (error as? CocoaError)?.code == .fileReadNoSuchFile ? .missing : .denied
        }
    }

    private static let unfinishedSuffix = ".unfinished"

    private func synchronize(directoryOf path: String) throws(KeyFileError) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw KeyFileError(errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw KeyFileError(errno: errno) }
    }
}

extension KeyFileError {
    init(errno code: Int32) {
        self =
            switch code {
            case EEXIST: .exists
            case ENOENT, ENOTDIR: .missing
            case EACCES, EPERM, EROFS: .denied
            case ENOSPC, EDQUOT: .full
            default: .system(code: code)
            }
    }
}
