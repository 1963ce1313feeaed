import BucklerPrimitives
import Foundation

/// Reads a file with a secret that the configuration names.
enum SecretFile {
    /// The file's text without its final line end.
    ///
    /// A regular file of this user (or root), closed to group and others, at most 4 KiB of UTF-8.
    static func read(key: String, path: String, minimumByteCount: Int = 1) throws(StartFailure) -> SecretString {
        func refuse(_ problem: String) -> StartFailure { .file(key: key, path: path, problem: problem) }
        guard let status = FileStatus(path) else { throw refuse("does not exist or cannot be reached") }
        guard status.isRegularFile else { throw refuse("is not a regular file") }
        guard status.mode & 0o077 == 0 else { throw refuse("is open to others; chmod 600") }
        guard status.owner == geteuid() || status.owner == 0 else { throw refuse("belongs to another user") }
        guard status.byteCount <= 4096, let data = FileManager.default.contents(atPath: path) else {
            throw refuse("cannot be read, or is larger than 4KiB")
        }
        var bytes = Array(data)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard bytes.count >= minimumByteCount else { throw refuse("holds fewer than \(minimumByteCount) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 0x20 }) else {
            throw refuse("holds something else than one line of UTF-8 text")
        }
        return SecretString(text)
    }
}
