import BucklerPrimitives
import Crypto
import Foundation

/// Why a filter file is not used.
package enum BreachedPasswordFilterError: Error, Equatable, Sendable {
    /// Missing, unreadable, or not a regular file; the system's error number.
    case unreadable(errno: Int32)
    /// Not a filter of this form, another version, cut off, or changed. Names the check that failed.
    case malformed(BreachedPasswordFilterFault)
}

/// The checks of a filter file, in their order.
package enum BreachedPasswordFilterFault: String, Sendable, CaseIterable {
    /// Shorter than the header.
    case header
    /// Does not begin with `BKLRBPF1`.
    case magic
    /// More shards, bits or bytes than the form allows.
    case bounds
    /// The file is not as long as the header says.
    case length
    /// The digest over header and shard table differs.
    case tableDigest
    /// A shard's sizes do not fit together or do not follow the shard before.
    case shard
    /// The digest over the cells differs (`verifyCells` only).
    case cellDigest
}

/// A file of breached passwords that answers "certainly not" or "almost certainly yes".
///
/// Form and rates: Docs/BreachedPasswords.md. No false negatives; one false positive in 65,536. A look-up reads three
/// cells of two bytes with `pread`: the file is never loaded, and one that shrinks under us is an error, not a signal.
package final class BreachedPasswordFilter: BreachedPasswordSet {
    /// How many passwords the filter was built from.
    package let passwordCount: UInt64
    private let layout: BreachedPasswordLayout
    private let file: ReadOnlyFile

    /// Opens a filter and checks everything but the cells themselves; reads at most 1.1 MB.
    package init(path: String) throws(BreachedPasswordFilterError) {
        file = try ReadOnlyFile(path: path)
        layout = try BreachedPasswordLayout(reading: file)
        passwordCount = layout.passwordCount
    }

    package func contains(_ password: SecretString) throws(StoreError) -> Bool {
        try contains(key: BreachedPasswordKey.of(password))
    }

    /// Looks up the first eight bytes of a SHA-1.
    func contains(key: UInt64) throws(StoreError) -> Bool {
        let shard = layout.shards[layout.shardIndex(of: key)]
        guard shard.shape.cellCount > 0 else { return false }
        let probe = shard.shape.probe(key, seed: shard.seed)
        var cell = probe.fingerprint
        for place in 0..<3 { cell ^= try readCell(shard.offset + 2 * UInt64(probe.positions[place])) }
        return cell == 0
    }

    /// Reads the whole file and compares its digest; for `buckler doctor` and after a copy.
    ///
    /// Seconds per gigabyte.
    package func verifyCells() throws(BreachedPasswordFilterError) {
        var hash = SHA256()
        var offset = UInt64(layout.cellsOffset)
        while offset < layout.fileLength {
            let count = Int(min(1 << 20, layout.fileLength - offset))
            hash.update(data: try file.read(at: offset, count: count))
            offset += UInt64(count)
        }
        guard Array(hash.finalize()) == layout.cellDigest else { throw .malformed(.cellDigest) }
    }

    private func readCell(_ offset: UInt64) throws(StoreError) -> UInt16 {
        do {
            let bytes = try file.read(at: offset, count: 2)
            return UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        } catch {
            throw .unavailable
        }
    }
}

/// The key of a password in the filter.
enum BreachedPasswordKey {
    /// The first eight bytes of the SHA-1 of its UTF-8, big-endian.
    ///
    /// SHA-1 because published sets come as SHA-1; nothing here needs it to resist collisions.
    static func of(_ password: SecretString) -> UInt64 {
        password.withExposedBytes { bytes in
            // buckler-scan:ignore weak-hash -- published sets come as SHA-1; nothing here needs it to resist collisions
            Insecure.SHA1.hash(data: bytes).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }
}

/// A file descriptor that is only read, by position.
final class ReadOnlyFile: Sendable {
    private let descriptor: Int32
    /// Bytes at the time of opening.
    let length: UInt64

    /// Opens a regular file.
    init(path: String) throws(BreachedPasswordFilterError) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .unreadable(errno: errno) }
        var information = stat()
        guard fstat(opened, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw .unreadable(errno: EINVAL)
        }
        descriptor = opened
        length = UInt64(information.st_size)
    }

    deinit { close(descriptor) }

    /// Exactly `count` bytes at `offset`; `.unreadable` at the end of the file.
    func read(at offset: UInt64, count: Int) throws(BreachedPasswordFilterError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let result = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw .unreadable(errno: result < 0 ? errno : EIO) }
            done += result
        }
        return bytes
    }
}
