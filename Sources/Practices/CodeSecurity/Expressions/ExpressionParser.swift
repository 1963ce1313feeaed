/// Reads a pattern into a syntax tree.
///
/// The grammar is what RE2 and PCRE have in common, as the rules of gitleaks and Semgrep use it. Where the two differ:
/// `$` without `m` and `\Z` mean the very end of the text; `\s` includes the vertical tab; `\xHH` is a scalar, not a byte;
/// a `{` that opens no counted repetition is a literal.
struct ExpressionParser {
    /// The flags a group may set.
    struct Flags {
        var ignoresCase = false
        var dotMatchesNewline = false
        var isMultiline = false
        var isExtended = false
    }

    let pattern: [UInt8]
    let limits: ExpressionLimits
    var offset = 0
    var flags = Flags()
    var depth = 0
    var groupCount = 0
    var groupNames: [String: Int] = [:]

    /// Prepares to read a pattern.
    init(_ pattern: [UInt8], limits: ExpressionLimits) {
        self.pattern = pattern
        self.limits = limits
    }

    /// Reads the whole pattern.
    mutating func parse() throws(ExpressionError) -> ExpressionNode {
        let node = try parseAlternatives()
        guard isAtEnd else { throw ExpressionError(.unbalancedParenthesis, at: offset) }
        return node
    }

    /// Reads branches up to a `)` or the end; flags set inside end with it.
    mutating func parseAlternatives() throws(ExpressionError) -> ExpressionNode {
        let outerFlags = flags
        defer { flags = outerFlags }
        var branches = [try parseSequence()]
        while consume(UInt8(ascii: "|")) {
            branches.append(try parseSequence())
        }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func parseSequence() throws(ExpressionError) -> ExpressionNode {
        var parts: [ExpressionNode] = []
        while true {
            skipExtendedSpace()
            guard let byte = peek(), byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") else { break }
            if lookingAt("\\Q") {
                parts += try parseQuotation()
                continue
            }
            guard let atom = try parseAtom() else { continue }
            parts.append(try parseQuantifier(of: atom))
        }
        return .joined(parts)
    }

    /// Reads one atom; nil for something that matches nothing by itself, such as `(?i)`.
    private mutating func parseAtom() throws(ExpressionError) -> ExpressionNode? {
        let start = offset
        switch pattern[offset] {
        case UInt8(ascii: "("): return try parseGroup()
        case UInt8(ascii: "["): return try parseClass()
        case UInt8(ascii: "\\"): return try parseEscape()
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
            throw ExpressionError(.misplacedQuantifier, at: start)
        case UInt8(ascii: "{"):
            if try parseCounts() != nil { throw ExpressionError(.misplacedQuantifier, at: start) }
        case UInt8(ascii: "."):
            offset += 1
            return .scalar(ascii: flags.dotMatchesNewline ? .ascii : .ascii.subtracting(.newline))
        case UInt8(ascii: "^"):
            offset += 1
            return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case UInt8(ascii: "$"):
            offset += 1
            return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        default: break
        }
        return literal(nextScalar())
    }

    private mutating func parseQuantifier(of atom: ExpressionNode) throws(ExpressionError) -> ExpressionNode {
        skipExtendedSpace()
        guard let counts = try parseCounts() else { return atom }
        let isGreedy = !consume(UInt8(ascii: "?"))
        if peek() == UInt8(ascii: "+") { throw ExpressionError(.atomicUnsupported, at: offset) }
        let second = offset
        if try parseCounts() != nil { throw ExpressionError(.misplacedQuantifier, at: second) }
        if atom == .empty { return .empty }
        return .repetition(atom, minimum: counts.minimum, maximum: counts.maximum, isGreedy: isGreedy)
    }

    /// Reads `*`, `+`, `?` or `{…}`; consumes nothing and answers nil if there is none.
    private mutating func parseCounts() throws(ExpressionError) -> (minimum: Int, maximum: Int?)? {
        if consume(UInt8(ascii: "*")) { return (0, nil) }
        if consume(UInt8(ascii: "+")) { return (1, nil) }
        if consume(UInt8(ascii: "?")) { return (0, 1) }
        let start = offset
        guard consume(UInt8(ascii: "{")) else { return nil }
        guard let minimum = parseNumber() else {
            offset = start
            return nil
        }
        var maximum: Int? = minimum
        if consume(UInt8(ascii: ",")) { maximum = parseNumber() }
        guard consume(UInt8(ascii: "}")) else {
            offset = start
            return nil
        }
        guard max(minimum, maximum ?? 0) <= limits.maximumRepetitionCount else {
            throw ExpressionError(.repetitionTooLarge, at: start)
        }
        guard minimum <= maximum ?? minimum else { throw ExpressionError(.reversedRange, at: start) }
        return (minimum, maximum)
    }

    /// Reads decimal digits; values past any sensible limit stay at one million.
    private mutating func parseNumber() -> Int? {
        let start = offset
        var value = 0
        while let byte = peek(), ByteSet.digit.contains(byte) {
            value = min(value * 10 + Int(byte - 0x30), 1_000_000)
            offset += 1
        }
        return offset == start ? nil : value
    }
}

// MARK: - Literals

extension ExpressionParser {
    /// A scalar as its UTF-8 bytes, in both cases if the flag asks for it.
    func literal(_ scalar: UInt32) -> ExpressionNode {
        if scalar < 0x80 {
            let set = ByteSet(UInt8(scalar)...UInt8(scalar))
            return .bytes(flags.ignoresCase ? set.foldingCase() : set)
        }
        return ScalarSet(ranges: [scalar...scalar]).node
    }

