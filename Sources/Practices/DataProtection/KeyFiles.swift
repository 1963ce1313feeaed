import BucklerPrimitives

/// The port to the keys directory.
///
/// Every verb refuses to follow a symbolic link at the end of the path.
package protocol KeyFiles: Sendable {
    /// The user whose files the process may take as its own.
    var effectiveUser: UInt32 { get }

    /// What stands at `path`; nil if nothing does.
    func status(of path: String) throws(KeyFileError) -> KeyFileStatus?

    /// The path without links and dots; nil if it does not exist.
    func canonicalPath(of path: String) -> String?

    /// Creates a directory with mode 0700. Its parent must exist.
    func createDirectory(at path: String) throws(KeyFileError)

    /// Creates a file with mode 0600 that must not exist yet; contents and directory entry are on the disk on return.
    func createFile(at path: String, contents: SecretBytes) throws(KeyFileError)

    /// Replaces a file, or creates it: after a crash the old or the new contents stand there, whole.
    func replaceFile(at path: String, contents: SecretBytes) throws(KeyFileError)

    /// Gives a file another name; what stood there is gone. One step, on the disk on return.
    func move(_ path: String, to destination: String) throws(KeyFileError)

    /// Removes a file; not an error if there is none.
    func remove(_ path: String) throws(KeyFileError)

    /// The contents of a file of at most 4096 bytes.
    func read(_ path: String) throws(KeyFileError) -> SecretBytes

    /// The names in a directory, sorted.
    func names(in path: String) throws(KeyFileError) -> [String]
}

/// What stands at a path.
package struct KeyFileStatus: Sendable, Hashable {
    /// Kinds of directory entries.
    package enum Kind: Sendable, Hashable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// A link, a socket, a device.
        case other
    }

    /// What it is.
    package let kind: Kind
    /// Permission bits, without the file type.
    package let mode: UInt32
    /// The owner's user id.
    package let owner: UInt32

    /// Makes a status.
    package init(kind: Kind, mode: UInt32, owner: UInt32) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
    }
}

/// Why the operating system did not do what was asked.
package enum KeyFileError: Error, Equatable {
    /// It exists already.
    case exists
    /// It does not exist.
    case missing
    /// Not allowed, or the file system is read-only.
    case denied
    /// No space left.
    case full
    /// Longer than a key file can be.
    case tooLong
    /// Any other refusal, with the system's error number.
    case system(code: Int32)
}
