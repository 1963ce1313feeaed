extension ObjectiveCParser {
    /// An expression with commas and assignments left to the caller; nil when none begins here.
    mutating func expression() -> Int? {
        deeper(nil) { $0.assignment() }
    }

    private mutating func assignment() -> Int? {
        guard let left = ternary() else { return nil }
        guard current.kind == .punctuation, Self.assignments.contains(current.text) else { return left }
        let name = current.range
        position += 1
        guard let right = expression() else { return left }
        draft.setRole(left, .left)
        draft.setRole(right, .right)
        return draft.add(.assignment, join(left, right), name: .at(name), children: [left, right])
    }

    private mutating func ternary() -> Int? {
        guard let condition = binary(1) else { return nil }
        guard take("?") else { return condition }
        var children = [condition]
        draft.setRole(condition, .condition)
        if !isAt(":"), let left = expression() {
            draft.setRole(left, .left)
            children.append(left)
        }
        if take(":"), let right = expression() {
            draft.setRole(right, .right)
            children.append(right)
        }
        return draft.add(.ternary, start(condition)..<previousEnd, children: children)
    }

    private mutating func binary(_ minimum: Int) -> Int? {
        guard var left = unary() else { return nil }
        var count = 0
        while current.kind == .punctuation, let precedence = Self.precedences[current.text], precedence >= minimum {
            let name = current.range
            position += 1
            guard let right = deeper(nil, { $0.binary(precedence + 1) }) else { return left }
            draft.setRole(right, .right)
            count += 1
            if count > Self.longestChain {
                // What follows stays flat, in the last one.
                draft.append(right, to: left)
                draft.setEnd(left, draft.drafts[right].range.upperBound)
            } else {
                draft.setRole(left, .left)
                left = draft.add(.binary, join(left, right), name: .at(name), children: [left, right])
            }
        }
        return left
    }

    private mutating func unary() -> Int? {
        if current.kind == .punctuation, Self.prefixes.contains(current.text) {
            let name = current.range
            position += 1
            guard let value = deeper(nil, { $0.unary() }) else { return nil }
            draft.setRole(value, .value)
            return draft.add(.prefix, name.lowerBound..<previousEnd, name: .at(name), children: [value])
        }
        if isCast {
            position = closing(of: position) + 1
            return deeper(nil) { $0.unary() }
        }
        guard let value = primary() else { return nil }
        return postfix(value)
    }

    /// Whether a parenthesis here holds a type and a value follows it.
    private var isCast: Bool {
        guard isAt("(") else { return false }
        let end = closing(of: position)
        guard end > position + 1, end - position < 12 else { return false }
        var sawPointer = false
        for index in (position + 1)..<end {
            let token = word(at: index)
            if token.text == "*" || token.text == "^" { sawPointer = true; continue }
            guard token.kind == .word && !token.text.hasPrefix("@") || "<>,".contains(token.text) else { return false }
        }
        let first = word(at: position + 1).text
        let next = word(at: end + 1)
        let begins =
            next.kind == .word || next.kind == .number || next.kind == .string
            || ["(", "[", "@", "^", "&", "*"].contains(next.text)
        let isType =
            sawPointer || Self.cTypes.contains(first)
            || (first.first?.isUppercase == true && next.text != "*" && next.text != "&")
        return begins && isType && !Self.notValues.contains(next.text)
    }

    /// The calls, subscripts and members that follow a value; a chain that nobody writes is cut into pieces.
    private mutating func postfix(_ base: Int) -> Int {
        var value = base
        var pieces: [Int] = []
        var count = 0
        while let next = link(value) {
            value = next
            count += 1
            guard count % Self.longestChain == 0 else { continue }
            markPartial(from: current.range.lowerBound)
            pieces.append(value)
            value = draft.add(.other, previousEnd..<previousEnd)
        }
        guard !pieces.isEmpty else { return value }
        return draft.add(.other, start(base)..<max(start(base), previousEnd), children: pieces + [value])
    }

    private mutating func link(_ value: Int) -> Int? {
        if isAt("(") { return call(value) }
        if isAt("[") { return subscripting(value) }
        if isAt(".") || isAt("->") || isAt("::"), token(1).kind == .word {
            position += 1
            draft.setRole(value, .base)
            let range = start(value)..<max(start(value), current.range.upperBound)
            let member = draft.add(.member, range, name: .at(current.range), children: [value])
            position += 1
            return member
        }
        if isAt("++") || isAt("--") {
            while isAt("++") || isAt("--") { position += 1 }
            return value
        }
        return nil
    }

    /// Operators, or members and calls, that follow one another in one expression.
    private static let longestChain = 128

    private mutating func call(_ callee: Int) -> Int {
        draft.setRole(callee, .callee)
        let arguments = arguments()
        return draft.add(.call, start(callee)..<previousEnd, children: [callee] + arguments)
    }

    /// The values between parentheses, each an argument.
    private mutating func arguments() -> [Int] {
        let end = closing(of: position)
        position += 1
        var result: [Int] = []
        while position < end {
            let before = position
            if let value = expression() {
                draft.setRole(value, .value)
                result.append(draft.add(.argument, start(value)..<previousEnd, children: [value]))
            }
            if position == before || !isAt(",") && position < end { skipGroup() }
            _ = take(",")
        }
        position = max(position, end + 1)
        return result
    }

    private mutating func subscripting(_ base: Int) -> Int {
        draft.setRole(base, .base)
        let end = closing(of: position)
        position += 1
        var children = [base]
        if position < end, let index = expression() {
            draft.setRole(index, .value)
            children.append(draft.add(.argument, start(index)..<previousEnd, children: [index]))
        }
        position = end + 1
        return draft.add(.subscripting, start(base)..<previousEnd, children: children)
    }

    func start(_ id: Int) -> Int { draft.drafts[id].range.lowerBound }
    private func join(_ left: Int, _ right: Int) -> Range<Int> {
        start(left)..<max(start(left), draft.drafts[right].range.upperBound)
    }

    private static let assignments: Set<String> = ["=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>="]
    private static let prefixes: Set<String> = ["!", "~", "-", "+", "*", "&", "++", "--"]
    private static let precedences: [String: Int] = [
        "||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7, "<<": 8, ">>": 8,
        "+": 9,
        "-": 9, "*": 10, "/": 10, "%": 10,
    ]
    static let cTypes: Set<String> = [
        "void", "char", "int", "long", "short", "float", "double", "unsigned", "signed", "const", "struct", "id",
        "size_t",
        "uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t", "int16_t", "int32_t", "int64_t", "bool", "BOOL",
        "__bridge",
        "__bridge_transfer", "__bridge_retained", "instancetype", "enum", "static", "inline", "extern", "__weak",
        "__strong",
        "__block", "typeof", "__typeof", "__typeof__", "auto", "register", "volatile", "__unsafe_unretained", "UInt8",
        "FILE",
    ]
    private static let notValues: Set<String> = ["else", "return", "if", "for", "while"]
}
