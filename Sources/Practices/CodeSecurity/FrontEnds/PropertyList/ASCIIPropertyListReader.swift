/// Reads a property list in the old style, `{ key = value; list = (a, b); }`, as Xcode writes its projects.
struct ASCIIPropertyListReader {
    private let bytes: [UInt8]
    private var writer: DataTreeWriter
    private var position = 0

    init(source: SourceText) {
        bytes = source.bytes
        writer = DataTreeWriter(source: source, language: .propertyList)
    }

    mutating func tree() -> CodeTree {
        while position < bytes.count {
            let start = position
            switch bytes[position] {
            case UInt8(ascii: "{"): open(.dictionary, UInt8(ascii: "}"))
            case UInt8(ascii: "("): open(.array, UInt8(ascii: ")"))
            case UInt8(ascii: "}"), UInt8(ascii: ")"): close()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): add(quoted(), start)
            case UInt8(ascii: "<"): data()
            case UInt8(ascii: "/") where isComment: skipComment()
            case let byte where Self.isWordByte(byte): add(word(), start)
            default: position += 1
            }
        }
        return writer.finish()
    }

    private mutating func open(_ kind: NodeKind, _ closer: UInt8) {
        writer.open(kind, at: position, closer: closer)
        position += 1
    }

    private mutating func close() {
        writer.close(bytes[position], at: position, after: position + 1)
        position += 1
    }

    private mutating func add(_ text: DataTreeWriter.Text, _ start: Int) {
        if writer.isInDictionary, !writer.hasKey {
            writer.key(start..<position, text)
        } else {
            writer.scalar(.string, start..<position, text)
        }
    }

    private mutating func word() -> DataTreeWriter.Text {
        let start = position
        while position < bytes.count, Self.isWordByte(bytes[position]), !isComment { position += 1 }
        return DataTreeWriter.Text(range: start..<position, value: nil)
    }

    private mutating func quoted() -> DataTreeWriter.Text {
        let quote = bytes[position]
        position += 1
        let start = position
        var hasEscape = false
        while position < bytes.count, bytes[position] != quote {
            if bytes[position] == UInt8(ascii: "\\") {
                hasEscape = true
                position += 1
            }
            position += 1
        }
        position = min(position, bytes.count)
        let range = start..<position
        position = min(position + 1, bytes.count)
        return DataTreeWriter.Text(range: range, value: hasEscape ? Self.unescaped(bytes[range]) : nil)
    }

    private mutating func data() {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") { position += 1 }
        let content = min(start + 1, position)..<position
        position = min(position + 1, bytes.count)
        writer.scalar(.other, start..<position, DataTreeWriter.Text(range: content, value: nil))
    }

    private var isComment: Bool {
        position + 1 < bytes.count && bytes[position] == UInt8(ascii: "/")
            && (bytes[position + 1] == UInt8(ascii: "*") || bytes[position + 1] == UInt8(ascii: "/"))
    }

    private mutating func skipComment() {
        let isLine = bytes[position + 1] == UInt8(ascii: "/")
        position += 2
        let start = position
        while position < bytes.count {
            if isLine, bytes[position] == 0x0A { return }
            if !isLine, position > start, bytes[position] == UInt8(ascii: "/"), bytes[position - 1] == UInt8(ascii: "*")
            {
                position += 1
                return
            }
            position += 1
        }
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var value: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex {
                index += 1
                switch bytes[index] {
                case UInt8(ascii: "n"): value.append(0x0A)
                case UInt8(ascii: "t"): value.append(0x09)
                case UInt8(ascii: "r"): value.append(0x0D)
                default: value.append(bytes[index])
                }
            } else {
                value.append(bytes[index])
            }
            index += 1
        }
        return String(decoding: value, as: UTF8.self)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "."),
            UInt8(ascii: "-"),
            UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: "%"), 0x80...0xFF:
            true
        default: false
        }
    }
}
