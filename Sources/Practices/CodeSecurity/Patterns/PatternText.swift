/// Rewrites the code of a pattern so that the language's own front end can read it.
///
/// `$NAME` becomes an identifier, `$...NAME` and `...` become placeholders where an operand or a statement may stand, and
/// `<... code ...>` becomes a call. Text inside string literals stays as it is.
enum PatternText {
    static let metavariable = "mv__"
    static let metavariables = "mvs__"
    static let ellipsis = "dots__"
    static let deep = "deep__"

    static func rewritten(_ pattern: String, language: Language) -> String {
        var rewriter = PatternRewriter(Array(pattern.utf8), language: language)
        return rewriter.run()
    }
}

private struct PatternRewriter {
    private let bytes: [UInt8]
    private let language: Language
    private var index = 0
    private var output: [UInt8] = []
    /// For every open brace, whether members of a type stand in it.
    private var braces: [Bool] = []
    private var sawTypeKeyword = false
    /// For every open bracket, whether entries of a dictionary stand in it.
    private var brackets: [Bool] = []

    init(_ bytes: [UInt8], language: Language) {
        self.bytes = bytes
        self.language = language
    }

    mutating func run() -> String {
        while index < bytes.count { step() }
        return String(decoding: output, as: UTF8.self)
    }

    private mutating func step() {
        follow(bytes[index])
        switch bytes[index] {
        case UInt8(ascii: "\""): copyString()
        case UInt8(ascii: "$") where starts("$..."): copyName(PatternText.metavariables, skipping: 4)
        case UInt8(ascii: "$") where isUpper(at: index + 1): copyName(PatternText.metavariable, skipping: 1)
        case UInt8(ascii: "<") where starts("<..."): replace(4, PatternText.deep + "(")
        case UInt8(ascii: ".") where starts("...>"): replace(4, ")")
        case UInt8(ascii: ".") where starts("..."): ellipsis()
        case UInt8(ascii: "{"):
            braces.append(sawTypeKeyword)
            sawTypeKeyword = false
            copyByte()
        case UInt8(ascii: "}"):
            _ = braces.popLast()
            copyByte()
        default:
            if isWordStart { copyWord() } else { copyByte() }
        }
    }

    /// Keeps the brackets that are open, unless the byte begins a hole.
    private mutating func follow(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "["): brackets.append(language == .swift && holdsEntries)
        case UInt8(ascii: "{"): brackets.append(output.last == UInt8(ascii: "@") && holdsEntries)
        case UInt8(ascii: "("): brackets.append(false)
        case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ")"): _ = brackets.popLast()
        default: break
        }
    }

    /// Whether a colon stands between the bracket here and the one that closes it, outside of other brackets and strings.
    private var holdsEntries: Bool {
        var depth = 0
        var isText = false
        for byte in bytes[index...] {
            switch byte {
            case UInt8(ascii: "\""): isText.toggle()
            case _ where isText: continue
            case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "("): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return false }
            case UInt8(ascii: ":") where depth == 1: return true
            default: continue
            }
        }
        return false
    }

    private mutating func ellipsis() {
        if brackets.last == true { return replace(3, PatternText.ellipsis + ": " + PatternText.ellipsis) }
        let needsDeclaration = braces.last == true && language == .swift
        let isStatement = language == .objectiveC && previous.map { "{};".utf8.contains($0) } ?? true
        replace(3, (needsDeclaration ? "var " : "") + PatternText.ellipsis + (isStatement ? ";" : ""))
    }

    /// The last byte written that is not blank.
    private var previous: UInt8? { output.last { $0 > 0x20 } }

    private mutating func copyByte() {
        output.append(bytes[index])
        index += 1
    }

    private mutating func copyString() {
        copyByte()
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { copyByte() }
            copyByte()
        }
        if index < bytes.count { copyByte() }
    }

    private mutating func copyWord() {
        let start = index
        while index < bytes.count, isWord(bytes[index]) { copyByte() }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        if ["class", "struct", "enum", "extension", "protocol", "actor"].contains(word) { sawTypeKeyword = true }
    }

    private mutating func copyName(_ prefix: String, skipping count: Int) {
        replace(count, prefix)
        while index < bytes.count, isWord(bytes[index]) { copyByte() }
    }

    private mutating func replace(_ count: Int, _ text: String) {
        index += count
        output.append(contentsOf: Array(text.utf8))
    }

    private func starts(_ text: String) -> Bool { bytes[index...].starts(with: text.utf8) }
    private func isUpper(at position: Int) -> Bool {
        position < bytes.count && (bytes[position] == 0x5F || (0x41...0x5A).contains(bytes[position]))
    }
    private var isWordStart: Bool { isWord(bytes[index]) && !(0x30...0x39).contains(bytes[index]) }
    private func isWord(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte >= 0x80
    }
}
