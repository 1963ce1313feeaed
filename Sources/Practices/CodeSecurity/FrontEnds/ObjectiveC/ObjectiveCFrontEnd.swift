/// Reads Objective-C and Objective-C++ into a ``CodeTree`` with a lexer and a light parser of our own.
///
/// The parser knows declarations, methods, functions, statements, message sends, calls, blocks and assignments. What it does not
/// know it walks over, word by word, so that no file is lost. Casts are transparent; adjacent strings are one.
package enum ObjectiveCFrontEnd {
    /// Parses a file.
    ///
    /// Never fails.
    package static func tree(of source: SourceText) -> CodeTree {
        var lexer = ObjectiveCLexer(source.bytes)
        var parser = ObjectiveCParser(source: source, tokens: lexer.tokens())
        let top = parser.file()
        var builder = TreeBuilder(source: source, language: .objectiveC)
        for id in top { parser.draft.write(id, to: &builder) }
        if let offset = parser.partialFrom { builder.markPartial(from: offset) }
        return builder.finish()
    }
}

/// The state of the parser: words, a place among them, and the draft of the tree.
struct ObjectiveCParser {
    let source: SourceText
    private let tokens: [ObjectiveCToken]
    /// For every opening bracket the index of the word that closes it, or of the last word; 0 for every other word.
    private let closers: [Int32]
    var position = 0
    var draft = DraftTree()
    private var depth = 0
    /// Where the first part begins that was too deep to be read.
    private(set) var partialFrom: Int?

    /// Nesting beyond this is walked over.
    private static let maximumDepth = 150

    init(source: SourceText, tokens: [ObjectiveCToken]) {
        self.source = source
        self.tokens = tokens
        closers = Self.closers(of: tokens)
    }

    /// Pairs brackets in one pass, whatever their kinds: looking for each one's end would take the square of a deep file's length.
    private static func closers(of tokens: [ObjectiveCToken]) -> [Int32] {
        var result = [Int32](repeating: 0, count: tokens.count)
        var open: [Int] = []
        for index in tokens.indices {
            if isOpening(tokens[index]) { open.append(index) }
            if isClosing(tokens[index]), let start = open.popLast() { result[start] = Int32(clamping: index) }
        }
        for start in open { result[start] = Int32(clamping: tokens.count - 1) }
        return result
    }

    mutating func file() -> [Int] {
        var result: [Int] = []
        while current.kind != .end {
            let before = position
            if isAt("-") || isAt("+"), token(1).text == "(" {
                result.append(method())
            } else {
                result += declarationOrStatement(isTopLevel: true)
            }
            if position == before { position += 1 }
        }
        return result
    }

    var current: ObjectiveCToken { tokens[min(position, tokens.count - 1)] }
    func token(_ distance: Int) -> ObjectiveCToken { tokens[min(max(0, position + distance), tokens.count - 1)] }
    func isAt(_ text: String) -> Bool { current.kind != .string && current.text == text }
    var isAtEnd: Bool { current.kind == .end }
    /// Where the word before ends.
    var previousEnd: Int { position > 0 ? tokens[min(position, tokens.count) - 1].range.upperBound : 0 }

    mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        position += 1
        return true
    }

    /// Runs a part of the parser one level deeper; too deep, the part is left out.
    mutating func deeper<R>(_ otherwise: R, _ body: (inout ObjectiveCParser) -> R) -> R {
        guard depth < Self.maximumDepth else {
            if !isAtEnd { markPartial(from: current.range.lowerBound) }
            skipGroup()
            return otherwise
        }
        depth += 1
        defer { depth -= 1 }
        return body(&self)
    }

    /// Notes that what stands at a byte is not in the draft as it is written; the first such place is kept.
    mutating func markPartial(from offset: Int) { partialFrom = min(partialFrom ?? offset, offset) }

    /// Walks over one word, or over a bracketed group.
    mutating func skipGroup() {
        guard !isAtEnd else { return }
        position = Self.isOpening(current) ? min(closing(of: position) + 1, tokens.count - 1) : position + 1
    }

    /// The index of the word that closes the group that begins at an index, or of the last word.
    func closing(of start: Int) -> Int {
        guard tokens.indices.contains(start), closers[start] > 0 else { return tokens.count - 1 }
        return Int(closers[start])
    }

    func word(at index: Int) -> ObjectiveCToken { tokens[min(max(0, index), tokens.count - 1)] }

    private static func isOpening(_ token: ObjectiveCToken) -> Bool {
        token.kind == .punctuation && (token.text == "(" || token.text == "[" || token.text == "{")
    }
    private static func isClosing(_ token: ObjectiveCToken) -> Bool {
        token.kind == .punctuation && (token.text == ")" || token.text == "]" || token.text == "}")
    }
}
