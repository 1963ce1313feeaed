import BucklerPrimitives
import Crypto
import Foundation

/// How the passwords are written in the source of a filter.
package enum BreachedPasswordSource: Sendable {
    /// Lines of 40 hexadecimal digits (SHA-1), optionally `:` and a count, as the published downloads are.
    case sha1Lines
    /// Lines of UTF-8 passwords; normalised as ours are.
    case passwordLines
}

/// Why a filter was not built.
package enum BreachedPasswordBuildError: Error, Equatable, Sendable {
    /// The source or the result cannot be read or written; the system's error number.
    case file(errno: Int32)
    /// A line is not what the source's form says; counted from 1.
    case line(Int)
    /// No line at all.
    case empty
    /// More than 64 million lines that are not sorted: sort them first (`sort -u`), then they are read as a stream.
    case unsorted
    /// A shard found no arrangement in 100 tries; only duplicates that were not removed can cause it.
    case arrangement
}

/// What was built.
package struct BreachedPasswordBuildReport: Sendable, Equatable {
    /// Different passwords.
    package let passwordCount: UInt64
    /// Bytes of the file.
    package let byteCount: UInt64
}

extension BreachedPasswordFilter {
    /// Builds a filter file from a text file and puts it in place with one rename.
    ///
    /// Sorted sources are streamed, one shard of about 2^18 passwords in memory at a time; others are sorted in memory.
    /// The result depends on the set of passwords alone, so two builds can be compared byte by byte.
    package static func build(
        from source: String, as form: BreachedPasswordSource, to target: String
    ) throws(BreachedPasswordBuildError) -> BreachedPasswordBuildReport {
        var survey = SourceSurvey()
        try BreachedPasswordLines.forEach(source, form) { key throws(BreachedPasswordBuildError) in survey.add(key) }
        guard survey.count > 0 else { throw .empty }
        let writer = try FilterWriter(target: target, shardBits: survey.shardBits)
        if survey.isSorted {
            try BreachedPasswordLines.forEach(source, form) { key throws(BreachedPasswordBuildError) in
                try writer.add(key)
            }
        } else {
            guard survey.count <= SourceSurvey.maximumUnsortedCount else { throw .unsorted }
            var keys: [UInt64] = []
            keys.reserveCapacity(survey.count)
            try BreachedPasswordLines.forEach(source, form) { key throws(BreachedPasswordBuildError) in keys.append(key)
            }
            keys.sort()
            for key in keys { try writer.add(key) }
        }
        return try writer.finish()
    }
}

/// What the first pass learns.
private struct SourceSurvey {
    private(set) var count = 0
    private(set) var isSorted = true
    private var last: UInt64 = 0

    mutating func add(_ key: UInt64) {
        if key < last { isSorted = false }
        last = key
        count += 1
    }

    /// As many shards as bring each to about 2^18 keys.
    var shardBits: UInt32 {
        var bits: UInt32 = 0
        while bits < BreachedPasswordLayout.maximumShardBits, count >> Int(bits) > 1 << 18 { bits += 1 }
        return bits
    }

    static let maximumUnsortedCount = 64_000_000
}

/// Writes the cells as the shards come, then header and table, then renames.
private final class FilterWriter {
    private let target: String
    private let temporary: String
    private let shardBits: UInt32
    private let handle: FileHandle
    private var keys: [UInt64] = []
    private var shards: [(seed: UInt64, shape: FuseShape)] = []
    private var hash = SHA256()
    private var passwordCount: UInt64 = 0

    init(target: String, shardBits: UInt32) throws(BreachedPasswordBuildError) {
        self.target = target
        self.shardBits = shardBits
        temporary = target + ".partial"
        let descriptor = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(errno: errno) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let tableLength = (1 << Int(shardBits)) * BreachedPasswordLayout.entryLength
        try attempt { try handle.seek(toOffset: UInt64(BreachedPasswordLayout.headerLength + tableLength)) }
    }

    /// Takes the next key in ascending order; equal neighbours count once.
    func add(_ key: UInt64) throws(BreachedPasswordBuildError) {
        let shard = shardBits == 0 ? 0 : Int(key >> (64 - UInt64(shardBits)))
        while shards.count < shard { try closeShard() }
        if keys.last != key { keys.append(key) }
    }

    func finish() throws(BreachedPasswordBuildError) -> BreachedPasswordBuildReport {
        while shards.count < 1 << Int(shardBits) { try closeShard() }
        let head = BreachedPasswordLayout.encode(
            passwordCount: passwordCount, shardBits: shardBits, shards: shards, cellDigest: Array(hash.finalize()))
        let length = try attempt {
            let end = try handle.offset()
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data(head))
            try handle.synchronize()
            try handle.close()
            return end
        }
        guard rename(temporary, target) == 0 else { throw .file(errno: errno) }
        return BreachedPasswordBuildReport(passwordCount: passwordCount, byteCount: length)
    }

    private func closeShard() throws(BreachedPasswordBuildError) {
        let built = try FuseConstruction.build(keys, shard: UInt64(shards.count))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(built.cells.count * 2)
        for cell in built.cells {
            bytes.append(UInt8(truncatingIfNeeded: cell))
            bytes.append(UInt8(truncatingIfNeeded: cell >> 8))
        }
        hash.update(data: bytes)
        try attempt { try handle.write(contentsOf: Data(bytes)) }
        shards.append((built.seed, built.shape))
        passwordCount += UInt64(keys.count)
        keys.removeAll(keepingCapacity: true)
    }

    @discardableResult
    private func attempt<Value>(_ body: () throws -> Value) throws(BreachedPasswordBuildError) -> Value {
        do { return try body() } catch { throw .file(errno: EIO) }
    }
}

/// Reads the source line by line without loading it.
enum BreachedPasswordLines {
    /// Calls `body` with the key of every line that is not empty.
    static func forEach(
        _ path: String, _ form: BreachedPasswordSource,
        _ body: (UInt64) throws(BreachedPasswordBuildError) -> Void
    ) throws(BreachedPasswordBuildError) {
        let file: ReadOnlyFile
        do { file = try ReadOnlyFile(path: path) } catch { throw .file(errno: ENOENT) }
        var pending: [UInt8] = []
        var number = 0
        var offset: UInt64 = 0
        while offset < file.length {
            let count = Int(min(1 << 20, file.length - offset))
            do { pending += try file.read(at: offset, count: count) } catch { throw .file(errno: EIO) }
            offset += UInt64(count)
            if offset == file.length { pending.append(UInt8(ascii: "\n")) }
            var start = 0
            while let end = pending[start...].firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                if let key = try key(of: pending[start..<end], form, number) { try body(key) }
                start = end + 1
            }
            pending.removeFirst(start)
            guard pending.count <= longestLine else { throw .line(number + 1) }
        }
    }

    private static func key(
        of line: ArraySlice<UInt8>, _ form: BreachedPasswordSource, _ number: Int
    ) throws(BreachedPasswordBuildError) -> UInt64? {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if line.isEmpty { return nil }
        switch form {
        case .sha1Lines:
            let digits = line.prefix { $0 != UInt8(ascii: ":") }
            let rest = line.dropFirst(digits.count + 1)
            let isCount = rest.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard digits.count == 40, isCount, let bytes = Hex.decode(String(decoding: digits, as: UTF8.self)) else {
                throw .line(number)
            }
            return bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        case .passwordLines:
            guard let text = String(validating: line, as: UTF8.self) else { throw .line(number) }
            return BreachedPasswordKey.of(PasswordPolicy.normalized(SecretString(text)))
        }
    }

    private static let longestLine = 4096
}
