/// A set of Unicode scalars: bits for ASCII, ranges above it.
struct ScalarSet: Hashable, Sendable {
    /// The ASCII members.
    var ascii = ByteSet()
    /// The members above ASCII, in any order until `normalized`.
    var ranges: [ClosedRange<UInt32>] = []

    /// All scalars above ASCII.
    static let beyondASCII: ClosedRange<UInt32> = 0x80...0x10_FFFF

    /// Adds a range of scalars.
    mutating func insert(_ range: ClosedRange<UInt32>) {
        if range.lowerBound < 0x80 {
            ascii.insert(UInt8(range.lowerBound)...UInt8(min(range.upperBound, 0x7F)))
        }
        if range.upperBound >= 0x80 {
            ranges.append(max(range.lowerBound, 0x80)...range.upperBound)
        }
    }

    /// Adds another set.
    mutating func formUnion(_ other: ScalarSet) {
        ascii = ascii.union(other.ascii)
        ranges += other.ranges
    }

    /// The set of all scalars that are not in this one.
    func inverted() -> ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next = Self.beyondASCII.lowerBound
        for range in normalized {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= Self.beyondASCII.upperBound { gaps.append(next...Self.beyondASCII.upperBound) }
        return ScalarSet(ascii: ByteSet.ascii.subtracting(ascii), ranges: gaps)
    }

    /// The ranges above ASCII, ascending, disjoint and not adjacent.
    var normalized: [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound <= last.upperBound + 1 {
                result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// The set as a syntax tree over bytes.
    ///
    /// A set with every scalar above ASCII also takes malformed UTF-8; one with only some takes well-formed sequences.
    var node: ExpressionNode {
        let above = normalized
        if above == [Self.beyondASCII] { return .scalar(ascii: ascii) }
        var branches = above.flatMap(Self.byteSequences)
        if !ascii.isEmpty || branches.isEmpty { branches.insert(.bytes(ascii), at: 0) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    /// Splits a range into alternatives whose bytes vary independently.
    private static func byteSequences(_ range: ClosedRange<UInt32>) -> [ExpressionNode] {
        for border: UInt32 in [0x7FF, 0xFFFF] where range.lowerBound <= border && range.upperBound > border {
            return byteSequences(range.lowerBound...border) + byteSequences(border + 1...range.upperBound)
        }
        let length = range.lowerBound <= 0x7FF ? 2 : range.lowerBound <= 0xFFFF ? 3 : 4
        for position in 1..<length {
            let mask: UInt32 = (1 << UInt32(6 * position)) - 1
            guard range.lowerBound & ~mask != range.upperBound & ~mask else { continue }
            if range.lowerBound & mask != 0 {
                let border = range.lowerBound | mask
                return byteSequences(range.lowerBound...border) + byteSequences(border + 1...range.upperBound)
            }
            if range.upperBound & mask != mask {
                let border = range.upperBound & ~mask
                return byteSequences(range.lowerBound...(border - 1)) + byteSequences(border...range.upperBound)
            }
        }
        let low = encode(range.lowerBound, length: length)
        let high = encode(range.upperBound, length: length)
        return [.sequence(zip(low, high).map { .bytes(ByteSet($0...$1)) })]
    }

    private static func encode(_ value: UInt32, length: Int) -> [UInt8] {
        let lead: UInt8 = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0
        return (0..<length).map { index in
            let bits = UInt8(truncatingIfNeeded: value >> UInt32(6 * (length - 1 - index)))
            return index == 0 ? lead | bits : 0x80 | bits & 0x3F
        }
    }
}