    /// A class as a tree, in both cases if the flag asks for it.
    func node(_ set: ScalarSet) -> ExpressionNode {
        var set = set
        if flags.ignoresCase { set.ascii = set.ascii.foldingCase() }
        return set.node
    }

    /// Takes the next scalar of the pattern (a Swift string is valid UTF-8).
    mutating func nextScalar() -> UInt32 {
        let lead = pattern[offset]
        offset += 1
        guard lead >= 0xC0 else { return UInt32(lead) }
        var value = UInt32(lead) & (lead < 0xE0 ? 0x1F : lead < 0xF0 ? 0x0F : 0x07)
        while let byte = peek(), ByteSet.continuation.contains(byte) {
            value = value << 6 | UInt32(byte & 0x3F)
            offset += 1
        }
        return value
    }

    /// Reads `\Q…\E`; a quantifier after it repeats the last literal.
    private mutating func parseQuotation() throws(ExpressionError) -> [ExpressionNode] {
        offset += 2
        var parts: [ExpressionNode] = []
        while !isAtEnd, !lookingAt("\\E") { parts.append(literal(nextScalar())) }
        offset = min(offset + 2, pattern.count)
        guard let last = parts.popLast() else { return [] }
        return parts + [try parseQuantifier(of: last)]
    }
}

// MARK: - Reading bytes

extension ExpressionParser {
    /// Whether the whole pattern is read.
    var isAtEnd: Bool { offset >= pattern.count }

    /// The next byte, not consumed.
    func peek() -> UInt8? { isAtEnd ? nil : pattern[offset] }

    /// Consumes `byte` if it is next.
    mutating func consume(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        offset += 1
        return true
    }

    /// Whether the unread pattern begins with an ASCII text.
    func lookingAt(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { pattern[offset...].starts(with: $0) }
    }

    /// Consumes an ASCII text if it is next.
    mutating func consume(_ text: StaticString) -> Bool {
        guard lookingAt(text) else { return false }
        offset += text.utf8CodeUnitCount
        return true
    }

    /// Skips blanks and comments where the `x` flag allows them.
    private mutating func skipExtendedSpace() {
        while flags.isExtended, let byte = peek() {
            if byte == UInt8(ascii: "#") {
                while let next = peek(), next != 0x0A { offset += 1 }
            } else if ByteSet.space.contains(byte) {
                offset += 1
            } else {
                return
            }
        }
    }
}
