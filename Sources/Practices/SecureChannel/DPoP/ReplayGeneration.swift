import BucklerJOSE
import BucklerPrimitives

/// One slice of remembered proofs: 256 small tables with open addressing, and counters per owner.
///
/// Small tables grow one at a time: the longest pause under the lock is the move of a few thousand entries, and growing
/// takes little more memory than the entries. The counters are a count-min sketch of two rows: an owner's number may be
/// estimated too high, by about cap/4,096, never too low.
struct ReplayGeneration {
    private var segments: [ReplaySegment] = []
    private var rows: [UInt32] = []
    private(set) var count = 0

    /// The bytes of tables and counters.
    var byteCount: Int { segments.reduce(rows.count * 4) { $0 + $1.byteCount } }

    /// True if the entry was inserted.
    func contains(_ entry: ReplayStore.Entry, at place: ReplaySalt.Place) -> Bool {
        !segments.isEmpty && segments[place.segment].contains(entry, start: place.start)
    }

    /// How many proofs of one owner were remembered, or a little more.
    func estimate(_ counters: ReplaySalt.Counters) -> Int {
        rows.isEmpty ? 0 : Int(min(rows[counters.first], rows[counters.second]))
    }

    /// Adds an entry that `contains` has denied.
    mutating func insert(
        _ entry: ReplayStore.Entry, at place: ReplaySalt.Place, counters: ReplaySalt.Counters, salt: ReplaySalt
    ) {
        if segments.isEmpty {
            segments = Array(repeating: ReplaySegment(), count: ReplaySalt.segmentCount)
            rows = Array(repeating: 0, count: 2 * ReplaySalt.rowLength)
        }
        segments[place.segment].insert(entry, start: place.start, salt: salt)
        rows[counters.first] += 1
        rows[counters.second] += 1
        count += 1
    }
}

/// A table with open addressing and linear probing, at most three quarters full; two words per slot.
private struct ReplaySegment {
    private var words: [UInt64] = []
    private var count = 0

    var byteCount: Int { words.count * 8 }
    private var slotCount: Int { words.count / 2 }

    func contains(_ entry: ReplayStore.Entry, start: UInt32) -> Bool {
        guard !words.isEmpty else { return false }
        return words[slot(of: entry, start: start) + 1] != 0
    }

    mutating func insert(_ entry: ReplayStore.Entry, start: UInt32, salt: ReplaySalt) {
        if 4 * (count + 1) > 3 * slotCount { grow(salt) }
        put(entry, start: start)
        count += 1
    }

    private mutating func put(_ entry: ReplayStore.Entry, start: UInt32) {
        let slot = slot(of: entry, start: start)
        words[slot] = entry.high
        words[slot + 1] = entry.low
    }

    /// The index of the slot that holds the entry, or of the empty one where it belongs.
    private func slot(of entry: ReplayStore.Entry, start: UInt32) -> Int {
        words.withUnsafeBufferPointer { buffer in
            guard let words = buffer.baseAddress else { preconditionFailure("an empty table has no slots") }
            let end = buffer.count
            var slot = Int((UInt64(start) * UInt64(end / 2)) >> 32) * 2
            // Ends: a quarter of the slots is empty.
            while words[slot + 1] != 0 {
                if words[slot] == entry.high && words[slot + 1] == entry.low { return slot }
                slot = slot + 2 == end ? 0 : slot + 2
            }
            return slot
        }
    }

    private mutating func grow(_ salt: ReplaySalt) {
        let old = words
        words = Array(repeating: 0, count: 2 * max(16, slotCount * 5 / 4))
        for slot in stride(from: 0, to: old.count, by: 2) where old[slot + 1] != 0 {
            let entry = ReplayStore.Entry(high: old[slot], low: old[slot + 1])
            put(entry, start: salt.place(of: entry).start)
        }
    }
}

/// Random multipliers that decide where entries and owners stand, so that nobody can choose digests that meet in one slot.
///
/// Multilinear hashing over 32-bit words with 64-bit multipliers: unpredictable without the multipliers, which never
/// leave the process.
struct ReplaySalt: Sendable {
    /// Where an entry stands.
    struct Place {
        /// Which table.
        let segment: Int
        /// Where in it, as a fraction of 2³².
        let start: UInt32
    }

    /// An owner's two counters, as indices of the sketch.
    struct Counters {
        let first: Int
        let second: Int
    }

    static let segmentCount = 256
    static let rowLength = 4096

    private let places: ReplayMultipliers
    private let firstRow: ReplayMultipliers
    private let secondRow: ReplayMultipliers

    init(_ entropy: Entropy) {
        places = ReplayMultipliers(entropy)
        firstRow = ReplayMultipliers(entropy)
        secondRow = ReplayMultipliers(entropy)
    }

    func place(of entry: ReplayStore.Entry) -> Place {
        let mixed = places.mix(entry)
        return Place(segment: Int(mixed >> 56), start: UInt32(truncatingIfNeeded: mixed >> 24))
    }

    func counters(of owner: ReplayStore.Owner) -> Counters {
        Counters(
            first: Int(firstRow.mix(owner.digest) >> 52),
            second: Self.rowLength + Int(secondRow.mix(owner.digest) >> 52))
    }
}

/// Four random odd numbers.
private struct ReplayMultipliers: Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    init(_ entropy: Entropy) {
        func draw() -> UInt64 { entropy.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } | 1 }
        (first, second, third, fourth) = (draw(), draw(), draw(), draw())
    }

    func mix(_ entry: ReplayStore.Entry) -> UInt64 {
        let mask: UInt64 = 0xFFFF_FFFF
        var sum =
            first &* (entry.high >> 32) &+ second &* (entry.high & mask) &+ third &* (entry.low >> 32)
            &+ fourth &* (entry.low & mask)
        // Without this, digests in arithmetic progression would stand side by side, and probing would become a search.
        sum ^= sum >> 32
        sum &*= 0x9E37_79B9_7F4A_7C15
        return sum ^ sum >> 29
    }
}
