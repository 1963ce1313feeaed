/// Hides the values in a line that is shown because a secret stands in it: a report travels further than the code.
///
/// Each hidden character becomes one bullet, so that columns stay right.
enum SecretMask {
    /// The line with all but the first four characters of each value hidden.
    static func masked(_ line: String) -> String {
        var units = Array(line.utf16)
        for span in delimited(units) + runs(units) {
            for index in span.dropFirst(visibleCount) { units[index] = bullet }
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// What stands between quotation marks or between tags, unless it is the key before a colon.
    private static func delimited(_ units: [UInt16]) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var index = 0
        while index < units.count {
            let closing: UInt16? = units[index] == quote ? quote : units[index] == greater ? less : nil
            index += 1
            guard let closing, let end = units[index...].firstIndex(of: closing) else { continue }
            let next = units[(end + 1)...].first { $0 != 0x20 }
            if end - index >= 8, closing == less || next != colon { spans.append(index..<end) }
            index = closing == quote ? end + 1 : end
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

    private static func isTokenUnit(_ unit: UInt16) -> Bool {
        guard let scalar = Unicode.Scalar(unit), scalar.isASCII else { return false }
        return scalar.properties.isAlphabetic || (0x30...0x39).contains(unit)
            || "+/_.~-".unicodeScalars.contains(scalar)
    }

    private static let visibleCount = 4
    private static let quote: UInt16 = 0x22
    private static let less: UInt16 = 0x3C
    private static let greater: UInt16 = 0x3E
    private static let colon: UInt16 = 0x3A
    private static let bullet: UInt16 = 0x2022
}
