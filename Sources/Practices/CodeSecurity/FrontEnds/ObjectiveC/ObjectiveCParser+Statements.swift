extension ObjectiveCParser {
    /// `{ … }` as a block of statements.
    mutating func statementBlock() -> Int {
        let start = current.range.lowerBound
        let end = closing(of: position)
        position += 1
        let children = statements(until: end)
        position = max(position, end + 1)
        return draft.add(.block, start..<previousEnd, children: children)
    }

    /// Statements up to the word with an index.
    mutating func statements(until end: Int) -> [Int] {
        deeper([]) { parser in
            var result: [Int] = []
            while parser.position < end, !parser.isAtEnd {
                let before = parser.position
                result += parser.declarationOrStatement(isTopLevel: false, limit: end)
                if parser.position == before { parser.skipGroup() }
            }
            return result
        }
    }

    /// One declaration or statement; empty when there was none.
    mutating func declarationOrStatement(isTopLevel: Bool, limit: Int = .max) -> [Int] {
        if current.kind == .directive { return directive(isTopLevel: isTopLevel, limit: limit) }
        if take(";") { return [] }
        if isAt("{") { return [statementBlock()] }
        if current.kind == .word {
            if current.text.hasPrefix("@"), let found = atDeclaration() { return found }
            if let found = keyword() { return found }
            if let found = declaration(isTopLevel: isTopLevel) { return found }
        }
        guard let value = expression() else {
            if !isAt("}") || isTopLevel { skipGroup() }
            return []
        }
        var result = [value]
        while take(","), let next = expression() { result.append(next) }
        if isAt(":") { position += 1 }
        _ = take(";")
        return result
    }

    private mutating func keyword() -> [Int]? {
        switch current.text {
        case "if": return [branch()]
        case "for": return [loop(hasCondition: true)]
        case "while": return [loop(hasCondition: true)]
        case "do": return [doLoop()]
        case "switch": return [conditional(.switchStatement)]
        case "return": return [jump(.returnStatement)]
        case "throw": return [jump(.throwStatement)]
        case "break", "continue":
            position += 1
            _ = take(";")
            return []
        case "goto":
            position += 2
            _ = take(";")
            return []
        case "case":
            position += 1
            _ = expression()
            _ = take(":")
            return []
        case "default" where token(1).text == ":":
            position += 2
            return []
        case "else":
            while take("else") {}
            return declarationOrStatement(isTopLevel: false)
        case "extern" where token(1).kind == .string, "namespace":
            while !isAtEnd, !isAt("{"), !isAt(";") { position += 1 }
            return isAt("{") ? { draft.drafts[$0].children }(statementBlock()) : []
        case "typedef", "using", "template", "enum", "union":
            while !isAtEnd, !isAt(";") { isAt("{") ? skipGroup() : (position += 1) }
            _ = take(";")
            return []
        default: return nil
        }
    }

    private mutating func jump(_ kind: NodeKind) -> Int {
        let start = current.range.lowerBound
        position += 1
        var children: [Int] = []
        if !isAt(";"), let value = expression() {
            draft.setRole(value, .value)
            children.append(value)
        }
        let end = previousEnd
        _ = take(";")
        return draft.add(kind, start..<end, children: children)
    }

    private mutating func branch() -> Int {
        let start = current.range.lowerBound
        position += 1
        var children = condition()
        children += body(.body)
        if take("else") { children += body(.elseBody) }
        return draft.add(.branch, start..<previousEnd, children: children)
    }

    private mutating func conditional(_ kind: NodeKind) -> Int {
        let start = current.range.lowerBound
        position += 1
        let children = condition() + body(.body)
        return draft.add(kind, start..<previousEnd, children: children)
    }

    private mutating func loop(hasCondition: Bool) -> Int { conditional(.loop) }

    private mutating func doLoop() -> Int {
        let start = current.range.lowerBound
        position += 1
        var children = body(.body)
        if take("while") { children += condition() }
        _ = take(";")
        return draft.add(.loop, start..<previousEnd, children: children)
    }

    /// What stands in the parentheses of a statement: expressions and declarations.
    private mutating func condition() -> [Int] {
        guard isAt("(") else { return [] }
        let end = closing(of: position)
        position += 1
        var result: [Int] = []
        while position < end {
            let before = position
            let parts = deeper([]) { $0.declarationOrStatement(isTopLevel: false, limit: end) }
            for part in parts where draft.drafts[part].role == .none { draft.setRole(part, .condition) }
            result += parts
            if take("in"), let value = expression() {
                draft.setRole(value, .condition)
                result.append(value)
            }
            if position == before { skipGroup() }
        }
        position = max(position, end + 1)
        return result
    }

    /// A block, or one statement read as a block.
    private mutating func body(_ role: NodeRole) -> [Int] {
        deeper([]) { parser in
            if parser.isAt("{") {
                let block = parser.statementBlock()
                parser.draft.setRole(block, role)
                return [block]
            }
            let start = parser.current.range.lowerBound
            let children = parser.declarationOrStatement(isTopLevel: false)
            let block = parser.draft.add(.block, start..<max(start, parser.previousEnd), children: children)
            parser.draft.setRole(block, role)
            return [block]
        }
    }

    /// `#import`, `#define NAME value`, and `#if` with what stands up to its `#else` or `#endif`.
    private mutating func directive(isTopLevel: Bool, limit: Int) -> [Int] {
        let range = current.range
        let words = current.text.dropFirst().split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" }).map(
            String.init)
        position += 1
        switch words.first {
        case "import", "include":
            let name = (words.dropFirst().first ?? "").trimmingPrefix { $0 == "<" || $0 == "\"" }
            return [draft.add(.importation, range, name: .text(String(name.prefix { $0 != ">" && $0 != "\"" })))]
        case "define": return definition(range)
        case "if", "ifdef", "ifndef", "elif", "else":
            return [conditionalRegion(range, Self.conditionName(words), isTopLevel: isTopLevel, limit: limit)]
        default: return []
        }
    }

    private static func conditionName(_ words: [String]) -> String {
        let condition = words.dropFirst().first ?? ""
        return words.first == "ifndef" ? "!" + condition : words.first == "else" ? "#else" : condition
    }

    private mutating func conditionalRegion(_ range: Range<Int>, _ name: String, isTopLevel: Bool, limit: Int) -> Int {
        var children: [Int] = []
        while !isAtEnd, position < limit {
            if current.kind == .directive {
                let text = current.text.drop { $0 == "#" || $0 == " " }
                if text.hasPrefix("endif") { position += 1; break }
                if text.hasPrefix("el") { break }
            }
            if isAt("@end") || isAt("}") && isTopLevel { break }
            let before = position
            children += deeper([]) { $0.declarationOrStatement(isTopLevel: isTopLevel, limit: limit) }
            if position == before { position += 1 }
        }
        return draft.add(
            .conditionalCompilation, range.lowerBound..<max(range.upperBound, previousEnd), name: .text(name),
            children: children)
    }

    /// `#define NAME value` is a constant.
    private mutating func definition(_ range: Range<Int>) -> [Int] {
        let text = source.bytes[range]
        guard
            let define = text.firstIndex(of: UInt8(ascii: "e")).map({ _ in source.text(range) })?.firstRange(
                of: "define")
        else { return [] }
        let line = source.text(range)
        let offset = range.lowerBound + line[..<define.upperBound].utf8.count
        var lexer = ObjectiveCLexer(Array(source.bytes[offset..<range.upperBound]))
        let words = lexer.tokens()
        guard words.count > 2, words[0].kind == .word,
            !(words[1].text == "(" && words[1].range.lowerBound == words[0].range.upperBound)
        else { return [] }
        let shifted = words.dropFirst().map {
            ObjectiveCToken(
                kind: $0.kind, range: ($0.range.lowerBound + offset)..<($0.range.upperBound + offset), text: $0.text)
        }
        let name = (words[0].range.lowerBound + offset)..<(words[0].range.upperBound + offset)
        var inner = ObjectiveCParser(source: source, tokens: Array(shifted))
        // Exchanged, not copied: a header may have thousands of these.
        swap(&inner.draft, &draft)
        let value = inner.expression()
        swap(&inner.draft, &draft)
        if let offset = inner.partialFrom { markPartial(from: offset) }
        guard let value else { return [] }
        draft.setRole(value, .value)
        return [draft.add(.binding, range, name: .at(name), flags: [.isLet, .isStatic], children: [value])]
    }
}
