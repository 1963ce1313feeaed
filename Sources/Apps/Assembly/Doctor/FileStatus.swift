import Foundation

/// What the system knows of a file or folder.
///
/// Links are followed: certificates and secrets are often links to the file in force (certbot, Kubernetes), and the modes
/// that count are the file's, not the link's.
package struct FileStatus: Sendable {
    /// The permission bits.
    package let mode: UInt32
    /// The owner.
    package let owner: uid_t
    /// True for folders.
    package let isFolder: Bool
    /// True for regular files.
    package let isRegularFile: Bool
    /// Seconds since the epoch.
    package let modifiedAt: Int64
    /// The size in bytes.
    package let byteCount: Int64

    /// Nil if nothing is there or it cannot be reached.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// What an open file is, whatever becomes of its path meanwhile.
    ///
    /// Nil if `descriptor` is not open.
    package init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        mode = UInt32(status.st_mode) & 0o7777
        owner = status.st_uid
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        isRegularFile = status.st_mode & S_IFMT == S_IFREG
        #if os(Linux)
            modifiedAt = Int64(status.st_mtim.tv_sec)
        #else
            modifiedAt = Int64(status.st_mtimespec.tv_sec)
        #endif
        byteCount = Int64(status.st_size)
    }
}
