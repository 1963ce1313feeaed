/// Finds the places in one file where a formula holds.
struct FormulaEvaluator {
    let analysis: FileAnalysis
    private var tree: CodeTree { analysis.tree }

    /// Every place, each once, in the order of the text.
    func matches(_ formula: Formula) -> [PatternMatch] {
        switch formula {
        case .pattern(let source): (try? source.pattern(in: tree.language))?.matches(in: analysis) ?? []
        case .expression(let expression): expressionMatches(expression)
        case .any(let parts): unique(parts.flatMap { matches($0) })
        case .all(let parts): all(parts)
        case .only(let languages, let part): languages.contains(tree.language) ? matches(part) : []
        case .inside(let part): matches(part)
        case .data(let search): DataSearcher(analysis: analysis).matches(search)
        case .not, .notInside, .condition, .focus, .dataCondition: []
        }
    }

    private func all(_ parts: [Formula]) -> [PatternMatch] {
        let parts = parts.filter { part in
            guard case .only(let languages, _) = part else { return true }
            return languages.contains(tree.language)
        }
        guard parts.allSatisfy(analysis.mayHold) else { return [] }
        let positives = parts.filter(\.isPositive)
        var found: [PatternMatch]
        if let first = positives.first {
            found = matches(first)
            for part in positives.dropFirst() where !found.isEmpty { found = intersect(found, matches(part)) }
        } else if let index = parts.firstIndex(where: { if case .inside = $0 { true } else { false } }) {
            found = matches(parts[index])
        } else {
            return []
        }
        for part in parts where !part.isPositive && !found.isEmpty { found = filter(found, part) }
        return unique(found)
    }

    private func filter(_ found: [PatternMatch], _ part: Formula) -> [PatternMatch] {
        switch part {
        case .inside(let outer):
            let places = places(of: outer)
            return found.compactMap { inside($0, outer, places) }
        case .notInside(let outer):
            guard analysis.mayHold(outer) else { return found }
            let places = places(of: outer)
            return found.filter { inside($0, outer, places) == nil }
        case .not(let other):
            let others = matches(other)
            guard analysis.budget.spend(found.count * others.count) else { return [] }
            return found.filter { match in
                !others.contains { $0.start <= match.start && $0.end >= match.end && unified(match, $0) != nil }
            }
        case .condition(.formula(let name, let inner)):
            let places = matches(inner)
            guard analysis.budget.spend(found.count * places.count) else { return [] }
            return found.compactMap { nested(places, name, $0) }
        case .condition(let condition): return found.compactMap { holds(condition, $0) }
        case .focus(let names): return found.flatMap { focus($0, names) }
        case .dataCondition(let condition): return DataSearcher(analysis: analysis).filter(found, condition)
        case .only(let languages, let inner): return languages.contains(tree.language) ? filter(found, inner) : found
        case .pattern, .expression, .all, .any, .data: return found
        }
    }

    /// The match with what the code around it binds, when it stands inside a place where the formula holds.
    private func inside(_ match: PatternMatch, _ outer: Formula, _ places: [PatternMatch]) -> PatternMatch? {
        if case .pattern(let source) = outer {
            guard match.node != Node.none, let pattern = try? source.pattern(in: tree.language) else { return nil }
            return inside(match, pattern)
        }
        guard analysis.budget.spend(places.count) else { return nil }
        for place in places where place.start <= match.start && place.end >= match.end {
            if let bindings = unified(match, place) {
                var result = match
                result.bindings = bindings
                return result
            }
        }
        return nil
    }

    /// The places of a formula; none for a pattern alone, which is tried at the nodes around a match instead.
    private func places(of outer: Formula) -> [PatternMatch] {
        if case .pattern = outer { return [] }
        return matches(outer)
    }

    private func inside(_ match: PatternMatch, _ pattern: Pattern) -> PatternMatch? {
        var result = match
        var node = match.node
        while node != Node.none {
            let starts = pattern.roots.count == 1 ? [node] : Array(firstSiblings(of: node))
            for start in starts {
                if let place = pattern.match(at: start, in: analysis, bindings: match.bindings), place.end >= match.end
                {
                    result.bindings = place.bindings
                    return result
                }
            }
            node = tree[node].parent
        }
        return nil
    }

    /// A node and the siblings before it.
    private func firstSiblings(of node: NodeID) -> [NodeID] {
        let parent = tree[node].parent
        guard parent != Node.none else { return [node] }
        return tree.siblings(from: tree[parent].firstChild).filter { $0 <= node }
    }

    private func intersect(_ left: [PatternMatch], _ right: [PatternMatch]) -> [PatternMatch] {
        guard analysis.budget.spend(left.count * right.count) else { return [] }
        var result: [PatternMatch] = []
        for one in left {
            for other in right {
                let isInner = one.start >= other.start && one.end <= other.end
                let isOuter = other.start >= one.start && other.end <= one.end
                guard isInner || isOuter, let bindings = unified(one, other) else { continue }
                var match = isInner ? one : other
                match.bindings = bindings
                result.append(match)
            }
        }
        return unique(result)
    }

    /// The bindings of both, when names bound by both stand for the same code.
    func unified(_ left: PatternMatch, _ right: PatternMatch) -> Bindings? {
        var result = left.bindings
        for name in right.bindings.names {
            guard let value = right.bindings[name] else { continue }
            guard let known = result[name] else {
                result[name] = value
                continue
            }
            switch (known, value) {
            case (.node(let one), .node(let other)): guard tree.saysTheSame(one, other) else { return nil }
            case (.text(let text), .node(let node)), (.node(let node), .text(let text)):
                guard tree.spokenName(node) == text else { return nil }
            default: guard known == value else { return nil }
            }
        }
        return result
    }

    private func focus(_ match: PatternMatch, _ names: [String]) -> [PatternMatch] {
        names.compactMap { name in
            let node: NodeID? =
                switch match.bindings[name] {
                case .node(let node): node
                case .nodes(let nodes): nodes.first
                default: nil
                }
            guard let node else { return nil }
            var result = match
            result.node = node
            result.start = tree[node].start
            result.end = tree[node].end
            return result
        }
    }

    private func expressionMatches(_ expression: ExpressionSource) -> [PatternMatch] {
        analysis.scanners.matches(expression, in: tree.source.bytes).map { found in
            var bindings = Bindings()
            for (number, group) in found.groups.enumerated().dropFirst() {
                if let group { bindings["$\(number)"] = .text(tree.source.text(group)) }
            }
            return PatternMatch(
                start: UInt32(found.range.lowerBound), end: UInt32(found.range.upperBound),
                node: tree.innermost(at: found.range.lowerBound), bindings: bindings)
        }
    }

    private func unique(_ matches: [PatternMatch]) -> [PatternMatch] {
        var seen: Set<PatternMatch> = []
        return matches.filter { seen.insert($0).inserted }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }
}
