import Crypto
import Foundation

/// The sizes of one shard: a three-wise binary fuse filter (Graf and Lemire, 2022) with cells of 16 bits.
///
/// The cells are divided into segments of equal length, a power of two. A key owns one cell in each of three
/// neighbouring segments; the exclusive-or of the three is the key's fingerprint.
struct FuseShape: Hashable {
    /// Cells per segment: a power of two up to 2^18; 0 for an empty shard.
    let segmentLength: UInt32
    /// Segments in which a key's first cell may lie.
    let segmentCount: UInt32

    /// All cells.
    var cellCount: UInt32 { segmentLength == 0 ? 0 : (segmentCount + 2) * segmentLength }

    /// The shape for `keyCount` keys, as in the authors' reference implementation.
    init(keyCount: Int) {
        guard keyCount > 0 else {
            segmentLength = 0
            segmentCount = 0
            return
        }
        let size = Double(max(keyCount, 2))
        let exponent = Int((log(size) / log(3.33) + 2.25).rounded(.down))
        segmentLength = 1 << UInt32(min(exponent, Self.maximumSegmentBits))
        let factor = max(1.125, 0.875 + 0.25 * log(1_000_000) / log(size))
        let capacity = UInt32((size * factor).rounded())
        let segments = (capacity + segmentLength - 1) / segmentLength
        segmentCount = segments > 2 ? segments - 2 : 1
    }

    /// A shape read from a file; nil if the form does not allow it.
    init?(segmentLength: UInt32, segmentCount: UInt32) {
        let isEmpty = segmentLength == 0 && segmentCount == 0
        let isPowerOfTwo = segmentLength > 0 && segmentLength & (segmentLength - 1) == 0
        guard isEmpty || (isPowerOfTwo && segmentLength <= 1 << Self.maximumSegmentBits) else { return nil }
        guard isEmpty || (1...Self.maximumSegmentCount).contains(segmentCount) else { return nil }
        self.segmentLength = segmentLength
        self.segmentCount = segmentCount
    }

    /// A key's three cells and its fingerprint.
    func probe(_ key: UInt64, seed: UInt64) -> FuseProbe { probe(hash: Self.mix(key &+ seed)) }

    /// The same for a key that is mixed already.
    func probe(hash: UInt64) -> FuseProbe {
        let first = UInt32((hash.multipliedFullWidth(by: UInt64(segmentCount) * UInt64(segmentLength))).high)
        let mask = segmentLength &- 1
        let second = (first + segmentLength) ^ (UInt32(truncatingIfNeeded: hash >> 18) & mask)
        let third = (first + 2 * segmentLength) ^ (UInt32(truncatingIfNeeded: hash) & mask)
        return FuseProbe(
            positions: SIMD3(first, second, third), fingerprint: UInt16(truncatingIfNeeded: hash ^ (hash >> 32)))
    }

    /// MurmurHash3's 64-bit finaliser: a bijection in which every input bit moves every output bit.
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed ^= mixed >> 33
        mixed = mixed &* 0xFF51_AFD7_ED55_8CCD
        mixed ^= mixed >> 33
        mixed = mixed &* 0xC4CE_B9FE_1A85_EC53
        return mixed ^ (mixed >> 33)
    }

    static let maximumSegmentBits = 18
    static let maximumSegmentCount: UInt32 = 4096
}

/// Where to look for one key.
struct FuseProbe {
    /// Three cells in three neighbouring segments.
    let positions: SIMD3<UInt32>
    /// What their exclusive-or must be.
    let fingerprint: UInt16
}

/// One shard of a file.
struct FuseShard: Hashable {
    /// Where its cells begin, in bytes from the start of the file.
    let offset: UInt64
    /// Added to every key before mixing.
    let seed: UInt64
    /// Its sizes.
    let shape: FuseShape
}

/// The parsed head of a filter file.
struct BreachedPasswordLayout {
    let passwordCount: UInt64
    let shardBits: UInt32
    let fileLength: UInt64
    let cellDigest: [UInt8]
    let shards: [FuseShard]

    /// Where the cells begin.
    var cellsOffset: Int { Self.headerLength + shards.count * Self.entryLength }

    /// The shard of a key: its highest bits.
    func shardIndex(of key: UInt64) -> Int { shardBits == 0 ? 0 : Int(key >> (64 - UInt64(shardBits))) }

    /// Parses and checks the head of `file`.
    init(reading file: ReadOnlyFile) throws(BreachedPasswordFilterError) {
        guard file.length >= UInt64(Self.headerLength) else { throw .malformed(.header) }
        let header = try file.read(at: 0, count: Self.headerLength)
        guard Array(header[0..<8]) == Self.magic else { throw .malformed(.magic) }
        passwordCount = Self.number(header, 8, 8)
        shardBits = UInt32(Self.number(header, 16, 4))
        fileLength = Self.number(header, 24, 8)
        guard shardBits <= Self.maximumShardBits, Self.number(header, 20, 4) == 16, passwordCount <= 1 << 36 else {
            throw .malformed(.bounds)
        }
        guard fileLength == file.length else { throw .malformed(.length) }
        let count = 1 << Int(shardBits)
        let start = UInt64(Self.headerLength + count * Self.entryLength)
        guard start <= fileLength else { throw .malformed(.length) }
        let table = try file.read(at: UInt64(Self.headerLength), count: count * Self.entryLength)
        guard Array(SHA256.hash(data: header[0..<64] + table)) == Array(header[64..<96]) else {
            throw .malformed(.tableDigest)
        }
        cellDigest = Array(header[32..<64])
        shards = try Self.shards(table, count: count, start: start, end: fileLength)
    }

    private static func shards(
        _ table: [UInt8], count: Int, start: UInt64, end: UInt64
    ) throws(BreachedPasswordFilterError) -> [FuseShard] {
        var shards: [FuseShard] = []
        shards.reserveCapacity(count)
        var offset = start
        for index in 0..<count {
            let entry = index * entryLength
            let shape = FuseShape(
                segmentLength: UInt32(number(table, entry + 8, 4)), segmentCount: UInt32(number(table, entry + 12, 4)))
            guard let shape else { throw .malformed(.shard) }
            shards.append(FuseShard(offset: offset, seed: number(table, entry, 8), shape: shape))
            offset += 2 * UInt64(shape.cellCount)
            guard offset <= end else { throw .malformed(.shard) }
        }
        guard offset == end else { throw .malformed(.shard) }
        return shards
    }

    /// Header and table of a file with these shards.
    static func encode(
        passwordCount: UInt64, shardBits: UInt32, shards: [(seed: UInt64, shape: FuseShape)], cellDigest: [UInt8]
    ) -> [UInt8] {
        let cells = shards.reduce(UInt64(0)) { $0 + 2 * UInt64($1.shape.cellCount) }
        let fileLength = UInt64(headerLength + shards.count * entryLength) + cells
        let header =
            magic + bytes(passwordCount, 8) + bytes(UInt64(shardBits), 4) + bytes(16, 4)
            + bytes(fileLength, 8) + cellDigest
        var table: [UInt8] = []
        table.reserveCapacity(shards.count * entryLength)
        for shard in shards {
            table += bytes(shard.seed, 8) + bytes(UInt64(shard.shape.segmentLength), 4)
            table += bytes(UInt64(shard.shape.segmentCount), 4)
        }
        return header + Array(SHA256.hash(data: header + table)) + table
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
    }

    private static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    static let headerLength = 96
    static let entryLength = 16
    static let maximumShardBits: UInt32 = 16
    private static let magic = Array("BKLRBPF1".utf8)
}
