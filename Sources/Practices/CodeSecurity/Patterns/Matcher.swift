/// Decides whether a pattern holds at a node.
///
/// The work is bounded by a budget of steps; when it is spent, nothing more matches.
struct Matcher {
    let pattern: Pattern
    let analysis: FileAnalysis
    var bindings = Bindings()
    private(set) var stepsLeft: Int
    /// A list of the pattern whose first solutions are passed over, and how many.
    private var passing: (list: NodeID, count: Int)?

    /// Steps that one pattern may take in one file.
    static let budget = 400_000

    private let code: CodeTree

    /// The same search, without the first solutions of a list that begins with an ellipsis.
    mutating func passOver(_ count: Int, solutionsOf list: NodeID) { passing = (list, count) }

    /// Whether a solution of a list counts, or is one to pass over.
    mutating func isWanted(_ list: NodeID) -> Bool {
        guard let passing, passing.list == list, passing.count > 0 else { return true }
        self.passing = (list, passing.count - 1)
        return false
    }

    init(pattern: Pattern, analysis: FileAnalysis, bindings: Bindings = Bindings(), steps: Int = Matcher.budget) {
        self.pattern = pattern
        self.analysis = analysis
        code = analysis.tree
        self.bindings = bindings
        stepsLeft = steps
    }

    /// Whether the pattern's node holds at the code's node; on failure the bindings are as before.
    mutating func matches(_ wanted: NodeID, _ found: NodeID) -> Bool {
        stepsLeft -= 1
        guard stepsLeft > 0 else { return false }
        let count = bindings.count
        if decide(wanted, found) { return true }
        bindings.rewind(to: count)
        return false
    }

    private mutating func decide(_ wanted: NodeID, _ found: NodeID) -> Bool {
        switch pattern[wanted] {
        case .metavariable(let name): return hole(wanted, found) && bind(name, .node(found))
        case .ellipsis(let name): return bind(name, .nodes([found]))
        case .anyString: return analysis.constants.string(found) != nil
        case .stringMetavariable(let name):
            guard let value = analysis.constants.string(found) else { return false }
            return bind(name, .text(value))
        case .deep: return deep(wanted, found)
        case .none: return structure(wanted, found) || converted(wanted, found)
        }
    }

    /// `value as Type` is the value, unless the pattern itself speaks of the conversion.
    private mutating func converted(_ wanted: NodeID, _ found: NodeID) -> Bool {
        guard code[found].kind == .cast, pattern.tree[wanted].kind != .cast, code.name(found) != "is",
            let value = code.child(found, .left)
        else { return false }
        return matches(wanted, value)
    }

