/// Follows values of a file from a rule's sources to its sinks, function by function, in the order of the text.
///
/// A value is tainted when a source stands in it, or a name that holds a tainted value; a sanitizer around it ends that. Loops
/// are walked twice, so that what the end of a body taints is seen at its beginning.
struct TaintFlow {
    private let analysis: FileAnalysis
    private let sources: [PatternMatch]
    private let sourceNodes: Set<NodeID>
    private let sinks: [PatternMatch]
    private let sanitizerNodes: Set<NodeID>
    private var tainted: Set<NodeID> = []
    private var tree: CodeTree { analysis.tree }

    init(_ search: TaintSearch, analysis: FileAnalysis) {
        self.analysis = analysis
        let evaluator = FormulaEvaluator(analysis: analysis)
        let mayHold = search.sources.contains(where: analysis.mayHold) && search.sinks.contains(where: analysis.mayHold)
        sources = mayHold ? search.sources.flatMap { evaluator.matches($0) } : []
        sinks = sources.isEmpty ? [] : search.sinks.flatMap { evaluator.matches($0) }
        sourceNodes = Set(sources.map(\.node))
        let sanitizers = sinks.isEmpty ? [] : search.sanitizers.flatMap { evaluator.matches($0) }
        sanitizerNodes = Set(sanitizers.map(\.node))
    }

    /// The sinks that a tainted value reaches.
    mutating func matches() -> [PatternMatch] {
        guard !sources.isEmpty, !sinks.isEmpty else { return [] }
        var count = -1
        while count != tainted.count {
            count = tainted.count
            spread()
        }
        return sinks.filter { isTainted($0.node) }
    }

    /// Marks the declarations that take a tainted value.
    private mutating func spread() {
        for binding in analysis.nodes(of: .binding) {
            if let value = tree.child(binding, .value), isTainted(value) { tainted.insert(binding) }
        }
        for assignment in analysis.nodes(of: .assignment) {
            guard let target = tree.child(assignment, .left), let value = tree.child(assignment, .right),
                isTainted(value),
                let declaration = analysis.scopes.declaration(of: target)
            else { continue }
            tainted.insert(declaration)
        }
        for source in sources where source.node != Node.none {
            let kind = tree[source.node].kind
            if kind == .parameter || kind == .binding { tainted.insert(source.node) }
        }
    }

    private func isTainted(_ id: NodeID) -> Bool {
        guard id != Node.none else { return false }
        var node = id
        let end = tree.subtreeEnd(id)
        while node < end {
            guard analysis.budget.spend() else { return false }
            if sanitizerNodes.contains(node) {
                node = tree.subtreeEnd(node)
                continue
            }
            if sourceNodes.contains(node) { return true }
            let kind = tree[node].kind
            if kind == .identifier || kind == .member, let declaration = analysis.scopes.declaration(of: node),
                tainted.contains(declaration)
            {
                return true
            }
            node += 1
        }
        return false
    }
}
