extension ObjectiveCParser {
    /// What begins with `@`; nil when it is an expression.
    mutating func atDeclaration() -> [Int]? {
        switch current.text {
        case "@interface", "@implementation", "@protocol": return typeDeclaration()
        case "@property": return [property()]
        case "@class", "@synthesize", "@dynamic":
            while !isAtEnd, !isAt(";") { position += 1 }
            _ = take(";")
            return []
        case "@import":
            position += 1
            let start = current.range.lowerBound
            while !isAtEnd, !isAt(";") { position += 1 }
            let range = start..<max(start, previousEnd)
            _ = take(";")
            return [draft.add(.importation, range, name: .at(range))]
        case "@end", "@public", "@private", "@protected", "@optional", "@required", "@package":
            position += 1
            return []
        case "@try", "@finally", "@autoreleasepool":
            position += 1
            return isAt("{") ? [statementBlock()] : []
        case "@catch", "@synchronized":
            let isCatch = isAt("@catch")
            let start = current.range.lowerBound
            position += 1
            if isAt("(") { skipGroup() }
            guard isAt("{") else { return [] }
            let block = statementBlock()
            draft.setRole(block, .body)
            return isCatch ? [draft.add(.catchClause, start..<previousEnd, children: [block])] : [block]
        case "@throw":
            let start = current.range.lowerBound
            position += 1
            let value = expression()
            let end = previousEnd
            _ = take(";")
            return [draft.add(.throwStatement, start..<end, children: value.map { [$0] } ?? [])]
        default: return nil
        }
    }

    private mutating func typeDeclaration() -> [Int] {
        let start = current.range.lowerBound
        let isProtocol = isAt("@protocol")
        position += 1
        let name = current.range
        position += 1
        if isProtocol, isAt(";") || isAt(",") {
            while !isAtEnd, !isAt(";") { position += 1 }
            _ = take(";")
            return []
        }
        var children = inheritance()
        if isAt("{") { children += [statementBlock()] }
        let bodyStart = current.range.lowerBound
        var members: [Int] = []
        while !isAtEnd, !isAt("@end"), !isAt("@implementation"), !isAt("@interface") {
            let before = position
            if (isAt("-") || isAt("+")) && (token(1).text == "(" || token(1).kind == .word) {
                members.append(method())
            } else {
                members += deeper([]) { $0.declarationOrStatement(isTopLevel: true) }
            }
            if position == before { position += 1 }
        }
        let body = draft.add(.block, bodyStart..<max(bodyStart, previousEnd), children: members)
        draft.setRole(body, .body)
        _ = take("@end")
        let flags: NodeFlags = isProtocol ? .isProtocol : .isClass
        return [
            draft.add(.typeDeclaration, start..<previousEnd, name: .at(name), flags: flags, children: children + [body])
        ]
    }

    /// `: Base <Protocols>` and the category's name.
    private mutating func inheritance() -> [Int] {
        var result: [Int] = []
        if isAt("(") { skipGroup() }
        if take(":") {
            result.append(draft.add(.typeName, current.range, name: .at(current.range)))
            position += 1
        }
        if isAt("<") {
            while !isAtEnd, !isAt(">"), !isAt("@end") {
                position += 1
                if current.kind == .word {
                    result.append(draft.add(.typeName, current.range, name: .at(current.range)))
                }
            }
            _ = take(">")
        }
        for id in result { draft.setRole(id, .inherited) }
        return result
    }

    /// `- (Type)first:(Type)a second:(Type)b { … }`.
    mutating func method() -> Int {
        let start = current.range.lowerBound
        let isStatic = isAt("+")
        position += 1
        if isAt("(") { skipGroup() }
        var selector = ""
        var children: [Int] = []
        while current.kind == .word || isAt(":") {
            if current.kind == .word { selector += current.text; position += 1 }
            guard take(":") else { continue }
            selector += ":"
            let begin = current.range.lowerBound
            let type = isAt("(") ? typeInParentheses() : nil
            let name = current.range
            position += 1
            children.append(
                draft.add(.parameter, begin..<previousEnd, name: .at(name), children: type.map { [$0] } ?? []))
            if isAt(","), token(1).text == "..." { position += 2 }
        }
        while !isAtEnd, !isAt("{"), !isAt(";"), !isAt("@end") { position += 1 }
        if isAt("{") {
            let body = statementBlock()
            draft.setRole(body, .body)
            children.append(body)
        }
        _ = take(";")
        var flags: NodeFlags = .isMessage
        if isStatic { flags.insert(.isStatic) }
        return draft.add(
            .functionDeclaration, start..<previousEnd, name: .text(selector), flags: flags, children: children)
    }

    private mutating func typeInParentheses() -> Int {
        let end = closing(of: position)
        let type = typeNode(from: position + 1, to: end)
        position = end + 1
        return type
    }

    /// The type's main name among some words: the last one that is no qualifier.
    private mutating func typeNode(from first: Int, to end: Int) -> Int {
        var name = word(at: first)
        for index in first..<max(first, end) {
            let token = word(at: index)
            if token.text == "<" || token.text == "(" { break }
            if token.kind == .word, !Self.qualifiers.contains(token.text) { name = token }
        }
        let id = draft.add(.typeName, name.range, name: .at(name.range))
        draft.setRole(id, .type)
        return id
    }

