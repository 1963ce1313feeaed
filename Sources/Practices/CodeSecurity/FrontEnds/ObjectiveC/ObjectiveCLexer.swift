/// A word of Objective-C, C or C++.
struct ObjectiveCToken {
    enum Kind {
        case word, number, string, character, punctuation
        /// A whole preprocessor line; `#import`, `#define`, `#if` …
        case directive
        case end
    }

    let kind: Kind
    let range: Range<Int>
    /// The first byte of punctuation, and the number of its bytes; words that the parser asks for are compared as text.
    let text: String
}

/// Cuts Objective-C into words.
///
/// Comments are left out; nothing stops it: an unknown byte is punctuation.
struct ObjectiveCLexer {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func tokens() -> [ObjectiveCToken] {
        var result: [ObjectiveCToken] = []
        result.reserveCapacity(bytes.count / 5)
        while let token = next() { result.append(token) }
        result.append(ObjectiveCToken(kind: .end, range: bytes.count..<bytes.count, text: ""))
        return result
    }

    private mutating func next() -> ObjectiveCToken? {
        skipBlanks()
        guard index < bytes.count else { return nil }
        let start = index
        let byte = bytes[index]
        if byte == UInt8(ascii: "#"), isLineStart(start) { return directive(start) }
        if byte == UInt8(ascii: "\"") { return quoted(start, UInt8(ascii: "\""), .string) }
        if byte == UInt8(ascii: "'") { return quoted(start, UInt8(ascii: "'"), .character) }
        if byte == UInt8(ascii: "@"), peek(1) == UInt8(ascii: "\"") {
            index += 1
            return quoted(start, UInt8(ascii: "\""), .string)
        }
        if Self.isDigit(byte) || byte == UInt8(ascii: ".") && Self.isDigit(peek(1)) { return number(start) }
        if Self.isWord(byte) { return word(start) }
        return punctuation(start)
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= 0x20 {
                index += 1
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            } else if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                index += 2
                while index < bytes.count, !(bytes[index] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) {
                    index += 1
                }
                index = min(index + 2, bytes.count)
            } else if byte == UInt8(ascii: "\\"), peek(1) == 0x0A || peek(1) == 0x0D {
                index += 2
            } else {
                return
            }
        }
    }

    private func peek(_ distance: Int) -> UInt8 { index + distance < bytes.count ? bytes[index + distance] : 0 }

    private func isLineStart(_ position: Int) -> Bool {
        var before = position - 1
        while before >= 0, bytes[before] == 0x20 || bytes[before] == 0x09 { before -= 1 }
        return before < 0 || bytes[before] == 0x0A || bytes[before] == 0x0D
    }

    private mutating func directive(_ start: Int) -> ObjectiveCToken {
        while index < bytes.count, bytes[index] != 0x0A {
            if bytes[index] == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") || peek(1) == UInt8(ascii: "*") { break }
            if bytes[index] == UInt8(ascii: "\\"), peek(1) == 0x0A { index += 1 }
            index += 1
        }
        return token(.directive, start)
    }

    private mutating func quoted(_ start: Int, _ quote: UInt8, _ kind: ObjectiveCToken.Kind) -> ObjectiveCToken {
        index += 1
        while index < bytes.count, bytes[index] != quote, bytes[index] != 0x0A {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index = min(index, bytes.count)
        if index < bytes.count, bytes[index] == quote { index += 1 }
        return token(kind, start)
    }

    private mutating func number(_ start: Int) -> ObjectiveCToken {
        while index < bytes.count, Self.isWord(bytes[index]) || bytes[index] == UInt8(ascii: ".") { index += 1 }
        return token(.number, start)
    }

    private mutating func word(_ start: Int) -> ObjectiveCToken {
        while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
        return token(.word, start)
    }

    private mutating func punctuation(_ start: Int) -> ObjectiveCToken {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "@") {
            // `@interface`, `@selector` and their like are one word.
            while index < bytes.count, Self.isWord(bytes[index]), !Self.isDigit(bytes[start + 1]) { index += 1 }
            return token(index > start + 1 ? .word : .punctuation, start)
        }
        for length in [3, 2] where start + length <= bytes.count {
            let text = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
            if Self.operators.contains(text) {
                index = start + length
                return ObjectiveCToken(kind: .punctuation, range: start..<index, text: text)
            }
        }
        return token(.punctuation, start)
    }

    private func token(_ kind: ObjectiveCToken.Kind, _ start: Int) -> ObjectiveCToken {
        let range = start..<max(start, min(index, bytes.count))
        return ObjectiveCToken(kind: kind, range: range, text: String(decoding: bytes[range], as: UTF8.self))
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isWord(_ byte: UInt8) -> Bool {
        byte == 0x5F || byte == 0x24 || isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte >= 0x80
    }

    private static let operators: Set<String> = [
        "...", "<<=", ">>=", "->", "::", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=",
        "/=",
        "%=", "&=", "|=", "^=",
    ]
}
