/// Bounds what the parser of Swift has to nest: it calls itself for every level, so a file made for it would end the
/// process, and it tries `[` in two ways, so each level of those doubles its work.
///
/// What is too deep or too long becomes blanks; every byte keeps its place. A stretch that goes too deep again and again was made
/// for it, and the parser's time for it grows with the square of its length: it becomes blanks whole, up to the next declaration at
/// the beginning of a line. Strings and comments are bounded too, as what looks like one may be code; blanks in them change nothing
/// that is read, and say nothing about the file.
struct NestingBounds {
    /// Square brackets; deeper than arrays and subscripts are written by hand.
    static let maximumSquareDepth = 8
    /// Parentheses, and braces.
    static let maximumDepth = 64
    /// Conditions `a ? b : c` that wait for their colon.
    static let maximumConditionals = 16
    /// Branches of one `if`.
    static let maximumBranches = 256
    /// Members and calls that follow one another: `a.b().c()`.
    static let maximumLinks = 128
    /// Words in a row that belong to what follows them: `try await …`.
    static let maximumPrefixes = 16
    /// Words and marks without a comma, a brace, a semicolon or a line that begins anew.
    ///
    /// Whatever the parser follows by calling itself, it does not follow further than this.
    static let maximumStretch = 2048
    /// Places that become blanks before a stretch is left out.
    static let maximumBlanks = 64
    /// Stretches that are left out before the rest of the file is.
    static let maximumGaps = 16

    /// What the parser reads instead of a file.
    struct Bounded {
        /// As long as the file, or cut.
        let bytes: [UInt8]
        /// Where the first code stands that the parser does not see; nil when blanks are in strings and comments only.
        let partialFrom: Int?
    }

    /// The bytes for the parser; nil when they may stay as they are.
    static func bounded(_ bytes: [UInt8]) -> Bounded? {
        var bounds = NestingBounds()
        bytes.withUnsafeBufferPointer { bounds.read($0) }
        guard !bounds.edits.isEmpty || bounds.end != nil else { return nil }
        var result = Array(bytes[..<min(bounds.end ?? bytes.count, bytes.count)])
        for edit in bounds.edits {
            for position in edit.range.clamped(to: 0..<result.count) { result[position] = 0x20 }
            for (offset, closer) in edit.closers.enumerated() {
                result[edit.range.upperBound - edit.closers.count + offset] = closer
            }
        }
        return Bounded(bytes: result, partialFrom: bounds.partialFrom)
    }

    /// A stretch that becomes blanks, with brackets at its end that close what is open before it.
    private struct Edit {
        let range: Range<Int>
        var closers: [UInt8] = []
    }

    private var edits: [Edit] = []
    private var partialFrom: Int?
    /// Where the file is cut.
    private var end: Int?
    private var blankCount = 0
    private var gapCount = 0
    private var nesting = SwiftNesting()

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        var position = 0
        while position < bytes.count {
            if let range = nesting.read(bytes, &position) {
                edits.append(Edit(range: range))
                if !nesting.isInText {
                    partialFrom = partialFrom ?? range.lowerBound
                    blankCount += 1
                }
            }
            guard blankCount > Self.maximumBlanks else { continue }
            guard leaveOut(bytes, &position) else { return }
        }
    }

    /// Leaves out a stretch that begins with the last blank; false when that is the rest of the file.
    private mutating func leaveOut(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Bool {
        guard let start = edits.last?.range.lowerBound else { return false }
        let closers = nesting.closers
        gapCount += 1
        var next = position
        repeat {
            next = Self.declaration(in: bytes, after: next)
        } while next < bytes.count
            && next - start <= closers.count
        guard next < bytes.count, gapCount <= Self.maximumGaps else {
            end = start
            return false
        }
        edits.append(Edit(range: start..<(next - 1), closers: closers))
        nesting = SwiftNesting()
        blankCount = 0
        position = next
        return true
    }

    /// Where the next line begins that declares something, or the end.
    private static func declaration(in bytes: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
        var position = start
        while position < bytes.count {
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            position += 1
            guard position < bytes.count else { break }
            let word = bytes[position...].prefix(12).prefix { (0x61...0x7A).contains($0) }
            if declarations.contains(String(decoding: word, as: UTF8.self)) { return position }
        }
        return bytes.count
    }

    private static let declarations: Set<String> = [
        "func", "class", "struct", "enum", "extension", "protocol", "import", "public", "private", "internal", "open",
        "final", "fileprivate", "actor", "let", "var",
    ]
}
