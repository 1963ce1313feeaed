/// A set of keyword indices, as bits.
package struct KeywordSet: Hashable, Sendable {
    private var words: [UInt64]

    /// Makes an empty set for indices below `capacity`.
    package init(capacity: Int) {
        words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    }

    /// Whether an index is a member; false for any index outside the capacity.
    package func contains(_ index: Int) -> Bool {
        guard index >= 0, index >> 6 < words.count else { return false }
        return words[index >> 6] & (1 << UInt64(index & 63)) != 0
    }

    /// Adds an index below the capacity; answers whether it was new.
    @discardableResult
    package mutating func insert(_ index: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(index & 63)
        guard words[index >> 6] & bit == 0 else { return false }
        words[index >> 6] |= bit
        return true
    }

    /// Whether the set has no member.
    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// The number of members.
    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The members in ascending order.
    package var indices: [Int] {
        words.enumerated().flatMap { offset, word in
            sequence(state: word) { rest -> Int? in
                guard rest != 0 else { return nil }
                defer { rest &= rest - 1 }
                return offset * 64 + rest.trailingZeroBitCount
            }
        }
    }

    /// Whether the sets, whose capacities may differ, share a member.
    package func intersects(_ other: KeywordSet) -> Bool {
        zip(words, other.words).contains { $0 & $1 != 0 }
    }
}
