/// Cuts XML into tags and texts, with exact byte ranges.
///
/// Comments, processing instructions and document types are passed over.
///
/// It never fails: what is no tag is text, and a tag that does not end is ended by the next `<`. Every byte is looked at a bounded
/// number of times. Entities that a document type declares are never expanded: they stay as they are written.
struct XMLScanner {
    enum Event {
        case start(StartTag)
        case end(name: Range<Int>, range: Range<Int>)
        case text(Range<Int>)
        /// The content of a CDATA section.
        case verbatim(Range<Int>)
    }

    struct StartTag {
        let name: Range<Int>
        var attributes: [Attribute] = []
        var range: Range<Int>
        /// Whether it is written `<name/>`.
        var isEmpty = false
    }

    struct Attribute {
        let name: Range<Int>
        /// Without the quotes.
        let value: Range<Int>
        let range: Range<Int>
    }

    let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next tag or text; nil at the end.
    mutating func next() -> Event? {
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else { return text() }
            if starts("<!--") {
                skip(past: "-->", from: position + 4)
            } else if starts("<![CDATA[") {
                let start = position + 9
                skip(past: "]]>", from: start)
                let end = position - (closed("]]>", start) ? 3 : 0)
                return .verbatim(start..<max(start, end))
            } else if starts("<?") {
                skip(past: "?>", from: position + 2)
            } else if starts("<!") {
                skipDeclaration()
            } else if starts("</") {
                return endTag()
            } else if let tag = startTag() {
                return .start(tag)
            } else {
                return text()
            }
        }
        return nil
    }

    /// The text of a range.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func text() -> Event {
        let start = position
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
        return .text(start..<position)
    }

    private mutating func endTag() -> Event {
        let start = position
        position += 2
        let name = self.name()
        while position < bytes.count, bytes[position] != UInt8(ascii: ">"), bytes[position] != UInt8(ascii: "<") {
            position += 1
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ">") { position += 1 }
        return .end(name: name, range: start..<position)
    }

    private mutating func startTag() -> StartTag? {
        let start = position
        guard start + 1 < bytes.count, Self.isNameByte(bytes[start + 1]) else { return nil }
        position += 1
        var tag = StartTag(name: name(), range: start..<start)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "<") { break }
            if byte == UInt8(ascii: ">") {
                position += 1
                break
            }
            if byte == UInt8(ascii: "/") {
                tag.isEmpty = position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: ">")
                position += 1
            } else if Self.isNameByte(byte) {
                tag.attributes.append(attribute())
            } else {
                position += 1
            }
        }
        tag.range = start..<position
        return tag
    }

    private mutating func attribute() -> Attribute {
        let start = position
        let name = self.name()
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
            return Attribute(name: name, value: name.upperBound..<name.upperBound, range: start..<name.upperBound)
        }
        position += 1
        skipBlanks()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'")
        else {
            let value = unquoted()
            return Attribute(name: name, value: value, range: start..<position)
        }
        let quote = bytes[position]
        position += 1
        let valueStart = position
        while position < bytes.count, bytes[position] != quote, bytes[position] != UInt8(ascii: "<") { position += 1 }
        let value = valueStart..<position
        if position < bytes.count, bytes[position] == quote { position += 1 }
        return Attribute(name: name, value: value, range: start..<position)
    }

    private mutating func unquoted() -> Range<Int> {
        let start = position
        while position < bytes.count, !Self.isBlank(bytes[position]), bytes[position] != UInt8(ascii: ">"),
            bytes[position] != UInt8(ascii: "<"), bytes[position] != UInt8(ascii: "/")
        {
            position += 1
        }
        return start..<position
    }

    private mutating func name() -> Range<Int> {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        return start..<position
    }

    private mutating func skipBlanks() {
        while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
    }

    /// Passes over `<!DOCTYPE …>` with its internal subset: brackets nest, and quotes hide them.
    private mutating func skipDeclaration() {
        var depth = 0
        var quote: UInt8?
        position += 2
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "]") {
                depth -= 1
            } else if byte == UInt8(ascii: ">"), depth <= 0 {
                return
            }
        }
    }

    private mutating func skip(past end: StaticString, from start: Int) {
        position = min(start, bytes.count)
        while position < bytes.count, !starts(end) { position += 1 }
        position = min(bytes.count, position + end.utf8CodeUnitCount)
    }

    private func closed(_ end: StaticString, _ start: Int) -> Bool {
        let count = end.utf8CodeUnitCount
        return position - count >= start
            && end.withUTF8Buffer { zip($0, bytes[(position - count)..<position]).allSatisfy { $0 == $1 } }
    }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        return text.withUTF8Buffer { buffer in
            for index in 0..<count where buffer[index] != bytes[position + index] { return false }
            return true
        }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), 0x80...0xFF:
            true
        default: false
        }
    }
}
