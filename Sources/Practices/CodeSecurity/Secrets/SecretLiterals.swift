/// Finds the contents of string literals in a piece of code, without what is interpolated: that is code and no value.
///
/// Reads Swift's literals (also of several lines, also raw), Objective-C's and JSON's.
struct SecretLiterals {
    private let units: [UInt16]
    private var index = 0
    private var spans: [[Int]] = []
    private var open: [Level] = []
    /// The indices read so far of every open literal.
    private var contents: [[Int]] = []

    /// A literal that is not closed yet, or the code of an interpolation in it.
    private enum Level {
        case literal(start: Int, hashes: Int, isLong: Bool)
        case interpolation(parentheses: Int)
    }

    /// The indices of each literal's own characters; keys are left out.
    static func spans(in units: [UInt16]) -> [[Int]] {
        var reader = SecretLiterals(units: units)
        while reader.index < units.count { reader.step() }
        return reader.spans + reader.contents
    }

    private init(units: [UInt16]) { self.units = units }

    private mutating func step() {
        switch open.last {
        case .literal(let start, let hashes, let isLong): inLiteral(start, hashes, isLong)
        case .interpolation(let parentheses): inInterpolation(parentheses)
        case nil: inCode()
        }
    }

    private mutating func inCode() {
        if units[index] == Self.quote, !isCharacter {
            begin()
        } else {
            index += 1
        }
    }

    /// Whether the quotation mark here is itself quoted, as C writes it.
    private var isCharacter: Bool {
        index > 0 && index + 1 < units.count && units[index - 1] == Self.apostrophe
            && units[index + 1] == Self.apostrophe
    }

    private mutating func begin() {
        let hashes = units[..<index].reversed().prefix { $0 == Self.hash }.count
        let isLong = units[index...].starts(with: [Self.quote, Self.quote, Self.quote])
        index += isLong ? 3 : 1
        open.append(.literal(start: index, hashes: hashes, isLong: isLong))
        contents.append([])
    }

    private mutating func inInterpolation(_ parentheses: Int) {
        switch units[index] {
        case Self.quote: begin()
        case 0x28:
            index += 1
            open[open.count - 1] = .interpolation(parentheses: parentheses + 1)
        case 0x29:
            index += 1
            if parentheses == 1 {
                open.removeLast()
            } else {
                open[open.count - 1] = .interpolation(parentheses: parentheses - 1)
            }
        default: index += 1
        }
    }

    private mutating func inLiteral(_ start: Int, _ hashes: Int, _ isLong: Bool) {
        let hashMarks = [UInt16](repeating: Self.hash, count: hashes)
        let marks = [UInt16](repeating: Self.quote, count: isLong ? 3 : 1)
        if units[index...].starts(with: marks + hashMarks) {
            let content = contents.popLast() ?? []
            open.removeLast()
            if !isKey(start, end: index + marks.count) { spans.append(content) }
            index += marks.count + hashes
        } else if units[index] == 0x0A, !isLong {
            // A literal of one line is cut off here.
            open.removeLast()
            spans.append(contents.popLast() ?? [])
            index += 1
        } else if units[index] == Self.backslash, units[(index + 1)...].starts(with: hashMarks) {
            escape(index + 1 + hashes)
        } else {
            take(index...index)
        }
    }

    /// Reads what a backslash begins; `next` is the character after it.
    private mutating func escape(_ next: Int) {
        if next < units.count, units[next] == 0x28 {
            index = next + 1
            open.append(.interpolation(parentheses: 1))
        } else {
            take(index...min(next, units.count - 1))
        }
    }

    private mutating func take(_ range: ClosedRange<Int>) {
        contents[contents.count - 1] += range
        index = range.upperBound + 1
    }

    /// Whether a literal names something: it stands before a colon or after a label for keys.
    private func isKey(_ start: Int, end: Int) -> Bool {
        let before = String(decoding: units[..<max(0, start - 1)].suffix(24), as: UTF16.self)
        let label = before.reversed().drop { " @#".contains($0) }
        if Self.labels.contains(where: { label.starts(with: $0.reversed()) }) { return true }
        guard units[min(end, units.count)...].first(where: { $0 != 0x20 }) == Self.colon else { return false }
        // `a ? "x" : "y"` and `case "x":` have a colon too.
        return label.first != "?" && !label.starts(with: "case".reversed())
    }

    private static let labels = ["forKey:", "forKeyPath:", "AppStorage(", "forHTTPHeaderField:"]
    private static let quote: UInt16 = 0x22
    private static let apostrophe: UInt16 = 0x27
    private static let hash: UInt16 = 0x23
    private static let backslash: UInt16 = 0x5C
    private static let colon: UInt16 = 0x3A
}
