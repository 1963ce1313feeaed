extension Pattern {
    /// The hashes of names without which the pattern cannot hold anywhere in a file: those that the matcher compares.
    static func requiredNames(_ roots: [NodeID], _ tree: CodeTree, _ holes: [Hole]) -> [UInt64] {
        var collector = NameCollector(tree: tree, holes: holes)
        for root in roots { collector.collect(root) }
        return collector.names.sorted()
    }

    /// Follows a pattern the way ``Matcher`` does; what the matcher passes over requires nothing.
    private struct NameCollector {
        let tree: CodeTree
        let holes: [Hole]
        var names: Set<UInt64> = []

        mutating func collect(_ id: NodeID?) {
            guard let id, id != Node.none else { return }
            switch holes[Int(id)] {
            case .none: code(id)
            case .deep: collect(tree.child(id, of: .argument).map { tree[$0].firstChild })
            case .metavariable, .ellipsis, .anyString, .stringMetavariable: return
            }
        }

        private mutating func code(_ id: NodeID) {
            switch tree[id].kind {
            case .identifier: name(id)
            case .member:
                name(id)
                collect(tree.child(id, .base))
            case .call:
                collect(tree.child(id, .callee))
                for child in tree.children(id) where tree[child].kind == .argument { collect(child) }
            case .argument: collect(tree[id].firstChild)
            case .binding: all(id, [.type, .value, .body])
            case .functionDeclaration:
                for child in tree.children(id) where tree[child].kind == .parameter { collect(child) }
                collect(tree.child(id, .body))
            case .typeDeclaration, .extensionDeclaration:
                for child in tree.children(id) where tree[child].role == .inherited { collect(child) }
                collect(tree.child(id, .body))
            case .string, .integer, .float, .boolean, .nilLiteral: return
            default:
                for child in tree.children(id) { collect(child) }
            }
        }

        private mutating func all(_ id: NodeID, _ roles: [NodeRole]) {
            for role in roles { collect(tree.child(id, role)) }
        }

        private mutating func name(_ id: NodeID) {
            guard tree[id].nameHash != 0, tree.name(id)?.hasPrefix(PatternText.metavariable) != true else { return }
            names.insert(tree[id].nameHash)
        }
    }
}

extension FileAnalysis {
    /// Whether every name that a pattern needs stands in the file.
    func mayHold(_ pattern: Pattern) -> Bool { pattern.requiredNames.allSatisfy(index.hasName) }

    /// Whether a formula could hold somewhere in the file, as far as names tell.
    func mayHold(_ formula: Formula) -> Bool {
        switch formula {
        case .pattern(let source): (try? source.pattern(in: tree.language)).map(mayHold) ?? false
        case .all(let parts): parts.allSatisfy(mayHold)
        case .any(let parts): parts.contains(where: mayHold)
        case .inside(let part): mayHold(part)
        case .only(let languages, let part): languages.contains(tree.language) ? mayHold(part) : !part.isPositive
        case .expression, .data, .not, .notInside, .condition, .focus, .dataCondition: true
        }
    }
}
