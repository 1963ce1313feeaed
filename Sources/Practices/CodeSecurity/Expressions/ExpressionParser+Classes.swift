extension ExpressionParser {
    /// Reads a bracket expression from its `[`.
    mutating func parseClass() throws(ExpressionError) -> ExpressionNode {
        let start = offset
        offset += 1
        let isNegated = consume("^")
        var set = ScalarSet()
        var isFirst = true
        while true {
            guard let byte = peek() else { throw ExpressionError(.unterminatedClass, at: start) }
            if byte == UInt8(ascii: "]"), !isFirst { break }
            isFirst = false
            if let named = try parseNamedClass() {
                set.formUnion(named)
            } else {
                set.insert(try parseClassRange())
            }
        }
        offset += 1
        guard isNegated else { return node(set) }
        if flags.ignoresCase { set.ascii = set.ascii.foldingCase() }
        return set.inverted().node
    }

    /// Reads `[:alpha:]`, `\d` or their like; nil if a single scalar is next.
    private mutating func parseNamedClass() throws(ExpressionError) -> ScalarSet? {
        if lookingAt("\\") { return try parseClassEscape() }
        return lookingAt("[:") ? try parsePOSIXClass() : nil
    }

    /// Reads `a` or `a-z`; a hyphen before `]` or before a class is a literal of its own.
    private mutating func parseClassRange() throws(ExpressionError) -> ClosedRange<UInt32> {
        let start = offset
        let lower = try parseClassScalar()
        guard lookingAt("-"), offset + 1 < pattern.count, pattern[offset + 1] != UInt8(ascii: "]") else {
            return lower...lower
        }
        let hyphen = offset
        offset += 1
        if try parseNamedClass() != nil {
            offset = hyphen
            return lower...lower
        }
        let upper = try parseClassScalar()
        guard lower <= upper else { throw ExpressionError(.reversedRange, at: start) }
        return lower...upper
    }

    private mutating func parseClassScalar() throws(ExpressionError) -> UInt32 {
        guard lookingAt("\\") else { return nextScalar() }
        if consume("\\b") { return 0x08 }
        return try parseScalarEscape()
    }

    /// Reads `[:name:]`; nil, consuming nothing, if there is no `:]` and the bracket is a literal.
    private mutating func parsePOSIXClass() throws(ExpressionError) -> ScalarSet? {
        let start = offset
        var end = offset + 2
        let isNegated = end < pattern.count && pattern[end] == UInt8(ascii: "^")
        if isNegated { end += 1 }
        let nameStart = end
        while end < pattern.count, ByteSet.word.contains(pattern[end]) { end += 1 }
        guard pattern[end...].starts(with: ":]".utf8) else { return nil }
        let name = String(decoding: pattern[nameStart..<end], as: UTF8.self)
        guard let members = Self.posixClass(name) else { throw ExpressionError(.unknownClassName, at: start) }
        offset = end + 2
        return isNegated ? ScalarSet(ascii: members).inverted() : ScalarSet(ascii: members)
    }

    private static func posixClass(_ name: String) -> ByteSet? {
        let digit = ByteSet.digit
        let lower = ByteSet(0x61...0x7A)
        let upper = ByteSet(0x41...0x5A)
        return switch name {
        case "alnum": digit.union(lower).union(upper)
        case "alpha": lower.union(upper)
        case "ascii": ByteSet.ascii
        case "blank": ByteSet(ascii: "\t ")
        case "cntrl": ByteSet(0x00...0x1F).union(ByteSet(0x7F...0x7F))
        case "digit": digit
        case "graph": ByteSet(0x21...0x7E)
        case "lower": lower
        case "print": ByteSet(0x20...0x7E)
        case "punct": ByteSet(0x21...0x7E).subtracting(digit.union(lower).union(upper))
        case "space": ByteSet.space
        case "upper": upper
        case "word": ByteSet.word
        case "xdigit": digit.union(ByteSet(ascii: "abcdefABCDEF"))
        default: nil
        }
    }
}
