/// Hides the values in lines that are shown because a secret stands in them: a report travels further than the code.
///
/// Each hidden character becomes one bullet, so that columns stay right. At most four characters of a value are shown, and never
/// more than half of it.
enum SecretMask {
    /// Which of the values are hidden.
    enum Extent {
        /// Texts between quotation marks or tags, lists of numbers.
        case literals
        /// These, and words that look like keys or tokens.
        case everything
    }

    /// Consecutive lines of a file with their values hidden; also those given, wherever they stand.
    static func masked(_ lines: [String], _ extent: Extent = .everything, values: [String] = []) -> [String] {
        var units = Array(lines.joined(separator: "\n").utf16)
        var spans = SecretLiterals.spans(in: units) + elements(units).map(Array.init)
        spans += numberLists(units).map(Array.init)
        if case .everything = extent { spans += runs(units).map(Array.init) }
        for value in values { spans += places(of: Array(value.utf16), in: units).map(Array.init) }
        for span in spans { hide(span, &units) }
        return units.split(separator: newline, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF16.self)
        }
    }

    /// One line with its values hidden.
    static func masked(_ line: String, _ extent: Extent = .everything) -> String {
        masked([line], extent).joined(separator: "\n")
    }

    /// A text that is a value as a whole.
    static func value(_ text: String) -> String {
        var units = Array(text.utf16)
        hide(Array(units.indices), &units)
        return String(decoding: units, as: UTF16.self)
    }

    private static func hide(_ span: [Int], _ units: inout [UInt16]) {
        guard span.count >= shortestCount else { return }
        for index in span.dropFirst(min(visibleCount, span.count / 2)) where units[index] != newline {
            units[index] = bullet
        }
    }

    /// What stands between tags, unless it is a key.
    private static func elements(_ units: [UInt16]) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var tag: ArraySlice<UInt16> = []
        var index = 0
        while index < units.count {
            if units[index] == less {
                tag = units[(index + 1)...].prefix(8)
            } else if units[index] == greater {
                guard let end = units[(index + 1)...].firstIndex(of: less) else { break }
                if end + 1 < units.count, units[end + 1] == slash, !tag.starts(with: "key>".utf16) {
                    spans.append((index + 1)..<end)
                }
                index = end - 1
            }
            index += 1
        }
        return spans
    }

    /// Words of keys and tokens: long, with a digit.
    private static func runs(_ units: [UInt16]) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var start = 0
        for index in 0...units.count where index == units.count || !isTokenUnit(units[index]) {
            let span = start..<index
            if span.count >= 12, units[span].contains(where: { (0x30...0x39).contains($0) }) { spans.append(span) }
            start = index + 1
        }
        return spans
    }

    /// Keys that are written as numbers: eight of them or more, with commas between.
    private static func numberLists(_ units: [UInt16]) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var start = 0
        for index in 0...units.count where index == units.count || !isNumberUnit(units[index]) {
            let span = start..<index
            if units[span].count(where: { $0 == comma }) >= 7 { spans.append(span) }
            start = index + 1
        }
        return spans
    }

    private static func places(of value: [UInt16], in units: [UInt16]) -> [Range<Int>] {
        guard value.count >= shortestCount, value.count <= units.count, let first = value.first else { return [] }
        return (0...(units.count - value.count)).filter {
            units[$0] == first && units[$0..<($0 + value.count)].elementsEqual(value)
        }.map { $0..<($0 + value.count) }
    }

    private static func isNumberUnit(_ unit: UInt16) -> Bool {
        (0x30...0x39).contains(unit) || (0x41...0x46).contains(unit) || (0x61...0x66).contains(unit)
            || [comma, 0x20, newline, 0x09, 0x78, 0x58, 0x5F].contains(unit)
    }

    private static func isTokenUnit(_ unit: UInt16) -> Bool {
        guard let scalar = Unicode.Scalar(unit), scalar.isASCII else { return false }
        return scalar.properties.isAlphabetic || (0x30...0x39).contains(unit)
            || "+/_.~-".unicodeScalars.contains(scalar)
    }

    /// Shorter texts are shown: they hide nothing that could not be guessed.
    private static let shortestCount = 4
    private static let visibleCount = 4
    private static let less: UInt16 = 0x3C
    private static let greater: UInt16 = 0x3E
    private static let slash: UInt16 = 0x2F
    private static let comma: UInt16 = 0x2C
    private static let newline: UInt16 = 0x0A
    private static let bullet: UInt16 = 0x2022
}
