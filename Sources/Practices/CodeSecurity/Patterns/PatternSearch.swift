extension Pattern {
    /// Every place in a file where the pattern holds.
    func matches(in analysis: FileAnalysis) -> [PatternMatch] {
        analysis.mayHold(self) ? search(in: analysis) : []
    }

    /// The same places, whatever names stand in the file.
    func search(in analysis: FileAnalysis) -> [PatternMatch] {
        roots.count == 1 ? single(roots[0], in: analysis) : sequences(in: analysis)
    }

    /// Whether the pattern holds at a node, or at statements that begin with it, given what is bound already.
    func match(at node: NodeID, in analysis: FileAnalysis, bindings: Bindings) -> PatternMatch? {
        var matcher = Matcher(pattern: self, analysis: analysis, bindings: bindings)
        defer { _ = analysis.budget.spend(Matcher.budget - matcher.stepsLeft + 1) }
        guard !analysis.budget.isSpent else { return nil }
        if roots.count == 1 {
            guard matcher.matches(roots[0], node) else { return nil }
            return analysis.match(node, matcher.bindings)
        }
        let siblings = analysis.tree.siblings(from: node)
        guard let count = matcher.prefix(roots[...], siblings[...]), count > 0 else { return nil }
        var match = analysis.match(node, matcher.bindings)
        match.end = analysis.tree[siblings[count - 1]].end
        return match
    }

    private func single(_ root: NodeID, in analysis: FileAnalysis) -> [PatternMatch] {
        var result: [PatternMatch] = []
        var steps = Matcher.budget
        var matcher = Matcher(pattern: self, analysis: analysis, steps: steps)
        for candidate in candidates(root, in: analysis) {
            matcher.bindings = Bindings()
            if matcher.matches(root, candidate) {
                result.append(analysis.match(candidate, matcher.bindings))
                result += others(root, candidate, analysis)
            }
            guard analysis.budget.spend(steps - matcher.stepsLeft + 1) else { break }
            steps = matcher.stepsLeft
            guard steps > 0 else {
                analysis.leftPattern()
                break
            }
        }
        return result
    }

    /// Further ways in which lists such as `f(..., $X, ...)` match: conditions may refuse the first.
    private func others(_ root: NodeID, _ candidate: NodeID, _ analysis: FileAnalysis) -> [PatternMatch] {
        var result: [PatternMatch] = []
        for list in openLists {
            for count in 1..<Self.mostAlternatives {
                var matcher = Matcher(pattern: self, analysis: analysis)
                matcher.passOver(count, solutionsOf: list)
                let holds = matcher.matches(root, candidate)
                guard analysis.budget.spend(Matcher.budget - matcher.stepsLeft + 1), holds else { break }
                result.append(analysis.match(candidate, matcher.bindings))
            }
        }
        return result
    }

    /// The most elements of one list that are tried for one metavariable.
    private static let mostAlternatives = 64

    private func sequences(in analysis: FileAnalysis) -> [PatternMatch] {
        guard let anchor = roots.first(where: { self[$0].isEllipsis == false }) else { return [] }
        var result: [PatternMatch] = []
        for candidate in candidates(anchor, in: analysis) {
            if let match = match(at: candidate, in: analysis, bindings: Bindings()) { result.append(match) }
        }
        return result
    }

    /// Nodes that can match a root at all: those of its kind, and where the root has a fixed name, of its name.
    private func candidates(_ root: NodeID, in analysis: FileAnalysis) -> [NodeID] {
        let node = tree[root]
        switch node.kind {
        case .call:
            guard let callee = tree.child(root, .callee), let hash = fixedName(callee) else {
                return analysis.nodes(of: .call)
            }
            return analysis.calls(named: hash)
        case .identifier: return analysis.nodes(named: node.nameHash)
        case .string: return analysis.nodes(of: .string) + analysis.joinedStrings
        case .integer, .float, .boolean: return analysis.nodes(of: node.kind)
        default:
            guard let hash = fixedName(root) else { return analysis.nodes(of: node.kind) }
            return analysis.nodes(named: hash).filter { analysis.tree[$0].kind == node.kind }
        }
    }

    private func fixedName(_ id: NodeID) -> UInt64? {
        let node = tree[id]
        guard self[id] == .none, nameMetavariable(id) == nil, node.nameHash != 0 else { return nil }
        return node.nameHash
    }
}

extension Pattern.Hole {
    var isEllipsis: Bool {
        if case .ellipsis = self { return true }
        return false
    }
}

extension CodeTree {
    /// A node and the siblings after it.
    func siblings(from node: NodeID) -> [NodeID] {
        var result: [NodeID] = []
        var next = node
        while next != Node.none {
            result.append(next)
            next = self[next].nextSibling
        }
        return result
    }
}