    /// Binds a name, or compares with what it is bound to.
    mutating func bind(_ name: String?, _ value: Binding) -> Bool {
        guard let name else { return true }
        guard let bound = bindings[name] else {
            bindings.append(name, value)
            return true
        }
        switch (bound, value) {
        case (.node(let left), .node(let right)): return code.saysTheSame(left, right)
        case (.nodes(let left), .nodes(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { analysis.tree.isSameCode($0, $1) }
        case (.text(let text), .node(let node)), (.node(let node), .text(let text)):
            return code.spokenName(node) == text
        default: return bound == value
        }
    }

    /// Whether a hole may stand for a node: a parameter must have the label and the type that the pattern gives it.
    private mutating func hole(_ wanted: NodeID, _ found: NodeID) -> Bool {
        guard pattern.tree[wanted].kind == .parameter, code[found].kind == .parameter else { return true }
        if let label = pattern.tree.writtenLabel(of: wanted), label != code.label(of: found) { return false }
        return sameChildren(wanted, found, [.type])
    }

    private mutating func deep(_ wanted: NodeID, _ found: NodeID) -> Bool {
        guard let argument = pattern.tree.child(wanted, of: .argument), pattern.tree[argument].firstChild != Node.none
        else { return false }
        let inner = pattern.tree[argument].firstChild
        for candidate in found..<code.subtreeEnd(found) where matches(inner, candidate) { return true }
        return false
    }

    private mutating func structure(_ wanted: NodeID, _ found: NodeID) -> Bool {
        let want = pattern.tree[wanted]
        let have = code[found]
        switch want.kind {
        case .identifier: return identifier(want, wanted, found)
        case .member: return have.kind == .member && member(wanted, found)
        case .call: return have.kind == .call && call(wanted, found)
        case .argument: return have.kind == .argument && argument(wanted, found)
        case .binding: return have.kind == .binding && binding(wanted, found)
        case .functionDeclaration: return have.kind == want.kind && function(wanted, found)
        case .typeDeclaration, .extensionDeclaration: return have.kind == want.kind && type(wanted, found)
        case .string, .integer, .float, .boolean: return literal(wanted, found)
        case .nilLiteral: return have.kind == .nilLiteral
        case .binary where have.kind == .binary: return binary(wanted, found)
        case .dictionary:
            guard let dictionary = analysis.constants.value(found), code[dictionary].kind == .dictionary else {
                return false
            }
            let isOpen = pattern.children[Int(wanted)].contains { pattern[$0].isEllipsis }
            let pairs = pattern.children[Int(wanted)].filter { !pattern[$0].isEllipsis }
            let present = childIDs(code, dictionary)
            return (isOpen || pairs.count == present.count) && entries(pairs[...], present)
        default:
            guard want.kind == have.kind, sameName(wanted, found) else { return false }
            return list(pattern.children[Int(wanted)], childIDs(code, found))
        }
    }

    private mutating func identifier(_ want: Node, _ wanted: NodeID, _ found: NodeID) -> Bool {
        let have = code[found]
        if have.kind == .identifier, analysis.linkNames[have.nameHash] == want.nameHash { return true }
        guard have.nameHash == want.nameHash else { return false }
        if have.kind == .identifier { return true }
        guard have.kind == .member, let base = code.child(found, .base) else { return false }
        return code[base].kind == .identifier && code[base].nameHash == Self.selfHash
    }

    private mutating func member(_ wanted: NodeID, _ found: NodeID) -> Bool {
        guard sameName(wanted, found) else { return false }
        let base = code.child(found, .base)
        guard let wantedBase = pattern.tree.child(wanted, .base) else {
            guard let base else { return true }
            return code.name(base)?.first?.isUppercase == true
        }
        guard let base else { return false }
        return matches(wantedBase, base)
    }

    private mutating func call(_ wanted: NodeID, _ found: NodeID) -> Bool {
        guard let wantedCallee = pattern.tree.child(wanted, .callee), let callee = code.child(found, .callee) else {
            return false
        }
        guard matches(wantedCallee, callee) || constructor(wantedCallee, callee) else { return false }
        return list(pattern.arguments[Int(wanted)], arguments(code, found))
    }

    /// `Name.init(…)` is `Name(…)`.
    private mutating func constructor(_ wanted: NodeID, _ callee: NodeID) -> Bool {
        guard code[callee].kind == .member, code[callee].nameHash == Self.initHash, let base = code.child(callee, .base)
        else { return false }
        return matches(wanted, base)
    }

    private mutating func argument(_ wanted: NodeID, _ found: NodeID) -> Bool {
        let value = code[found].firstChild
        let wantedValue = pattern.tree[wanted].firstChild
        guard value != Node.none, wantedValue != Node.none else { return false }
        let want = pattern.tree[wanted]
        if want.nameHash == 0 {
            var isOpen = false
            if case .metavariable = pattern[wantedValue] { isOpen = true }
            guard isOpen || code[found].nameHash == 0 || code[found].flags.contains(.isTrailing) else { return false }
        } else if !sameName(wanted, found) {
            return false
        }
        return matches(wantedValue, value)
    }

    private mutating func binding(_ wanted: NodeID, _ found: NodeID) -> Bool {
        let want = pattern.tree[wanted]
        if want.flags.contains(.isLet), !code[found].flags.contains(.isLet) { return false }
        if want.flags.contains(.isStatic), !code[found].flags.contains(.isStatic) { return false }
        if want.flags.contains(.isWeak), !code[found].flags.contains(.isWeak) { return false }
        return sameName(wanted, found) && attributes(wanted, found)
            && sameChildren(wanted, found, [.type, .value, .body]) && accessors(wanted, found)
    }

    /// Whether every accessor that the pattern writes is there with that body.
    private mutating func accessors(_ wanted: NodeID, _ found: NodeID) -> Bool {
        for want in pattern.children[Int(wanted)] where pattern.tree[want].kind == .accessor {
            let holds = childIDs(code, found).contains { have in
                code[have].kind == .accessor && pattern.tree[want].nameHash == code[have].nameHash
                    && sameChildren(want, have, [.body])
            }
            guard holds else { return false }
        }
        return true
    }

    /// Whether every attribute that the pattern names stands before the declaration.
    private mutating func attributes(_ wanted: NodeID, _ found: NodeID) -> Bool {
        for want in pattern.children[Int(wanted)] where pattern.tree[want].kind == .attribute {
            let holds = childIDs(code, found).contains { have in
                code[have].kind == .attribute && sameName(want, have)
                    && (pattern.tree[want].firstChild == Node.none
                        || list(pattern.arguments[Int(want)], arguments(code, have)))
            }
            guard holds else { return false }
        }
        return true
    }

    private mutating func function(_ wanted: NodeID, _ found: NodeID) -> Bool {
        guard sameName(wanted, found), attributes(wanted, found) else { return false }
        // A method whose whole selector is a metavariable is any method.
        if pattern.tree[wanted].flags.contains(.isMessage), pattern.nameMetavariable(wanted) != nil {
            return sameChildren(wanted, found, [.body])
        }
        let wantedParameters = pattern.children[Int(wanted)].filter { pattern.tree[$0].kind == .parameter }
        let parameters = childIDs(code, found).filter { code[$0].kind == .parameter }
        return list(wantedParameters, parameters) && sameChildren(wanted, found, [.body])
    }

    private mutating func type(_ wanted: NodeID, _ found: NodeID) -> Bool {
        let isClass = pattern.tree[wanted].flags.contains(.isClass)
        if isClass, code.language == .swift, code[found].kind == .typeDeclaration,
            !code[found].flags.contains(.isClass)
        {
            return false
        }
        guard sameName(wanted, found), attributes(wanted, found) else { return false }
        let inherited = childIDs(code, found).filter { code[$0].role == .inherited }
        for want in pattern.children[Int(wanted)] where pattern.tree[want].role == .inherited {
            guard inherited.contains(where: { matches(want, $0) }) else { return false }
        }
        return sameChildren(wanted, found, [.body])
    }

    private mutating func literal(_ wanted: NodeID, _ found: NodeID) -> Bool {
        let want = pattern.tree[wanted]
        if want.kind == .string { return analysis.constants.string(found) == pattern.name(wanted) }
        let constant = analysis.constants.value(found) ?? found
        guard code[constant].kind == want.kind else { return false }
        if want.kind == .boolean { return Self.isTrue(pattern.name(wanted)) == Self.isTrue(code.name(constant)) }
        return code[constant].nameHash == want.nameHash
    }

    private static func isTrue(_ name: String?) -> Bool {
        ["true", "YES", "TRUE", "@YES", "@true"].contains(name ?? "")
    }

    private mutating func binary(_ wanted: NodeID, _ found: NodeID) -> Bool {
        guard sameName(wanted, found) else { return false }
        let wantedSides = pattern.children[Int(wanted)]
        let sides = childIDs(code, found)
        if list(wantedSides, sides) { return true }
        guard sides.count == 2, Self.symmetric.contains(code[found].nameHash) else { return false }
        return list(wantedSides, sides.reversed())
    }

    /// The wanted children by role; what the pattern does not say may be anything.
    private mutating func sameChildren(_ wanted: NodeID, _ found: NodeID, _ roles: [NodeRole]) -> Bool {
        for role in roles {
            guard let want = pattern.tree.child(wanted, role) else { continue }
            guard let have = code.child(found, role), matches(want, have) else { return false }
        }
        return true
    }

    mutating func sameName(_ wanted: NodeID, _ found: NodeID) -> Bool {
        if let name = pattern.nameMetavariable(wanted) {
            guard let text = code.name(found) else { return false }
            return name == "$_" || bind(name, .text(text))
        }
        return pattern.tree[wanted].nameHash == code[found].nameHash
    }

    /// Operators whose sides may be exchanged.
    private static let symmetric = Set(["==", "!=", "||", "&&", "==="].map { CodeTree.hash($0) })
    private static let selfHash = CodeTree.hash("self")
    private static let initHash = CodeTree.hash("init")
}
