/// What is open at a place of a Swift file: brackets, strings, comments, and what follows one another in them.
///
/// Read byte by byte, without a parser; good enough to bound what the parser is given.
struct SwiftNesting {
    /// What is open within one bracket, or within the file.
    struct Level {
        /// The bracket; 0 for the file, and for a string or a comment.
        let opener: UInt8
        /// Whether the bracket became a blank.
        var isBlank = false
        /// Whether an interpolation of a string begins here.
        var isInterpolation = false
        var conditionals = 0
        var branches = 0
        var links = 0
        /// `<` without their `>`.
        var angles = 0
        /// Words and marks since something ended.
        var stretch = 0
        /// Words that take what follows as a part of theirs, since something other than a comma ended.
        var takers = 0
    }

    /// A string or a comment.
    struct Text {
        enum Kind { case line, multiline, comment, nestedComment }
        let kind: Kind
        /// How many `#` stand around a string, or how many comments are open.
        var count: Int
        /// The number of levels when it began.
        let depth: Int
        /// The level around it, which it leaves as it was.
        let level: Level
        /// ``SwiftNesting/conditions`` when it began.
        let conditions: Int
    }

    var levels = [Level(opener: 0)]
    var text: Text?
    /// The strings around the interpolations that are open.
    private var interpolated: [Text] = []
    private var squares = 0
    private var rounds = 0
    private var braces = 0
    /// Words in a row that take what follows as a part of theirs: `try await try …`.
    private var prefixes = 0
    /// `#if` without their `#endif`.
    private var conditions = 0
    /// Only white space has come since a brace closed.
    private var isAfterBrace = false
    /// Only white space has come since a line ended.
    var isAfterLine = false
    /// The last two bytes of code that were no white space.
    var last: (UInt8, UInt8) = (0, 0)

    /// Whether a string or a comment is open.
    var isInText: Bool { text != nil }

    /// Brackets that close everything that is open, the innermost first.
    var closers: [UInt8] {
        levels.reversed().filter { !$0.isBlank }.compactMap { level in
            switch level.opener {
            case UInt8(ascii: "["): UInt8(ascii: "]")
            case UInt8(ascii: "("): UInt8(ascii: ")")
            case UInt8(ascii: "{"): UInt8(ascii: "}")
            default: nil
            }
        }
    }

