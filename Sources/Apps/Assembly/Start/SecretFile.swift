import BucklerPrimitives
import Foundation

/// Reads a file with a secret that the configuration names.
enum SecretFile {
    /// The file's text without its final line end.
    ///
    /// A regular file of this user (or root), closed to group and others, at most 4 KiB of UTF-8; also through links. What is
    /// checked is what is read: the file is opened first.
    static func read(key: String, path: String, minimumByteCount: Int = 1) throws(StartFailure) -> SecretString {
        func refuse(_ problem: String) -> StartFailure { .file(key: key, path: path, problem: problem) }
        // Without O_NONBLOCK a named pipe would keep the start waiting.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refuse("does not exist or cannot be reached") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let status = FileStatus(descriptor: descriptor) else { throw refuse("cannot be looked at") }
        guard status.isRegularFile else { throw refuse("is not a regular file") }
        guard status.mode & 0o077 == 0 else { throw refuse("is open to others; chmod 600") }
        guard status.owner == geteuid() || status.owner == 0 else { throw refuse("belongs to another user") }
        guard let data = try? handle.read(upToCount: 4097) ?? Data(), data.count <= 4096 else {
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
