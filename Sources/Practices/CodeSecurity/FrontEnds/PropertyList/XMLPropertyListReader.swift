/// Reads an XML property list.
///
/// A value's range goes from its tag to its end tag; its name is the text between.
struct XMLPropertyListReader {
    private enum Tag: String {
        case dict, array, key, string, integer, real, date, data
        case `true`, `false`
    }

    private struct Open {
        let tag: Tag
        let range: Range<Int>
    }

    private var scanner: XMLScanner
    private var writer: DataTreeWriter
    private var open: Open?
    private var text = XMLText()

    init(source: SourceText) {
        scanner = XMLScanner(source.bytes)
        writer = DataTreeWriter(source: source, language: .propertyList)
    }

    mutating func tree() -> CodeTree {
        while let event = scanner.next() {
            switch event {
            case .text(let range): if open != nil { text.append(range, isVerbatim: false) }
            case .verbatim(let range): if open != nil { text.append(range, isVerbatim: true) }
            case .start(let tag): start(tag)
            case .end(let name, let range): end(name, range)
            }
        }
        if let open { finish(open, end: text.range?.upperBound ?? open.range.upperBound) }
        return writer.finish()
    }

    private mutating func start(_ tag: XMLScanner.StartTag) {
        // A value that was never closed ends where the next tag begins.
        if let open { finish(open, end: tag.range.lowerBound) }
        guard let kind = Tag(rawValue: scanner.text(tag.name)) else { return }
        switch kind {
        case .dict, .array:
            writer.open(
                kind == .dict ? .dictionary : .array, at: tag.range.lowerBound, closer: Self.closer(kind))
            if tag.isEmpty { writer.close(at: tag.range.upperBound) }
        case .true, .false:
            if tag.isEmpty {
                writer.scalar(.boolean, tag.range, DataTreeWriter.Text(range: tag.name, value: nil))
            } else {
                open = Open(tag: kind, range: tag.range)
            }
        default:
            open = Open(tag: kind, range: tag.range)
            if tag.isEmpty { finish(Open(tag: kind, range: tag.range), end: tag.range.upperBound) }
        }
    }

    private mutating func end(_ name: Range<Int>, _ range: Range<Int>) {
        let kind = Tag(rawValue: scanner.text(name))
        if let open {
            finish(open, end: open.tag == kind ? range.upperBound : range.lowerBound)
            if open.tag == kind { return }
        }
        if let kind { writer.close(Self.closer(kind), at: range.lowerBound, after: range.upperBound) }
    }

    private mutating func finish(_ value: Open, end: Int) {
        let range = value.range.lowerBound..<max(end, value.range.upperBound)
        let found = text.text(in: scanner.bytes, otherwise: value.range.upperBound)
        switch value.tag {
        case .key: writer.key(range, found)
        case .string: writer.scalar(.string, range, found)
        case .integer: writer.scalar(.integer, range, trimmed(found))
        case .real: writer.scalar(.float, range, trimmed(found))
        case .true, .false:
            let name = (value.range.lowerBound + 1)..<(value.range.lowerBound + 1 + value.tag.rawValue.utf8.count)
            writer.scalar(.boolean, range, DataTreeWriter.Text(range: name, value: nil))
        default: writer.scalar(.other, range, trimmed(found))
        }
        open = nil
        text = XMLText()
    }

    /// What tells the end of a dictionary from that of an array; 0, which ends nothing, for every other tag.
    private static func closer(_ tag: Tag) -> UInt8 {
        switch tag {
        case .dict: 1
        case .array: 2
        default: 0
        }
    }

    private func trimmed(_ text: DataTreeWriter.Text) -> DataTreeWriter.Text {
        guard text.value == nil else { return text }
        var range = text.range
        while let first = scanner.bytes[range].first, XMLScanner.isBlank(first) {
            range = (range.lowerBound + 1)..<range.upperBound
        }
        while let last = scanner.bytes[range].last, XMLScanner.isBlank(last) {
            range = range.lowerBound..<(range.upperBound - 1)
        }
        return DataTreeWriter.Text(range: range, value: nil)
    }
}
