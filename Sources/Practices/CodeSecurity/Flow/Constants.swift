/// What is known of values before the program runs: literals, names bound to them once, concatenations, byte arrays.
package final class Constants {
    let tree: CodeTree
    let index: NodeIndex
    let scopes: Scopes
    let budget: WorkBudget
    /// For each node what ``string(_:)`` answered, as a place in ``texts``; ``unknown`` before it was asked.
    private var answers: [Int32] = []
    private var texts: [String] = []
    /// The functions of the file that have a body, by the hash of their name.
    private(set) lazy var functions: [UInt64: [NodeID]] = Dictionary(
        grouping: index.nodes(of: .functionDeclaration).filter { tree.child($0, .body) != nil },
        by: { tree[$0].nameHash })
    private static let unknown: Int32 = -2
    private static let none: Int32 = -1

    init(tree: CodeTree, index: NodeIndex, scopes: Scopes, budget: WorkBudget) {
        self.tree = tree
        self.index = index
        self.scopes = scopes
        self.budget = budget
    }

    /// The literal that an expression stands for, through names that are bound once.
    package func value(_ id: NodeID) -> NodeID? { value(id, depth: 0) }

    private func value(_ id: NodeID, depth: Int) -> NodeID? {
        guard budget.spend() else { return nil }
        switch tree[id].kind {
        case .string, .integer, .float, .boolean, .array, .dictionary, .nilLiteral: return id
        case .identifier, .member:
            guard depth < 8, let declaration = scopes.declaration(of: id), scopes.isConstant(declaration),
                let value = given(by: declaration)
            else { return nil }
            return self.value(value, depth: depth + 1)
        case .call: return depth < 8 ? result(of: id).flatMap { value($0, depth: depth + 1) } : nil
        case .cast: return tree.child(id, .left).flatMap { value($0, depth: depth + 1) }
        default: return nil
        }
    }

    /// The text of a constant string: a literal without interpolated values, or constants joined by `+`.
    package func string(_ id: NodeID) -> String? {
        switch tree[id].kind {
        case .string, .identifier, .member, .binary, .cast, .call: break
        default: return nil
        }
        if answers.isEmpty { answers = Array(repeating: Self.unknown, count: tree.count) }
        let known = answers[Int(id)]
        if known != Self.unknown { return known == Self.none ? nil : texts[Int(known)] }
        let text = string(id, depth: 0)
        guard !budget.isSpent else { return text }
        guard let text else {
            answers[Int(id)] = Self.none
            return nil
        }
        answers[Int(id)] = Int32(clamping: texts.count)
        texts.append(text)
        return text
    }

    private func string(_ id: NodeID, depth: Int) -> String? {
        guard depth < 16, budget.spend() else { return nil }
        if tree[id].kind == .binary, tree.name(id) == "+" {
            guard let left = tree.child(id, .left), let right = tree.child(id, .right),
                let head = string(left, depth: depth + 1), let tail = string(right, depth: depth + 1),
                head.utf8.count + tail.utf8.count <= Self.longestJoinedString
            else { return nil }
            return head + tail
        }
        if let value = value(id), tree[value].kind == .string {
            return tree[value].flags.contains(.isInterpolated) ? nil : tree.name(value) ?? ""
        }
        guard tree[id].kind == .identifier || tree[id].kind == .member,
            let declaration = scopes.declaration(of: id), scopes.isConstant(declaration),
            let value = given(by: declaration), tree[value].kind == .binary
        else { return nil }
        return string(value, depth: depth + 1)
    }

    /// Bytes of the longest string that is put together from others: names joined to themselves double it every time.
    private static let longestJoinedString = 65_536

    /// The value of a constant integer.
    package func integer(_ id: NodeID) -> Int? { integer(id, depth: 0) }

    func integer(_ id: NodeID, depth: Int) -> Int? {
        guard budget.spend() else { return nil }
        if tree[id].kind == .prefix, tree.name(id) == "-" {
            return tree.child(id, .value).flatMap { integer($0, depth: depth) }.map { 0 &- $0 }
        }
        if tree[id].kind == .binary, let left = tree.child(id, .left).flatMap({ integer($0, depth: depth) }),
            let right = tree.child(id, .right).flatMap({ integer($0, depth: depth) })
        {
            return combined(tree.name(id), left, right)
        }
        if tree[id].kind == .call { return converted(id, depth: depth) }
        guard let value = value(id) else { return integerPassed(id, depth: depth) }
        guard tree[value].kind == .integer, let text = tree.name(value) else { return nil }
        return Self.integer(text)
    }

    /// `UInt32(4096)` is 4096.
    private func converted(_ call: NodeID, depth: Int) -> Int? {
        guard let callee = tree.child(call, .callee), Self.integerTypes.contains(tree.name(callee) ?? ""),
            let argument = tree.child(call, of: .argument), tree[argument].nextSibling == Node.none,
            let value = tree.child(argument, .value)
        else { return depth < 4 ? result(of: call).flatMap { integer($0, depth: depth + 1) } : nil }
        return integer(value, depth: depth)
    }

    private static let integerTypes: Set<String> = [
        "Int", "Int8", "Int16", "Int32", "Int64", "UInt", "UInt8", "UInt16", "UInt32", "UInt64", "size_t", "uint",
        "CInt",
        "CUnsignedInt", "NSNumber", "NSInteger", "CFIndex", "numberWithInt:", "numberWithInteger:",
        "numberWithUnsignedInt:",
        "numberWithUnsignedInteger:", "numberWithLong:",
    ]

    /// The number of an integer literal: decimal, `0x`, `0o`, `0b`, with `_` and with C's suffixes.
    static func integer(_ text: String) -> Int? {
        var digits = text.filter { $0 != "_" }[...]
        while let last = digits.last, "uUlL".contains(last), digits.count > 1, !digits.hasPrefix("0x") {
            digits = digits.dropLast()
        }
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") { return Int(digits.dropFirst(2), radix: 16) }
        if digits.hasPrefix("0b") { return Int(digits.dropFirst(2), radix: 2) }
        if digits.hasPrefix("0o") { return Int(digits.dropFirst(2), radix: 8) }
        return Int(digits)
    }

    private func combined(_ name: String?, _ left: Int, _ right: Int) -> Int? {
        let result: (partialValue: Int, overflow: Bool)
        switch name {
        case "+": result = left.addingReportingOverflow(right)
        case "-": result = left.subtractingReportingOverflow(right)
        case "*": result = left.multipliedReportingOverflow(by: right)
        case "/": result = left.dividedReportingOverflow(by: right)
        case "|": return left | right
        case "<<": return right >= 0 && right < 62 ? left << right : nil
        default: return nil
        }
        return result.overflow ? nil : result.partialValue
    }
}
