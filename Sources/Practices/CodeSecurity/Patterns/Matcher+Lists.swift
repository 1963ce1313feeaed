extension Matcher {
    func childIDs(_ tree: CodeTree, _ id: NodeID) -> [NodeID] {
        var result: [NodeID] = []
        var next = tree[id].firstChild
        while next != Node.none {
            result.append(next)
            next = tree[next].nextSibling
        }
        return result
    }

    func arguments(_ tree: CodeTree, _ id: NodeID) -> [NodeID] {
        var result: [NodeID] = []
        var next = tree[id].firstChild
        while next != Node.none {
            if tree[next].kind == .argument { result.append(next) }
            next = tree[next].nextSibling
        }
        return result
    }

    /// Whether a list holds, an ellipsis standing for any number of elements.
    mutating func list(_ wanted: [NodeID], _ found: [NodeID]) -> Bool {
        list(wanted[...], found[...])
    }

    mutating func list(_ wanted: ArraySlice<NodeID>, _ found: ArraySlice<NodeID>) -> Bool {
        guard let first = wanted.first else { return found.isEmpty }
        if case .ellipsis(let name) = pattern[first] {
            if wanted.count == 1 { return bind(name, .nodes(Array(found))) }
            for split in found.startIndex...found.endIndex {
                let count = bindings.count
                if bind(name, .nodes(Array(found[..<split]))), list(wanted.dropFirst(), found[split...]),
                    isWanted(first)
                {
                    return true
                }
                bindings.rewind(to: count)
            }
            return false
        }
        guard let head = found.first, matches(first, head) else { return false }
        return list(wanted.dropFirst(), found.dropFirst())
    }

    /// Whether every wanted entry of a dictionary is among those found, in any order.
    mutating func entries(_ wanted: ArraySlice<NodeID>, _ found: [NodeID]) -> Bool {
        guard let first = wanted.first else { return true }
        for index in found.indices {
            let count = bindings.count
            var rest = found
            rest.remove(at: index)
            if matches(first, found[index]), entries(wanted.dropFirst(), rest) { return true }
            bindings.rewind(to: count)
        }
        return false
    }

    /// Whether statements follow one another from a place in a list; returns how many of the list they take.
    mutating func prefix(_ wanted: ArraySlice<NodeID>, _ found: ArraySlice<NodeID>) -> Int? {
        guard let first = wanted.first else { return 0 }
        if case .ellipsis(let name) = pattern[first] {
            if wanted.count == 1 { return bind(name, .nodes(Array(found))) ? found.count : nil }
            for split in found.startIndex...found.endIndex {
                let count = bindings.count
                if bind(name, .nodes(Array(found[..<split]))), let rest = prefix(wanted.dropFirst(), found[split...]) {
                    return split - found.startIndex + rest
                }
                bindings.rewind(to: count)
            }
            return nil
        }
        guard let head = found.first, matches(first, head) else { return nil }
        guard let rest = prefix(wanted.dropFirst(), found.dropFirst()) else { return nil }
        return rest + 1
    }
}

extension CodeTree {
    /// The name of a node; of `value as Type` the name of the value, of `Type?` that of the type.
    func spokenName(_ id: NodeID) -> String? {
        if self[id].kind == .typeName { return name(id)?.trimmingOptionalMark }
        guard self[id].kind == .cast, let value = child(id, .left) else { return name(id) }
        return name(value)
    }

    /// Whether two nodes stand for the same: equal code, or a declared name, a type or an optional of it, and its use.
    func saysTheSame(_ left: NodeID, _ right: NodeID) -> Bool {
        if isSameCode(left, right) { return true }
        let kinds = [self[left].kind, self[right].kind]
        guard kinds.contains(where: Self.naming.contains),
            kinds.allSatisfy({ Self.naming.contains($0) || $0 == .identifier }), let name = spokenName(left)
        else { return false }
        return name == spokenName(right)
    }

    private static let naming: Set<NodeKind> = [.parameter, .binding, .typeName]

    /// The label of a Swift parameter: `open` of `open url: URL`, `url` of `url: URL`, `_` of `_ url: URL`.
    func label(of parameter: NodeID) -> String? { words(before: parameter).first }

    /// The label that a pattern writes apart from the name.
    func writtenLabel(of parameter: NodeID) -> String? {
        let words = words(before: parameter)
        return words.count == 2 ? words.first : nil
    }

    /// The last two words before a parameter's colon.
    private func words(before parameter: NodeID) -> [String] {
        guard language == .swift else { return [] }
        let head = text(parameter).prefix(512).prefix { $0 != ":" }
        return head.split(whereSeparator: \.isWhitespace).suffix(2).map(String.init)
    }

    /// Whether two nodes say the same, blanks and comments aside.
    func isSameCode(_ left: NodeID, _ right: NodeID) -> Bool {
        if left == right { return true }
        let one = self[left]
        let other = self[right]
        guard one.kind == other.kind, one.nameHash == other.nameHash else { return false }
        var first = one.firstChild
        var second = other.firstChild
        while first != Node.none, second != Node.none {
            guard isSameCode(first, second) else { return false }
            first = self[first].nextSibling
            second = self[second].nextSibling
        }
        return first == second
    }
}
