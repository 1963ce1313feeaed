/// Skips the places of a text at which no keyword can begin, by the first three bytes.
struct KeywordFilter: Sendable {
    private static let prefixLength = 3
    /// The number of bits of the hash.
    private static let width: UInt32 = 15

    /// One bit for each hash of three bytes a text may have where a keyword begins.
    private let bits: [UInt64]
    /// Whether a keyword of two bytes may begin where fewer than three are left.
    private let hasShortKeyword: Bool

    /// Makes a filter; nil if it would let too much through to be of help.
    init?(_ keywords: [[UInt8]]) {
        var bits = [UInt64](repeating: 0, count: 1 << Int(Self.width - 6))
        var hasShortKeyword = false
        for text in keywords where !text.isEmpty {
            guard text.count > 1 else { return nil }
            if text.count < Self.prefixLength { hasShortKeyword = true }
            let thirds = text.count < Self.prefixLength ? 0...UInt8.max : text[2]...text[2]
            for third in thirds {
                let hash = Self.hash(text[0], text[1], third)
                bits[hash >> 6] |= 1 << UInt64(hash & 63)
            }
        }
        guard bits.reduce(0, { $0 + $1.nonzeroBitCount }) <= 1 << Int(Self.width - 3) else { return nil }
        self.bits = bits
        self.hasShortKeyword = hasShortKeyword
    }

    /// The first place from `start` on at which a keyword may begin; the end of the text if there is none.
    @inline(__always)
    func nextCandidate(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        bits.withUnsafeBufferPointer { bits in
            var offset = start
            let last = bytes.count &- Self.prefixLength
            while offset <= last {
                let hash = Self.hash(bytes[offset], bytes[offset &+ 1], bytes[offset &+ 2])
                if bits[hash &>> 6] & (1 &<< UInt64(truncatingIfNeeded: hash & 63)) != 0 { return offset }
                offset &+= 1
            }
            return hasShortKeyword ? offset : bytes.count
        }
    }

    /// Hashes three bytes without regard to bit 5, which is all that sets the cases of a letter apart.
    @inline(__always)
    private static func hash(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        let joined = UInt32(first) | UInt32(second) &<< 8 | UInt32(third) &<< 16
        return Int(((joined & 0xDF_DFDF) &* 0x9E37_79B1) &>> (32 - width))
    }
}
