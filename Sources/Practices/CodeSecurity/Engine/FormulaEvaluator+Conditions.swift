extension FormulaEvaluator {
    /// The match, perhaps with more bound, when a condition holds for it.
    func holds(_ condition: Condition, _ match: PatternMatch) -> PatternMatch? {
        switch condition {
        case .expression(let name, let expression, let negated):
            guard let text = text(match.bindings[name]) else { return nil }
            return self.analysis.scanners.matchesPrefix(expression, of: text) != negated ? match : nil
        case .spelling(let name, let expression, let negated):
            guard let text = written(match.bindings[name]) else { return nil }
            return self.analysis.scanners.matchesPrefix(expression, of: text) != negated ? match : nil
        case .comparison(let comparison):
            return comparison.holds { integer(match.bindings[$0]) } ? match : nil
        case .formula(let name, let formula): return nested(matches(formula), name, match)
        case .constant(let name, let kind, let negated):
            guard case .node(let node) = match.bindings[name] else {
                return (match.bindings[name] != nil) != negated ? match : nil
            }
            return analysis.constants.isKnown(node, kind) != negated ? match : nil
        case .analysis(let name, let analysis):
            guard let text = text(match.bindings[name]) else { return nil }
            return analysis.holds(text, self.analysis.scanners) ? match : nil
        case .type(let name, let types):
            guard case .node(let node) = match.bindings[name], let type = analysis.constants.typeName(node) else {
                return nil
            }
            return types.contains(type) ? match : nil
        }
    }

    /// The match, when one of the places stands inside what a metavariable bound.
    func nested(_ places: [PatternMatch], _ name: String, _ match: PatternMatch) -> PatternMatch? {
        let first: NodeID
        let last: NodeID
        switch match.bindings[name] {
        case .node(let node): (first, last) = (node, node)
        case .nodes(let nodes):
            guard let head = nodes.first, let tail = nodes.last else { return nil }
            (first, last) = (head, tail)
        default: return nil
        }
        for place in places
        where place.start >= analysis.tree[first].start && place.end <= analysis.tree[last].end {
            guard let bindings = unified(match, place) else { continue }
            var result = match
            result.bindings = bindings
            return result
        }
        return nil
    }

    /// The text that an expression is held against: the value of a string, or the code.
    func text(_ binding: Binding?) -> String? {
        switch binding {
        case .text(let text): return text
        case .node(let node):
            return analysis.constants.string(node) ?? spelling(node)
        case .nodes(let nodes):
            guard let first = nodes.first, let last = nodes.last else { return "" }
            return analysis.tree.source.text(Int(analysis.tree[first].start)..<Int(analysis.tree[last].end))
        case nil: return nil
        }
    }

    /// The text of a binding as it is written, whatever its value: of a declared thing its name.
    private func written(_ binding: Binding?) -> String? {
        guard case .node(let node) = binding else { return text(binding) }
        switch analysis.tree[node].kind {
        case .parameter, .binding: return analysis.tree.name(node) ?? spelling(node)
        default: return spelling(node)
        }
    }

    /// The code of a node as it is written; of the callee of a message the receiver and the selector.
    private func spelling(_ node: NodeID) -> String {
        let tree = analysis.tree
        guard tree[node].kind == .member, tree[node].flags.contains(.isMessage), let base = tree.child(node, .base)
        else { return tree.text(node) }
        return tree.text(base) + " " + (tree.name(node) ?? "")
    }

    private func integer(_ binding: Binding?) -> Int? {
        switch binding {
        case .node(let node): analysis.constants.integer(node)
        case .text(let text): Constants.integer(text)
        default: nil
        }
    }
}
