extension ExpressionParser {
    /// Reads an escape outside brackets, from its backslash.
    mutating func parseEscape() throws(ExpressionError) -> ExpressionNode {
        let start = offset
        guard offset + 1 < pattern.count else { throw ExpressionError(.invalidEscape, at: start) }
        let byte = pattern[offset + 1]
        if let assertion = Self.assertion(byte) {
            offset += 2
            return .assertion(assertion)
        }
        if ByteSet(ascii: "123456789kg").contains(byte) {
            throw ExpressionError(.backreferenceUnsupported, at: start)
        }
        if let set = try parseClassEscape() { return set.node }
        return literal(try parseScalarEscape())
    }

    private static func assertion(_ byte: UInt8) -> ExpressionAssertion? {
        switch byte {
        case UInt8(ascii: "A"): .textStart
        case UInt8(ascii: "z"), UInt8(ascii: "Z"): .textEnd
        case UInt8(ascii: "b"): .wordBoundary
        case UInt8(ascii: "B"): .notWordBoundary
        default: nil
        }
    }

    /// Reads `\d` and its like; consumes nothing and answers nil for any other escape.
    mutating func parseClassEscape() throws(ExpressionError) -> ScalarSet? {
        guard offset + 1 < pattern.count else { return nil }
        let set: ByteSet
        switch pattern[offset + 1] | 0x20 {
        case UInt8(ascii: "d"): set = .digit
        case UInt8(ascii: "w"): set = .word
        case UInt8(ascii: "s"): set = .space
        case UInt8(ascii: "h"): set = ByteSet(ascii: "\t ")
        case UInt8(ascii: "p"): throw ExpressionError(.unicodePropertyUnsupported, at: offset)
        default: return nil
        }
        let isNegated = pattern[offset + 1] & 0x20 == 0
        offset += 2
        return isNegated ? ScalarSet(ascii: set).inverted() : ScalarSet(ascii: set)
    }

    /// Reads an escape that stands for one scalar, from its backslash.
    mutating func parseScalarEscape() throws(ExpressionError) -> UInt32 {
        let start = offset
        offset += 1
        guard let byte = peek() else { throw ExpressionError(.invalidEscape, at: start) }
        guard ByteSet.word.contains(byte), byte != UInt8(ascii: "_") else { return nextScalar() }
        offset += 1
        switch byte {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "v"): return 0x0B
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "e"): return 0x1B
        case UInt8(ascii: "0"): return parseOctal()
        case UInt8(ascii: "x"): return try parseHexadecimal(digitCount: 2, escapeAt: start)
        case UInt8(ascii: "u"): return try parseHexadecimal(digitCount: 4, escapeAt: start)
        default: throw ExpressionError(.invalidEscape, at: start)
        }
    }

    /// Reads up to two octal digits after `\0`.
    private mutating func parseOctal() -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<2 {
            guard let byte = peek(), (0x30...0x37).contains(byte) else { break }
            value = value * 8 + UInt32(byte - 0x30)
            offset += 1
        }
        return value
    }

    /// Reads exactly `digitCount` digits, or any number up to eight in braces.
    private mutating func parseHexadecimal(digitCount: Int, escapeAt start: Int) throws(ExpressionError) -> UInt32 {
        let isBraced = consume(UInt8(ascii: "{"))
        let first = offset
        var value: UInt32 = 0
        while let byte = peek(), let digit = Self.hexadecimalValue(byte), offset - first < (isBraced ? 8 : digitCount) {
            value = value << 4 | digit
            offset += 1
        }
        let isComplete = isBraced ? offset > first && consume(UInt8(ascii: "}")) : offset - first == digitCount
        guard isComplete else { throw ExpressionError(.invalidEscape, at: start) }
        guard Unicode.Scalar(value) != nil else { throw ExpressionError(.invalidScalar, at: start) }
        return value
    }

    private static func hexadecimalValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46, 0x61...0x66: UInt32((byte | 0x20) - 0x61 + 10)
        default: nil
        }
    }
}