    /// Reads on by one step, and returns what must become blanks.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Range<Int>? {
        if text != nil {
            if let length = endOfText(bytes, position) {
                position += length
                return nil
            }
        } else if let length = beginText(bytes, position) {
            position += length
            return nil
        }
        defer { position += 1 }
        return structure(bytes, position)
    }

    private mutating func structure(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Range<Int>? {
        let byte = bytes[position]
        if let blank = stretch(bytes, position) { return blank }
        if isAfterLine || isAfterBrace, text == nil, !Self.isSpace(byte), let blank = begin(bytes, position) {
            return blank
        }
        if let blank = word(bytes, position) { return blank }
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"):
            let isLink = position > 0 && Self.isClosing(bytes[position - 1])
            // No declaration has an attribute without a name; the parser tries each in several ways.
            let isNameless = text == nil && position > 0 && bytes[position - 1] == UInt8(ascii: "@")
            return open(byte, position, isLink: isLink, isBlank: isNameless)
        case UInt8(ascii: "]"): return close(UInt8(ascii: "["), position)
        case UInt8(ascii: ")"): return close(UInt8(ascii: "("), position)
        case UInt8(ascii: "}"): return close(UInt8(ascii: "{"), position)
        case UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "="):
            levels[levels.count - 1].links = 0
            if byte != UInt8(ascii: "=") { levels[levels.count - 1].stretch = 0 }
            if byte != UInt8(ascii: ",") { levels[levels.count - 1].angles = 0 }
            if byte == UInt8(ascii: ";") {
                levels[levels.count - 1].conditionals = 0
                levels[levels.count - 1].takers = 0
            }
        case UInt8(ascii: "<"):
            levels[levels.count - 1].angles += 1
            if levels[levels.count - 1].angles > NestingBounds.maximumDepth { return position..<(position + 1) }
        case UInt8(ascii: ">") where position > 0 && bytes[position - 1] != UInt8(ascii: "-"):
            levels[levels.count - 1].angles = max(0, levels[levels.count - 1].angles - 1)
        case UInt8(ascii: ":"):
            levels[levels.count - 1].conditionals = max(0, levels[levels.count - 1].conditionals - 1)
        case UInt8(ascii: "?") where Self.standsAlone(bytes, position):
            levels[levels.count - 1].conditionals += 1
            if levels[levels.count - 1].conditionals > NestingBounds.maximumConditionals {
                return position..<(position + 1)
            }
        case UInt8(ascii: ".") where Self.isLink(bytes, position):
            levels[levels.count - 1].links += 1
            if levels[levels.count - 1].links > NestingBounds.maximumLinks { return position..<(position + 1) }
        case 0x0A: isAfterLine = text == nil
        default: break
        }
        return nil
    }

    /// The beginning of a word, or what keeps words apart: bounds `#if`, and words that the parser follows by calling itself.
    private mutating func word(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Range<Int>? {
        let byte = bytes[position]
        if Self.isSpace(byte) || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "!") { return nil }
        guard Self.isWord(byte) else {
            prefixes = 0
            return byte == UInt8(ascii: "#") ? condition(bytes, position) : nil
        }
        guard position == 0 || !Self.isWord(bytes[position - 1]) else { return nil }
        let word = bytes[position...].prefix(12).prefix(while: Self.isWord)
        guard (2...10).contains(word.count), Self.prefixWords.contains(String(decoding: word, as: UTF8.self)) else {
            prefixes = 0
            return nil
        }
        prefixes += 1
        levels[levels.count - 1].takers += 1
        let isTooMuch =
            prefixes > NestingBounds.maximumPrefixes || levels[levels.count - 1].takers > NestingBounds.maximumStretch
        return isTooMuch ? word.startIndex..<word.endIndex : nil
    }

    private mutating func condition(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Range<Int>? {
        let word = bytes[(position + 1)...].prefix(6).prefix(while: Self.isWord)
        let isTooDeep = conditions > NestingBounds.maximumDepth
        if word.elementsEqual("endif".utf8) {
            conditions = max(0, conditions - 1)
            return isTooDeep ? position..<word.endIndex : nil
        }
        guard word.elementsEqual("if".utf8) else { return nil }
        conditions += 1
        return conditions > NestingBounds.maximumDepth ? position..<word.endIndex : nil
    }

    private static let prefixWords: Set<String> = [
        "try", "await", "unsafe", "some", "any", "each", "repeat", "inout", "borrowing", "consuming", "sending",
        "isolated", "copy", "consume", "discard", "if", "switch", "do", "while", "for", "guard", "defer", "return",
        "throw", "throws", "async", "yield", "in", "is", "as", "case", "let", "var", "where", "then", "else",
    ]

    /// The first byte after a line end or a brace: whether a chain or an `if` goes on.
    private mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Range<Int>? {
        if isAfterLine, bytes[position] != UInt8(ascii: ".") { levels[levels.count - 1].links = 0 }
        isAfterLine = false
        guard isAfterBrace else { return nil }
        isAfterBrace = false
        guard Self.isElse(bytes, position) else {
            levels[levels.count - 1].branches = 0
            return nil
        }
        levels[levels.count - 1].branches += 1
        guard levels[levels.count - 1].branches > NestingBounds.maximumBranches else { return nil }
        return position..<(position + 4)
    }

    private mutating func open(_ opener: UInt8, _ position: Int, isLink: Bool, isBlank: Bool) -> Range<Int>? {
        var level = Level(opener: opener, isBlank: isBlank)
        if isLink {
            levels[levels.count - 1].links += 1
            level.isBlank = isBlank || levels[levels.count - 1].links > NestingBounds.maximumLinks
        }
        switch opener {
        case UInt8(ascii: "["):
            squares += 1
            level.isBlank = level.isBlank || squares > NestingBounds.maximumSquareDepth
        case UInt8(ascii: "("):
            rounds += 1
            level.isBlank = level.isBlank || rounds > NestingBounds.maximumDepth
        default:
            levels[levels.count - 1].conditionals = 0
            levels[levels.count - 1].angles = 0
            braces += 1
            level.isBlank = level.isBlank || braces > NestingBounds.maximumDepth
        }
        levels.append(level)
        return level.isBlank ? position..<(position + 1) : nil
    }

    /// Closes a bracket and what was left open in it; one that nothing opened is passed over.
    private mutating func close(_ opener: UInt8, _ position: Int) -> Range<Int>? {
        let first = text?.depth ?? 1
        guard var index = levels.indices.last, index >= first else { return nil }
        while levels[index].opener != opener {
            // Only a brace ends what other brackets left open.
            guard opener == UInt8(ascii: "{") || levels[index].opener != UInt8(ascii: "{"), index > first else {
                return nil
            }
            index -= 1
        }
        let isBlank = levels[index].isBlank
        let isInterpolation = levels[index].isInterpolation
        let around = drop(to: index)
        if isInterpolation { text = around }
        if opener == UInt8(ascii: "{") {
            levels[levels.count - 1].conditionals = 0
            levels[levels.count - 1].angles = 0
            levels[levels.count - 1].stretch = 0
            levels[levels.count - 1].takers = 0
            isAfterBrace = true
        }
        return isBlank ? position..<(position + 1) : nil
    }

    /// Forgets the innermost levels, and returns the string around the outermost interpolation among them.
    @discardableResult
    private mutating func drop(to count: Int) -> Text? {
        var around: Text?
        while levels.count > max(count, 1) {
            let level = levels.removeLast()
            if level.isInterpolation { around = interpolated.popLast() }
            switch level.opener {
            case UInt8(ascii: "["): squares -= 1
            case UInt8(ascii: "("): rounds -= 1
            case UInt8(ascii: "{"): braces -= 1
            default: break
            }
        }
        return around
    }

    // MARK: - Strings and comments

    /// How many bytes begin a string or a comment here; nil when none does.
    private mutating func beginText(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
        func at(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }
        if bytes[position] == UInt8(ascii: "/") {
            guard at(1) == UInt8(ascii: "/") || at(1) == UInt8(ascii: "*") else { return nil }
            let kind: Text.Kind = at(1) == UInt8(ascii: "/") ? .comment : .nestedComment
            text = text(kind, count: 1)
            return 2
        }
        guard bytes[position] == UInt8(ascii: "\"") else { return nil }
        var pounds = 0
        while pounds < position, bytes[position - pounds - 1] == UInt8(ascii: "#") { pounds += 1 }
        let isLong = at(1) == UInt8(ascii: "\"") && at(2) == UInt8(ascii: "\"")
        isAfterBrace = false
        if isAfterLine { levels[levels.count - 1].links = 0 }
        isAfterLine = false
        text = text(isLong ? .multiline : .line, count: pounds)
        return isLong ? 3 : 1
    }

    private func text(_ kind: Text.Kind, count: Int) -> Text {
        Text(kind: kind, count: count, depth: levels.count, level: levels[levels.count - 1], conditions: conditions)
    }

    /// How many bytes end the string or comment here, or belong to it without more; nil when its structure is looked at.
    private mutating func endOfText(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int? {
        guard let open = text else { return nil }
        func at(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }
        let byte = bytes[position]
        switch open.kind {
        case .comment: return byte == 0x0A ? leave(0) : nil
        case .nestedComment:
            if byte == UInt8(ascii: "/"), at(1) == UInt8(ascii: "*") {
                text?.count += 1
                return 2
            }
            guard byte == UInt8(ascii: "*"), at(1) == UInt8(ascii: "/") else { return nil }
            text?.count -= 1
            return open.count == 1 ? leave(2) : 2
        case .line, .multiline:
            if byte == 0x0A, open.kind == .line { return leave(0) }
            if byte == UInt8(ascii: "\\"), Self.hasPounds(bytes, position + 1, open.count) {
                return interpolation(bytes, position, open)
            }
            let quotes = open.kind == .line ? 1 : 3
            for offset in 0..<quotes where at(offset) != UInt8(ascii: "\"") { return nil }
            guard Self.hasPounds(bytes, position + quotes, open.count) else { return nil }
            return leave(quotes + open.count)
        }
    }

    private mutating func leave(_ length: Int) -> Int? {
        if let open = text {
            drop(to: open.depth)
            levels[levels.count - 1] = open.level
            conditions = open.conditions
        }
        text = nil
        return length == 0 ? nil : length
    }

    /// An escape is passed over; `\(` opens code again.
    private mutating func interpolation(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, _ open: Text) -> Int {
        let next = position + 1 + open.count
        guard next < bytes.count, bytes[next] == UInt8(ascii: "("), rounds < NestingBounds.maximumDepth else {
            let isEscape = next < bytes.count && bytes[next] != 0x0A && bytes[next] != UInt8(ascii: "(")
            return isEscape ? open.count + 2 : open.count + 1
        }
        rounds += 1
        levels.append(Level(opener: UInt8(ascii: "("), isInterpolation: true))
        interpolated.append(open)
        text = nil
        return open.count + 2
    }

    private static func hasPounds(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Bool {
        start + count <= bytes.count && bytes[start..<(start + count)].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    // MARK: - What bytes are

    /// With white space around: no `??`, and no mark of an optional.
    private static func standsAlone(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        position > 0 && isSpace(bytes[position - 1]) && position + 1 < bytes.count && isSpace(bytes[position + 1])
    }

    /// A point with a name after it, or with a number after another one.
    private static func isLink(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        guard position + 1 < bytes.count, isWord(bytes[position + 1]) else { return false }
        guard (0x30...0x39).contains(bytes[position + 1]) else { return true }
        let digits = bytes[..<position].suffix(20)
        let before = digits.last { !(0x30...0x39).contains($0) }
        return before == UInt8(ascii: ".") && digits.last != UInt8(ascii: ".")
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }

    private static func isElse(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        let end = position + 4
        guard end <= bytes.count, bytes[position..<end].elementsEqual("else".utf8) else { return false }
        return end == bytes.count || isSpace(bytes[end]) || bytes[end] == UInt8(ascii: "{")
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    static func isWord(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte >= 0x80
    }
}