    /// Reads `@property (nonatomic, weak) Type *name;`.
    private mutating func property() -> Int {
        let start = current.range.lowerBound
        position += 1
        var flags: NodeFlags = []
        if isAt("(") {
            let end = closing(of: position)
            for index in position..<end {
                if word(at: index).text == "weak" { flags.insert(.isWeak) }
                if word(at: index).text == "assign" { flags.insert(.isUnowned) }
                if word(at: index).text == "class" { flags.insert(.isStatic) }
            }
            position = end + 1
        }
        let first = position
        var last = position
        while !isAtEnd, !isAt(";"), !isAt("@property"), !isAt("@end") {
            if isAt("(") { skipGroup(); continue }
            if current.kind == .word { last = position }
            position += 1
        }
        let name = word(at: last).range
        let type = typeNode(from: first, to: last)
        let end = previousEnd
        _ = take(";")
        return draft.add(.binding, start..<end, name: .at(name), flags: flags, children: [type])
    }

    /// A C function, or variables; nil when what stands here is an expression.
    mutating func declaration(isTopLevel: Bool) -> [Int]? {
        guard let name = declaredName() else { return nil }
        let first = position
        if word(at: name + 1).text == "(" { return function(from: first, name: name, isTopLevel: isTopLevel) }
        return variables(from: first, name: name)
    }

    /// The index of the name that a declaration beginning here declares.
    private func declaredName() -> Int? {
        var index = position
        var words = 0
        var sawPointer = false
        while true {
            let token = word(at: index)
            if token.kind == .word, !token.text.hasPrefix("@") {
                if Self.typeCalls.contains(token.text), word(at: index + 1).text == "(" {
                    index = closing(of: index + 1) + 1
                    words += 1
                    guard words <= 40 else { return nil }
                    continue
                }
                let next = word(at: index + 1).text
                if words > 0,
                    ["=", ";", ",", "["].contains(next) || next == "in" || next == "(" && words > 0
                        || next == ")" && words > 0
                {
                    if next == "[" && !sawPointer && !Self.cTypes.contains(word(at: index - 1).text) && words < 1 {
                        return nil
                    }
                    return Self.cTypes.contains(token.text) ? nil : index
                }
                words += 1
            } else if token.text == "*" || token.text == "&" {
                guard words > 0 else { return nil }
                sawPointer = true
            } else if token.text == "<", words > 0 {
                guard let end = closingAngle(index) else { return nil }
                index = end
            } else if token.text == "::" {
                words = 0
            } else {
                return nil
            }
            index += 1
            if index - position > 40 { return nil }
        }
    }

    private func closingAngle(_ start: Int) -> Int? {
        var open = 0
        for index in start..<(start + 30) {
            switch word(at: index).text {
            case "<": open += 1
            case ">": open -= 1
            case ">>": open -= 2
            case ";", "{", "=", "&&", "||": return nil
            default: break
            }
            if open <= 0 { return index }
        }
        return nil
    }

    private mutating func function(from first: Int, name: Int, isTopLevel: Bool) -> [Int]? {
        let end = closing(of: name + 1)
        var after = end + 1
        while word(at: after).kind == .word, word(at: after).text.hasPrefix("__") || word(at: after).text == "const" {
            after += 1
        }
        let hasBody = word(at: after).text == "{"
        guard hasBody || isTopLevel else { return nil }
        let start = word(at: first).range.lowerBound
        position = name + 1
        var children = parameters()
        position = after
        if hasBody {
            let body = statementBlock()
            draft.setRole(body, .body)
            children.append(body)
        } else {
            while !isAtEnd, !isAt(";"), current.kind != .directive { position += 1 }
            _ = take(";")
        }
        return [
            draft.add(
                .functionDeclaration, start..<max(start, previousEnd), name: .at(word(at: name).range),
                children: children)
        ]
    }

    /// `(Type a, Type b)`, each a parameter named by its last word.
    mutating func parameters() -> [Int] {
        let end = closing(of: position)
        position += 1
        var result: [Int] = []
        while position < end {
            let first = position
            var last: Int?
            while position < end, !isAt(",") {
                if isAt("(") || isAt("[") { skipGroup(); continue }
                if current.kind == .word { last = position }
                position += 1
            }
            if let last {
                let type = typeNode(from: first, to: last)
                let start = word(at: first).range.lowerBound
                result.append(
                    draft.add(
                        .parameter, start..<max(start, previousEnd), name: .at(word(at: last).range), children: [type]))
            }
            _ = take(",")
        }
        position = max(position, end + 1)
        return result
    }

    private mutating func variables(from first: Int, name: Int) -> [Int] {
        let type = typeNode(from: first, to: name)
        var flags: NodeFlags = []
        for index in first..<name {
            switch word(at: index).text {
            case "const": flags.insert(.isLet)
            case "static": flags.insert(.isStatic)
            case "__weak": flags.insert(.isWeak)
            default: break
            }
        }
        var result: [Int] = []
        var start = word(at: first).range.lowerBound
        position = name
        while true {
            result.append(variable(start: start, flags: flags, type: result.isEmpty ? type : nil))
            guard take(",") else { break }
            while isAt("*") { position += 1 }
            guard current.kind == .word else { break }
            start = current.range.lowerBound
        }
        _ = take(";")
        return result
    }

    private mutating func variable(start: Int, flags: NodeFlags, type: Int?) -> Int {
        let name = current.range
        position += 1
        var children = type.map { [$0] } ?? []
        while isAt("[") { skipGroup() }
        if take("="), let value = expression() {
            draft.setRole(value, .value)
            children.append(value)
        }
        return draft.add(.binding, start..<max(start, previousEnd), name: .at(name), flags: flags, children: children)
    }

    private static let qualifiers: Set<String> = [
        "const", "static", "extern", "unsigned", "signed", "struct", "volatile", "inline", "__weak", "__strong",
        "__block",
        "nullable", "nonnull", "_Nullable", "_Nonnull", "__unsafe_unretained", "IBOutlet", "register", "enum", "oneway",
        "inout",
    ]
    private static let typeCalls: Set<String> = [
        "typeof", "__typeof", "__typeof__", "__attribute__", "decltype", "IBOutletCollection",
    ]
}
