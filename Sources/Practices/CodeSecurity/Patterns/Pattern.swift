/// A piece of code with holes: metavariables, ellipses and string wildcards, in the tree of the language it is written in.
package final class Pattern: Sendable {
    /// What a node of a pattern stands for.
    enum Hole: Equatable, Sendable {
        case none
        /// `$NAME`: any one node; the same name stands for the same code everywhere in a rule. `$_` binds nothing.
        case metavariable(String?)
        /// `...`: any number of arguments, elements or statements; `$...NAME` binds them.
        case ellipsis(String?)
        /// `<... code ...>`: the code anywhere inside.
        case deep
        /// `"..."`: any constant string.
        case anyString
        /// `"$NAME"`: any constant string, its content bound.
        case stringMetavariable(String)
    }

    let tree: CodeTree
    let holes: [Hole]
    /// What stands at the top: one node, or several statements that must follow one another.
    let roots: [NodeID]
    let language: Language

    /// The ellipses at the beginning of lists that have more than one way to match: a metavariable follows.
    let openLists: [NodeID]

    /// The names of the metavariables in it.
    package let metavariables: Set<String>

    /// Hashes of names that must stand in a file.
    let requiredNames: [UInt64]

    /// For each node its children, and those of them that are arguments.
    let children: [[NodeID]]
    let arguments: [[NodeID]]
    /// For each node its name, and the metavariable that stands in the name's place.
    private let names: [String?]
    private let nameMetavariables: [String?]

    /// Reads a pattern written in a language's own syntax.
    ///
    /// - Throws: ``PatternError`` when nothing of it can be read as code, or when it would match everything.
    package init(parsing text: String, language: Language) throws(PatternError) {
        let source = SourceText(path: "pattern", text: PatternText.rewritten(text, language: language))
        switch language {
        case .swift, .objectiveC: tree = FrontEnds.tree(of: source, language: language)
        default: throw .languageHasNoPatterns(language)
        }
        self.language = language
        let tree = self.tree
        var holes: [Hole] = []
        holes.reserveCapacity(tree.count)
        for id in 0..<NodeID(tree.count) { holes.append(Self.hole(of: id, in: tree)) }
        self.holes = holes
        roots = Self.topLevel(of: tree)
        openLists = Self.openLists(tree, holes)
        requiredNames = Self.requiredNames(roots, tree, holes)
        let ids = 0..<NodeID(tree.count)
        names = ids.map { tree.name($0) }
        nameMetavariables = names.map(Self.metavariable)
        metavariables = Set(holes.compactMap(\.name)).union(nameMetavariables.compactMap { $0 })
        children = ids.map { Array(tree.children($0)) }
        arguments = children.map { $0.filter { tree[$0].kind == .argument } }
        guard let first = roots.first else { throw .empty }
        if roots.count == 1, holes[Int(first)] != .none, tree[first].kind != .string { throw .matchesEverything }
    }

    subscript(_ id: NodeID) -> Hole { holes[Int(id)] }

    /// The metavariable that stands in the place of a name, as in `func $F()` or `$X.$MEMBER`.
    func nameMetavariable(_ id: NodeID) -> String? { nameMetavariables[Int(id)] }

    /// The name of a node.
    func name(_ id: NodeID) -> String? { names[Int(id)] }

    private static func metavariable(_ name: String?) -> String? {
        guard let name, name.hasPrefix(PatternText.metavariable) else { return nil }
        return "$" + name.dropFirst(PatternText.metavariable.count)
    }

    private static func openLists(_ tree: CodeTree, _ holes: [Hole]) -> [NodeID] {
        (0..<NodeID(tree.count)).filter { id in
            let node = tree[id]
            guard holes[Int(id)] == .ellipsis(nil), node.nextSibling != Node.none,
                node.kind == .argument || tree[node.parent].kind == .array
            else { return false }
            return (node.nextSibling..<tree.subtreeEnd(node.parent)).contains { holes[Int($0)].name != nil }
        }
    }

    private static func topLevel(of tree: CodeTree) -> [NodeID] {
        let top = Array(tree.children(0))
        guard top.count == 1, let only = top.first, tree[only].kind == .block else { return top }
        return top
    }

    private static func hole(of id: NodeID, in tree: CodeTree) -> Hole {
        let node = tree[id]
        switch node.kind {
        case .identifier, .parameter: return named(tree.name(id) ?? "")
        case .typeName: return named((tree.name(id) ?? "").trimmingOptionalMark)
        case .binding where node.firstChild == Node.none:
            let hole = named(tree.name(id) ?? "")
            if case .ellipsis = hole { return hole }
            return .none
        case .argument:
            // An argument that is only an ellipsis is the ellipsis.
            guard node.nameHash == 0, node.firstChild != Node.none,
                case .ellipsis(let name) = hole(of: node.firstChild, in: tree)
            else { return .none }
            return .ellipsis(name)
        case .pair:
            // An entry that is only an ellipsis is the ellipsis.
            guard let key = tree.child(id, .key), tree.name(key) == PatternText.ellipsis else { return .none }
            return .ellipsis(nil)
        case .call:
            let callee = tree.child(id, .callee).flatMap { tree.name($0) }
            return callee == PatternText.deep ? .deep : .none
        case .string: return string(tree.name(id) ?? "")
        default: return .none
        }
    }

    private static func named(_ name: String) -> Hole {
        if name == PatternText.ellipsis { return .ellipsis(nil) }
        if name.hasPrefix(PatternText.metavariables) {
            return .ellipsis("$..." + name.dropFirst(PatternText.metavariables.count))
        }
        guard name.hasPrefix(PatternText.metavariable) else { return .none }
        let rest = name.dropFirst(PatternText.metavariable.count)
        return .metavariable(rest == "_" ? nil : "$" + rest)
    }

    private static func string(_ value: String) -> Hole {
        if value == "..." { return .anyString }
        guard value.first == "$", value.count > 1,
            value.dropFirst().allSatisfy({ $0.isUppercase || $0.isNumber || $0 == "_" })
        else { return .none }
        return .stringMetavariable(value)
    }
}

extension Pattern.Hole {
    /// The metavariable that the hole binds.
    var name: String? {
        switch self {
        case .metavariable(let name): name
        case .ellipsis(let name): name
        case .stringMetavariable(let name): name
        case .none, .deep, .anyString: nil
        }
    }
}

/// Why a pattern cannot be used.
package enum PatternError: Error, Equatable {
    case empty
    case matchesEverything
    case languageHasNoPatterns(Language)
}
