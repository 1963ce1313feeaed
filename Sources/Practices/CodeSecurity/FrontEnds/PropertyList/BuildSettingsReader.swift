/// Reads build settings, `NAME[condition=…] = value // comment` a line, as one dictionary of strings.
struct BuildSettingsReader {
    private let source: SourceText
    private var writer: DataTreeWriter

    init(source: SourceText) {
        self.source = source
        writer = DataTreeWriter(source: source, language: .propertyList)
    }

    mutating func tree() -> CodeTree {
        writer.open(.dictionary, at: 0)
        for number in 1...max(1, source.lineCount) { add(source.lineRange(number)) }
        writer.close(at: source.bytes.count)
        return writer.finish()
    }

    private mutating func add(_ line: Range<Int>) {
        let line = trimmed(withoutComment(line))
        guard let first = source.bytes[line].first, first != UInt8(ascii: "#") else { return }
        var nameEnd = line.lowerBound
        while nameEnd < line.upperBound, Self.isNameByte(source.bytes[nameEnd]) { nameEnd += 1 }
        guard nameEnd > line.lowerBound else { return }
        var index = nameEnd
        var isInCondition = false
        while index < line.upperBound, isInCondition || source.bytes[index] != UInt8(ascii: "=") {
            if source.bytes[index] == UInt8(ascii: "[") { isInCondition = true }
            if source.bytes[index] == UInt8(ascii: "]") { isInCondition = false }
            index += 1
        }
        guard index < line.upperBound else { return }
        let name = line.lowerBound..<nameEnd
        writer.key(name, DataTreeWriter.Text(range: name, value: nil))
        let value = trimmed((index + 1)..<line.upperBound)
        writer.scalar(.string, value, DataTreeWriter.Text(range: value, value: nil))
    }

    private func withoutComment(_ line: Range<Int>) -> Range<Int> {
        var index = line.lowerBound
        while index + 1 < line.upperBound {
            if source.bytes[index] == UInt8(ascii: "/"), source.bytes[index + 1] == UInt8(ascii: "/") {
                return line.lowerBound..<index
            }
            index += 1
        }
        return line
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = source.bytes[range].first, XMLScanner.isBlank(first) {
            range = (range.lowerBound + 1)..<range.upperBound
        }
        while let last = source.bytes[range].last, XMLScanner.isBlank(last) {
            range = range.lowerBound..<(range.upperBound - 1)
        }
        return range
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
