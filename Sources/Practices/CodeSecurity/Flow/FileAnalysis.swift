/// One file ready for rules: its tree, with indexes that are built when a rule first asks.
///
/// Used by one thread at a time.
package final class FileAnalysis {
    package let tree: CodeTree
    /// What the questions about this file may cost together.
    package let budget = WorkBudget()
    /// What the worker knows of the rules' expressions.
    let scanners: ExpressionScanners
    let index: NodeIndex
    let scopes: Scopes
    let constants: Constants

    package init(tree: CodeTree, scanners: ExpressionScanners = ExpressionScanners()) {
        self.tree = tree
        self.scanners = scanners
        index = NodeIndex(tree: tree)
        scopes = Scopes(tree: tree, index: index, budget: budget)
        constants = Constants(tree: tree, index: index, scopes: scopes, budget: budget)
    }

    /// How many patterns ran out of their own steps in this file.
    package private(set) var leftPatternCount = 0

    /// Names of functions declared for a symbol of another name.
    var linkNames: [UInt64: UInt64] { index.linkNames }

    /// Notes that a pattern ran out of its own steps.
    func leftPattern() { leftPatternCount += 1 }

    /// The nodes of a kind, in the order of the text.
    package func nodes(of kind: NodeKind) -> [NodeID] { index.nodes(of: kind) }

    /// The nodes with a name, in the order of the text.
    package func nodes(named hash: UInt64) -> [NodeID] { index.nodes(named: hash) }

    /// The calls whose callee's last name has a hash; `Name.init(…)` counts as a call of `Name`.
    package func calls(named hash: UInt64) -> [NodeID] { index.calls(named: hash) }

    /// The outermost `+` over constant strings, in the order of the text: `"sk_" + "live"` is one string.
    private(set) lazy var joinedStrings: [NodeID] = nodes(of: .binary).filter { node in
        guard tree.name(node) == "+", constants.string(node) != nil else { return false }
        let parent = tree[node].parent
        return parent == Node.none || tree[parent].kind != .binary || constants.string(parent) == nil
    }

    func match(_ node: NodeID, _ bindings: Bindings) -> PatternMatch {
        PatternMatch(start: tree[node].start, end: tree[node].end, node: node, bindings: bindings)
    }
}
