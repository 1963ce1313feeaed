/// Bounds what the parser of Swift has to nest: it calls itself for every level, so a file made for it would end the
/// process, and it tries `[` in two ways, so each level of those doubles its work.
///
/// What is too deep becomes blanks; every byte keeps its place. Brackets in strings count too, as code may stand in them.
/// A file that goes too deep again and again was made for it: the parser's time for what is left of its structure grows with
/// the square of its length, so it is read up to there.
struct NestingBounds {
    /// Square brackets; deeper than arrays and subscripts are written by hand.
    static let maximumSquareDepth = 8
    /// Parentheses, and braces.
    static let maximumDepth = 64
    /// Conditions `a ? b : c` that wait for their colon.
    static let maximumConditionals = 16
    /// Branches of one `if`.
    static let maximumBranches = 256

    /// Places that become blanks before the rest is left out.
    static let maximumBlanks = 64

    /// The bytes for the parser; nil when they may stay as they are.
    static func bounded(_ bytes: [UInt8]) -> [UInt8]? {
        var bounds = NestingBounds()
        bytes.withUnsafeBufferPointer { bounds.read($0) }
        guard !bounds.blanks.isEmpty else { return nil }
        var result = bounds.blanks.count > maximumBlanks ? Array(bytes[..<bounds.blanks[maximumBlanks]]) : bytes
        for position in bounds.blanks.prefix(maximumBlanks) where position < result.count { result[position] = 0x20 }
        return result
    }

    /// What is open within one pair of braces.
    private struct Level {
        var square = 0
        var round = 0
        var conditionals = 0
        var branches = 0
    }

    private var blanks: [Int] = []
    private var outer: [Level] = []
    private var level = Level()
    /// Braces opened beyond the bound, which are blanks.
    private var tooDeep = 0
    /// Only white space has come since a brace closed.
    private var isAfterBrace = false

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        for (position, byte) in bytes.enumerated() {
            if blanks.count > Self.maximumBlanks { return }
            if isAfterBrace, !Self.isSpace(byte) {
                isAfterBrace = false
                if Self.isElse(bytes, position) { branch(position) } else { level.branches = 0 }
            }
            switch byte {
            case UInt8(ascii: "["): open(\.square, Self.maximumSquareDepth, position)
            case UInt8(ascii: "]"): close(\.square, Self.maximumSquareDepth, position)
            case UInt8(ascii: "("): open(\.round, Self.maximumDepth, position)
            case UInt8(ascii: ")"): close(\.round, Self.maximumDepth, position)
            case UInt8(ascii: "{"): openBrace(position)
            case UInt8(ascii: "}"): closeBrace(position)
            case UInt8(ascii: ";"): level.conditionals = 0
            case UInt8(ascii: ":"): level.conditionals = max(0, level.conditionals - 1)
            case UInt8(ascii: "?") where Self.standsAlone(bytes, position):
                level.conditionals += 1
                if level.conditionals > Self.maximumConditionals { blanks.append(position) }
            default: continue
            }
        }
    }

    private mutating func open(_ depth: WritableKeyPath<Level, Int>, _ limit: Int, _ position: Int) {
        level[keyPath: depth] += 1
        if level[keyPath: depth] > limit { blanks.append(position) }
    }

    private mutating func close(_ depth: WritableKeyPath<Level, Int>, _ limit: Int, _ position: Int) {
        guard level[keyPath: depth] > 0 else { return }
        if level[keyPath: depth] > limit { blanks.append(position) }
        level[keyPath: depth] -= 1
    }

    private mutating func openBrace(_ position: Int) {
        level.conditionals = 0
        guard outer.count < Self.maximumDepth else {
            tooDeep += 1
            return blanks.append(position)
        }
        outer.append(level)
        // What is open around a brace stays open: the parser's calls add up.
        level = Level(square: level.square, round: level.round)
    }

    private mutating func closeBrace(_ position: Int) {
        if tooDeep > 0 {
            tooDeep -= 1
            return blanks.append(position)
        }
        // What is open when a brace closes is forgotten, as the parser forgets it.
        level = outer.popLast() ?? Level()
        level.conditionals = 0
        isAfterBrace = true
    }

    private mutating func branch(_ position: Int) {
        level.branches += 1
        if level.branches > Self.maximumBranches { blanks += position..<(position + 4) }
    }

    /// With white space around: no `??`, and no mark of an optional.
    private static func standsAlone(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        position > 0 && isSpace(bytes[position - 1]) && position + 1 < bytes.count && isSpace(bytes[position + 1])
    }

    private static func isElse(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        let end = position + 4
        guard end <= bytes.count, bytes[position..<end].elementsEqual("else".utf8) else { return false }
        return end == bytes.count || isSpace(bytes[end]) || bytes[end] == UInt8(ascii: "{")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
