/// Where an expression matched, in byte offsets of the searched buffer.
package struct ExpressionMatch: Hashable, Sendable {
    /// The bytes of the whole match.
    package let range: Range<Int>
    /// The bytes of each group, nil for one that took no part; element 0 is the whole match.
    package let groups: [Range<Int>?]

    /// The bytes of a capture group; nil if it took no part or does not exist.
    package subscript(group index: Int) -> Range<Int>? {
        groups.indices.contains(index) ? groups[index] : nil
    }
}

extension ExpressionMatch {
    /// Makes a match from start and end offsets in pairs, −1 where unset.
    init(slots: some RandomAccessCollection<Int>) {
        let values = Array(slots)
        let groups = stride(from: 0, to: values.count - 1, by: 2).map { index -> Range<Int>? in
            let lower = values[index]
            let upper = values[index + 1]
            return lower >= 0 && upper >= lower ? lower..<upper : nil
        }
        self.init(range: groups.first.flatMap { $0 } ?? 0..<0, groups: groups)
    }
}
