extension SwiftNesting {
    /// Counts words and marks; one line of a string or a comment ends by itself.
    mutating func stretch(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Range<Int>? {
        let byte = bytes[position]
        guard !Self.isSpace(byte), text == nil || text?.kind == .multiline || text?.kind == .nestedComment else {
            return nil
        }
        defer { last = (last.1, byte) }
        let isWord = Self.isWord(byte)
        guard !isWord || position == 0 || !Self.isWord(bytes[position - 1]) else { return nil }
        let beginsAnew = isWord || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "#")
        if isAfterLine, beginsAnew, !goesOn, !(isWord && Self.isContinuing(bytes, position)) {
            levels[levels.count - 1].stretch = 0
            levels[levels.count - 1].takers = 0
        }
        levels[levels.count - 1].stretch += 1
        guard levels[levels.count - 1].stretch > NestingBounds.maximumStretch else { return nil }
        switch byte {
        // What ends a stretch, and what stands in pairs, is read as ever.
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""):
            return nil
        default: break
        }
        var end = position + 1
        while isWord, end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
        return position..<end
    }

    /// Whether the last mark waits for what comes on the next line.
    private var goesOn: Bool {
        switch last.1 {
        case UInt8(ascii: ">"): last.0 == UInt8(ascii: "-")
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"),
            UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: "."),
            UInt8(ascii: "="), UInt8(ascii: "<"):
            true
        default: false
        }
    }

    /// A word that goes on with what the line before it said.
    private static func isContinuing(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        let word = bytes[position...].prefix(10).prefix(while: isWord)
        return (2...9).contains(word.count) && continuingWords.contains(String(decoding: word, as: UTF8.self))
    }

    private static let continuingWords: Set<String> = [
        "some", "any", "each", "inout", "borrowing", "consuming", "sending", "isolated", "is", "as", "in", "where",
        "then", "else", "throws", "async",
    ]
}
