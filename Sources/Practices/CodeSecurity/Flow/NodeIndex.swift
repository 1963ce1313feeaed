/// The nodes of one file by kind, by name and by callee; each index is built when first asked for.
///
/// Used by one thread at a time.
package final class NodeIndex {
    private let tree: CodeTree
    private var byKind: [NodeKind: [NodeID]] = [:]
    private lazy var byName = namedNodes()
    private lazy var byCallee = callsByCallee()
    /// Names of functions declared for a symbol of another name, as with `@_silgen_name("rand")`, and the hash of that symbol.
    private(set) lazy var linkNames: [UInt64: UInt64] = findLinkNames()

    private lazy var symbols = Set(linkNames.values)

    init(tree: CodeTree) { self.tree = tree }

    /// The nodes of a kind, in the order of the text.
    func nodes(of kind: NodeKind) -> [NodeID] {
        if let known = byKind[kind] { return known }
        var result: [NodeID] = []
        for index in tree.nodes.indices where tree.nodes[index].kind == kind { result.append(NodeID(index)) }
        byKind[kind] = result
        return result
    }

    /// The nodes with a name, in the order of the text.
    func nodes(named hash: UInt64) -> [NodeID] { byName[hash] ?? [] }

    /// Whether a node has a name, or stands for a symbol of that name.
    func hasName(_ hash: UInt64) -> Bool { byName[hash] != nil || symbols.contains(hash) }

    /// The calls whose callee's last name has a hash; `Name.init(…)` counts as a call of `Name`.
    func calls(named hash: UInt64) -> [NodeID] { byCallee[hash] ?? [] }

    private func namedNodes() -> [UInt64: [NodeID]] {
        var index: [UInt64: [NodeID]] = [:]
        for position in tree.nodes.indices {
            let hash = tree.nodes[position].nameHash
            if hash != 0 { index[hash, default: []].append(NodeID(position)) }
        }
        return index
    }

    private func callsByCallee() -> [UInt64: [NodeID]] {
        var index: [UInt64: [NodeID]] = [:]
        let initHash = CodeTree.hash("init")
        for call in nodes(of: .call) {
            guard let callee = tree.child(call, .callee) else { continue }
            index[tree[callee].nameHash, default: []].append(call)
            if let symbol = linkNames[tree[callee].nameHash] { index[symbol, default: []].append(call) }
            if tree[callee].nameHash == initHash, let base = tree.child(callee, .base) {
                index[tree[base].nameHash, default: []].append(call)
            }
        }
        return index
    }

    private func findLinkNames() -> [UInt64: UInt64] {
        var result: [UInt64: UInt64] = [:]
        for attribute in nodes(of: .attribute) where tree.name(attribute) == "_silgen_name" {
            let parent = tree[attribute].parent
            guard parent != Node.none, tree[parent].kind == .functionDeclaration,
                let symbol = tree.text(attribute).split(separator: "\"").dropFirst().first
            else { continue }
            result[tree[parent].nameHash] = CodeTree.hash(String(symbol))
        }
        return result
    }
}
