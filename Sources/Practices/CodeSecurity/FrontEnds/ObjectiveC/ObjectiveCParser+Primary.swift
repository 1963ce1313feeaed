extension ObjectiveCParser {
    /// A name, a literal, a message, a block or a bracketed expression.
    mutating func primary() -> Int? {
        switch current.kind {
        case .string: return string()
        case .number: return number()
        case .character: return leaf(.integer)
        case .word: return name()
        case .punctuation: return bracketed()
        case .directive, .end: return nil
        }
    }

    private mutating func leaf(_ kind: NodeKind) -> Int {
        let range = current.range
        position += 1
        return draft.add(kind, range, name: .at(range))
    }

    private mutating func number() -> Int {
        let text = current.text
        let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
        return leaf(!isHexadecimal && text.contains(where: { $0 == "." || $0 == "e" }) ? .float : .integer)
    }

    /// Adjacent literals are one string.
    private mutating func string() -> Int {
        let start = current.range.lowerBound
        var value = ""
        var count = 0
        var content = current.range
        while current.kind == .string {
            var range = current.range
            let lead = current.text.hasPrefix("@") ? 2 : 1
            let trail = current.text.count > lead && current.text.hasSuffix("\"") ? 1 : 0
            range =
                min(range.lowerBound + lead, range.upperBound)..<max(range.lowerBound + lead, range.upperBound - trail)
            content = range
            value += SwiftConverter.unescaped(source.bytes[range.clamped(to: 0..<source.bytes.count)])
            count += 1
            position += 1
        }
        let id = draft.add(.string, start..<previousEnd, name: .at(content))
        if count > 1 || source.bytes[content].contains(0x5C) { draft.setValue(id, value) }
        return id
    }

    private mutating func name() -> Int? {
        switch current.text {
        case "YES", "NO", "true", "false", "TRUE", "FALSE": return leaf(.boolean)
        case "nil", "NULL", "Nil", "nullptr", "kNilOptions": return leaf(.nilLiteral)
        case "@selector", "@encode", "@protocol": return reference()
        case "@YES", "@NO", "@true", "@false": return leaf(.boolean)
        case "sizeof", "_Alignof", "alignof", "typeof", "__typeof", "__typeof__", "__builtin_offsetof":
            return typeCall()
        case "new": position += 1; return expression()
        case "else", "return", "case", "default", "break", "continue", "goto": return nil
        default:
            return current.text.hasPrefix("@") ? nil : leaf(.identifier)
        }
    }

    /// `@selector(name:)`: a macro with its text as the only argument.
    private mutating func reference() -> Int {
        let range = current.range
        position += 1
        guard isAt("(") else { return draft.add(.macro, range, name: .at(range)) }
        let end = closing(of: position)
        let inside =
            word(at: position + 1).range
            .lowerBound..<max(word(at: position + 1).range.lowerBound, word(at: end).range.lowerBound)
        position = end + 1
        let text = draft.add(.identifier, inside, name: .at(inside))
        draft.setRole(text, .value)
        let argument = draft.add(.argument, inside, children: [text])
        return draft.add(.macro, range.lowerBound..<previousEnd, name: .at(range), children: [argument])
    }

    /// `sizeof(…)`: its operand may be a type.
    private mutating func typeCall() -> Int {
        let range = current.range
        position += 1
        let callee = draft.add(.identifier, range, name: .at(range))
        draft.setRole(callee, .callee)
        guard isAt("(") else { return draft.add(.call, range, children: [callee]) }
        let end = closing(of: position)
        let first = word(at: position + 1).range
        position = end + 1
        let operand = draft.add(.identifier, first, name: .at(first))
        draft.setRole(operand, .value)
        let argument = draft.add(.argument, first, children: [operand])
        return draft.add(.call, range.lowerBound..<previousEnd, children: [callee, argument])
    }

    private mutating func bracketed() -> Int? {
        switch current.text {
        case "(": return parenthesised()
        case "[": return message()
        case "{": return list(.array, "}")
        case "^": return block()
        case "@": return boxed()
        default: return nil
        }
    }

    /// One value in parentheses is the value; several are a list; GNU statement expressions are blocks.
    private mutating func parenthesised() -> Int? {
        let end = closing(of: position)
        position += 1
        defer { position = max(position, end + 1) }
        if isAt("{") { return statementBlock() }
        var value: Int?
        while position < end {
            let before = position
            if let next = expression() { value = next }
            if position == before { skipGroup() }
            _ = take(",")
        }
        return value
    }

    /// `@[…]`, `@{…}`, `@(…)`, `@1`.
    private mutating func boxed() -> Int? {
        position += 1
        if isAt("[") { return list(.array, "]") }
        if isAt("{") { return dictionary() }
        return deeper(nil) { $0.primary() }
    }

    private mutating func list(_ kind: NodeKind, _ close: String) -> Int {
        let start = current.range.lowerBound
        let end = closing(of: position)
        position += 1
        var children: [Int] = []
        while position < end {
            let before = position
            if isAt("."), token(1).kind == .word { position += 2; _ = take("=") }
            if let value = expression() { children.append(value) }
            if position == before { skipGroup() }
            _ = take(",")
        }
        position = max(position, end + 1)
        return draft.add(kind, start..<previousEnd, children: children)
    }

    private mutating func dictionary() -> Int {
        let start = current.range.lowerBound
        let end = closing(of: position)
        position += 1
        var children: [Int] = []
        while position < end {
            let before = position
            if let key = expression(), take(":"), let value = expression() {
                draft.setRole(key, .key)
                draft.setRole(value, .value)
                children.append(draft.add(.pair, self.start(key)..<previousEnd, children: [key, value]))
            }
            if position == before { skipGroup() }
            _ = take(",")
        }
        position = max(position, end + 1)
        return draft.add(.dictionary, start..<previousEnd, children: children)
    }

    /// `[receiver first:a second:b]`: a call whose callee is the selector on the receiver.
    private mutating func message() -> Int? {
        let begin = current.range.lowerBound
        let end = closing(of: position)
        position += 1
        defer { position = max(position, end + 1) }
        guard let receiver = expression() else { return nil }
        var selector = ""
        var arguments: [Int] = []
        let nameStart = current.range.lowerBound
        while position < end {
            let before = position
            let label = current
            if label.kind == .word { position += 1; selector += label.text }
            if take(":") {
                selector += ":"
                arguments += values(until: end, label: label.kind == .word ? label.range : nil)
            }
            if position == before { skipGroup() }
        }
        let close = max(begin, word(at: end).range.upperBound)
        draft.setRole(receiver, .base)
        let callee = draft.add(
            .member, min(start(receiver), close)..<close, name: .text(selector), flags: .isMessage, children: [receiver]
        )
        draft.setRole(callee, .callee)
        draft.setEnd(callee, max(nameStart, start(receiver)))
        return draft.add(.call, begin..<close, flags: .isMessage, children: [callee] + arguments)
    }

    /// The value after a label, and those after commas.
    private mutating func values(until end: Int, label: Range<Int>?) -> [Int] {
        var result: [Int] = []
        repeat {
            guard position < end, let value = expression() else { break }
            draft.setRole(value, .value)
            let name: DraftTree.Name = result.isEmpty ? label.map { .at($0) } ?? .none : .none
            let begin = result.isEmpty ? label?.lowerBound ?? start(value) : start(value)
            result.append(draft.add(.argument, begin..<max(begin, previousEnd), name: name, children: [value]))
        } while take(",")
        return result
    }

    /// `^ReturnType (parameters) { … }`.
    private mutating func block() -> Int? {
        let start = current.range.lowerBound
        position += 1
        var parameters: [Int] = []
        while current.kind == .word || isAt("*") { position += 1 }
        if isAt("(") { parameters = self.parameters() }
        guard isAt("{") else { return draft.add(.closure, start..<previousEnd, children: parameters) }
        let body = statementBlock()
        draft.setRole(body, .body)
        return draft.add(.closure, start..<previousEnd, children: parameters + [body])
    }
}
