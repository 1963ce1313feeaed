/// Reads JSON (RFC 8259) with exact byte ranges.
///
/// It never fails: bytes that belong to nothing are passed over, comments too.
enum JSONFrontEnd {
    static func tree(of source: SourceText) -> CodeTree {
        var reader = Reader(source: source)
        return reader.tree()
    }

    private struct Reader {
        private let bytes: [UInt8]
        private var writer: DataTreeWriter
        private var position: Int

        init(source: SourceText) {
            bytes = source.bytes
            writer = DataTreeWriter(source: source, language: .json)
            position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        }

        mutating func tree() -> CodeTree {
            while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "{"): open(.dictionary, UInt8(ascii: "}"))
                case UInt8(ascii: "["): open(.array, UInt8(ascii: "]"))
                case UInt8(ascii: "}"), UInt8(ascii: "]"): close()
                case UInt8(ascii: "\""): string()
                case UInt8(ascii: "/"): skipComment()
                case let byte where Self.isWordByte(byte): word()
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

        private mutating func string() {
            let start = position
            position += 1
            var hasEscape = false
            while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                if bytes[position] == UInt8(ascii: "\\") {
                    hasEscape = true
                    position += 1
                }
                position += 1
            }
            position = min(position, bytes.count)
            let content = (start + 1)..<max(position, start + 1)
            position = min(position + 1, bytes.count)
            let text = DataTreeWriter.Text(
                range: content.clamped(to: 0..<bytes.count), value: hasEscape ? JSONText.unescaped(bytes[content]) : nil
            )
            if writer.isInDictionary, !writer.hasKey {
                writer.key(start..<position, text)
            } else {
                writer.scalar(.string, start..<position, text)
            }
        }

        private mutating func word() {
            let start = position
            while position < bytes.count, Self.isWordByte(bytes[position]) { position += 1 }
            let range = start..<position
            let text = DataTreeWriter.Text(range: range, value: nil)
            let word = String(decoding: bytes[range], as: UTF8.self)
            switch word {
            case "true", "false": writer.scalar(.boolean, range, text)
            case "null": writer.scalar(.nilLiteral, range, text)
            default:
                let isNumber = word.first.map { $0.isNumber || $0 == "-" } ?? false
                let isInteger = isNumber && word.dropFirst().allSatisfy(\.isNumber)
                writer.scalar(isInteger ? .integer : isNumber ? .float : .other, range, text)
            }
        }

        private mutating func skipComment() {
            guard position + 1 < bytes.count else {
                position += 1
                return
            }
            let mark = bytes[position + 1]
            position += 2
            guard mark == UInt8(ascii: "/") || mark == UInt8(ascii: "*") else { return }
            let start = position
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if mark == UInt8(ascii: "/"), byte == 0x0A { return }
                if mark == UInt8(ascii: "*"), byte == UInt8(ascii: "/"), position > start + 1,
                    bytes[position - 2] == UInt8(ascii: "*")
                {
                    return
                }
            }
        }

        private static func isWordByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
