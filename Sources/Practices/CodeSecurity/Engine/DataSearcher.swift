/// Finds keys of property lists and elements of XML.
struct DataSearcher {
    /// More places of one search in one file are not looked at: what follows about each may cost as much as the file is long.
    private static let maximumMatchCount = 1_000

    let analysis: FileAnalysis
    private var tree: CodeTree { analysis.tree }
    private var list: PropertyList { PropertyList(tree: tree) }

    /// Every place, in the order of the text.
    ///
    /// A place is the pair with its key and value; of a missing key, the dictionary's key.
    func matches(_ search: DataSearch) -> [PatternMatch] {
        switch search {
        case .property(let search):
            guard isMeant(search), let root = list.root else { return [] }
            return Array(matches(search, in: root).prefix(Self.maximumMatchCount))
        case .element(let search): return elements(search, in: 1..<NodeID(max(1, tree.count)))
        }
    }

    /// The places for which a condition holds.
    ///
    /// Each part of the file is searched once, however many places there are.
    func filter(_ places: [PatternMatch], _ condition: DataCondition) -> [PatternMatch] {
        switch condition {
        case .has(let search): return matches(.property(search)).isEmpty ? [] : places
        case .lacks(let search): return matches(.property(search)).isEmpty ? places : []
        case .around(let levels, let search):
            guard isMeant(search) else { return [] }
            var known: [NodeID: Bool] = [:]
            return places.filter { place in
                guard let outer = dictionary(around: place.node, levels: levels) else { return false }
                if let answer = known[outer] { return answer }
                let answer = !matches(search, in: outer).isEmpty
                known[outer] = answer
                return answer
            }
        case .lacksElement(let search):
            let elements = (1..<NodeID(max(1, tree.count))).filter { element(search, $0) != nil }
            return places.filter { place in
                let end = tree.subtreeEnd(place.node)
                let next = elements.partitioningIndex { $0 >= place.node }
                return next == elements.count || elements[next] >= end
            }
        }
    }

    private func dictionary(around node: NodeID, levels: Int) -> NodeID? {
        var left = levels
        for outer in tree.ancestors(node) where tree[outer].kind == .dictionary {
            if left == 0 { return outer }
            left -= 1
        }
        return nil
    }

    private func isMeant(_ search: PropertySearch) -> Bool {
        let name = tree.source.path.split(separator: "/").last.map(String.init) ?? ""
        if let named = search.named, !analysis.scanners.isMatch(named, name) { return false }
        if let notNamed = search.notNamed, analysis.scanners.isMatch(notNamed, name) { return false }
        return search.files.isEmpty || search.files.contains(list.fileKind)
    }

    private struct Place {
        /// The dictionary or array to look in.
        let container: NodeID
        /// The pair or element that holds it; nil at the root.
        let holder: PropertyList.Entry?
    }

    private func matches(_ search: PropertySearch, in root: NodeID) -> [PatternMatch] {
        guard let last = search.path.last else { return [] }
        var places = [Place(container: root, holder: nil)]
        for step in search.path.dropLast() {
            places = places.flatMap { place in
                list.entries(of: place.container).compactMap { entry in
                    guard isMeant(entry, step), let value = entry.value, isContainer(value) else { return nil }
                    return Place(container: value, holder: entry)
                }
            }
        }
        return places.flatMap { place -> [PatternMatch] in
            let entries = list.entries(of: place.container).filter { isMeant($0, last) }
            if case .missing = search.value { return entries.isEmpty ? [missing(last, in: place)] : [] }
            return entries.filter { holds(search.value, $0.value) }.map { match($0, in: place) }
        }
    }

    private func isContainer(_ node: NodeID) -> Bool { tree[node].kind == .dictionary || tree[node].kind == .array }

    private func isMeant(_ entry: PropertyList.Entry, _ step: KeyPattern) -> Bool {
        entry.key.map(step.matches) ?? (step.literals == nil)
    }

    private func holds(_ wanted: PropertySearch.Value, _ value: NodeID?) -> Bool {
        switch wanted {
        case .present: return true
        case .missing: return false
        case .boolean(let flag): return list.boolean(value) == flag
        case .expression(let expression, let negated):
            return list.text(value).map { analysis.scanners.matchesPrefix(expression, of: $0) != negated } ?? false
        case .countAbove(let count):
            return value.map { isContainer($0) && list.entries(of: $0).count > count } ?? false
        }
    }

    private func match(_ entry: PropertyList.Entry, in place: Place) -> PatternMatch {
        var bindings = Bindings()
        bindings["$KEY"] = .text(entry.key ?? place.holder?.key ?? "")
        bindings["$VALUE"] = .text(list.text(entry.value) ?? "")
        bindings["$PARENT"] = .text(place.holder?.key ?? "")
        return analysis.match(entry.node, bindings)
    }

    private func missing(_ step: KeyPattern, in place: Place) -> PatternMatch {
        var bindings = Bindings()
        bindings["$KEY"] = .text(step.literals?.first ?? "")
        bindings["$PARENT"] = .text(place.holder?.key ?? "")
        var match = analysis.match(place.holder?.node ?? place.container, bindings)
        if let pair = place.holder?.node, let key = tree.child(pair, .key) {
            match.end = tree[key].end
        } else {
            match.end = endOfTag(Int(match.start))
        }
        return match
    }

    /// The end of the tag or bracket at a byte.
    private func endOfTag(_ start: Int) -> UInt32 {
        let bytes = tree.source.bytes
        guard start < bytes.count, bytes[start] == UInt8(ascii: "<") else {
            return UInt32(clamping: min(start + 1, bytes.count))
        }
        let end = bytes[start...].prefix(64).firstIndex(of: UInt8(ascii: ">")) ?? start
        return UInt32(clamping: end + 1)
    }

    private func elements(_ search: ElementSearch, in range: Range<NodeID>) -> [PatternMatch] {
        Array(range.lazy.compactMap { element(search, $0) }.prefix(Self.maximumMatchCount))
    }

    private func element(_ search: ElementSearch, _ node: NodeID) -> PatternMatch? {
        guard tree[node].kind == .other, search.nameHashes.contains(tree[node].nameHash), let name = tree.name(node)
        else {
            return nil
        }
        var bindings = Bindings()
        bindings["$NAME"] = .text(name)
        if let attribute = search.attribute {
            guard
                let found = tree.children(node).first(where: {
                    tree[$0].kind == .attribute && tree.name($0) == attribute
                }),
                let value = tree.child(found, .value).flatMap(tree.name)
            else { return nil }
            if let expression = search.expression, !analysis.scanners.matchesPrefix(expression, of: value) {
                return nil
            }
            bindings["$VALUE"] = .text(value)
        }
        return analysis.match(node, bindings)
    }
}

extension Array {
    /// The index of the first element for which a predicate holds, when it holds for all after it too.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
