/// Which declaration a name in a file stands for, by nesting and order.
///
/// Types are not looked at.
package final class Scopes {
    private let tree: CodeTree
    private let index: NodeIndex
    private let budget: WorkBudget
    private lazy var reassigned: Set<NodeID> = findReassigned()
    private lazy var declarations: [UInt64: [Declaration]] = findDeclarations()
    private lazy var typeNames = findTypeNames()
    /// For each node what ``declaration(of:)`` answered, or ``unknown``.
    private var answers: [NodeID] = []
    private static let unknown: NodeID = -2

    /// A binding or parameter, with the node in which it can be named.
    private struct Declaration {
        let node: NodeID
        let scope: NodeID
        let isInType: Bool
    }

    init(tree: CodeTree, index: NodeIndex, budget: WorkBudget) {
        self.tree = tree
        self.index = index
        self.budget = budget
    }

    /// The binding or parameter that an identifier, or a member of `self` or of a type of this file, stands for.
    package func declaration(of use: NodeID) -> NodeID? {
        let node = tree[use]
        guard node.kind == .identifier || node.kind == .member, node.nameHash != 0 else { return nil }
        if answers.isEmpty { answers = Array(repeating: Self.unknown, count: tree.count) }
        let known = answers[Int(use)]
        if known != Self.unknown { return known == Node.none ? nil : known }
        let candidates = declarations[node.nameHash] ?? []
        guard budget.spend(candidates.count + 1) else { return nil }
        let found = node.kind == .member && !isOwnMember(use) ? nil : innermost(candidates, at: use)
        answers[Int(use)] = found ?? Node.none
        return found
    }

    /// Of declarations of one name that with the innermost scope; of several there the last.
    private func innermost(_ candidates: [Declaration], at use: NodeID) -> NodeID? {
        let isMember = tree[use].kind == .member
        var best: Declaration?
        for candidate in candidates where candidate.scope >= best?.scope ?? 0 {
            guard isMember ? candidate.isInType : isVisible(candidate, at: use) else { continue }
            best = candidate
        }
        return best?.node
    }

    /// Whether a binding keeps the value it was declared with.
    package func isConstant(_ binding: NodeID) -> Bool {
        tree[binding].kind == .binding
            && (tree[binding].flags.contains(.isLet) || !reassigned.contains(binding))
    }

    /// The function, closure or accessor around a node; the root when there is none.
    package func function(around node: NodeID) -> NodeID {
        for ancestor in tree.ancestors(node) {
            switch tree[ancestor].kind {
            case .functionDeclaration, .accessor: return ancestor
            default: continue
            }
        }
        return 0
    }

    private func isVisible(_ candidate: Declaration, at use: NodeID) -> Bool {
        let scope = candidate.scope
        guard use >= scope, tree[use].start >= tree[scope].start, tree[use].end <= tree[scope].end else { return false }
        return candidate.isInType || scope == 0 || candidate.node < use
    }

    private func findDeclarations() -> [UInt64: [Declaration]] {
        var result: [UInt64: [Declaration]] = [:]
        for position in tree.nodes.indices {
            let node = tree.nodes[position]
            guard node.kind == .binding || node.kind == .parameter, node.nameHash != 0,
                let scope = scope(of: NodeID(position))
            else { continue }
            result[node.nameHash, default: []].append(
                Declaration(node: NodeID(position), scope: scope, isInType: isTypeBody(scope)))
        }
        return result
    }

    /// The names of types that are declared or extended here.
    private func findTypeNames() -> Set<UInt64> {
        Set((index.nodes(of: .typeDeclaration) + index.nodes(of: .extensionDeclaration)).map { tree[$0].nameHash })
    }

    /// `self.name`, `Self.name`, or `Type.name` where the type is declared or extended in this file.
    private func isOwnMember(_ use: NodeID) -> Bool {
        guard let base = tree.child(use, .base), tree[base].kind == .identifier else { return false }
        return isOwnType(base)
    }

    /// Whether an identifier is `self`, `Self`, or a type that is declared or extended in this file.
    func isOwnType(_ base: NodeID) -> Bool {
        let name = tree[base].nameHash
        return name != 0 && (Self.ownNames.contains(name) || typeNames.contains(name))
    }

    private static let ownNames: Set<UInt64> = [CodeTree.hash("self"), CodeTree.hash("Self")]

    /// The node in which a declaration can be named.
    private func scope(of declaration: NodeID) -> NodeID? {
        let isConditional = tree[declaration].flags.contains(.isConditional)
        for ancestor in tree.ancestors(declaration) {
            switch tree[ancestor].kind {
            case .block, .closure, .functionDeclaration, .file, .loop, .switchCase, .accessor, .catchClause:
                return ancestor
            case .branch where isConditional: return ancestor
            default: continue
            }
        }
        return nil
    }

    private func isTypeBody(_ scope: NodeID) -> Bool {
        guard tree[scope].kind == .block else { return false }
        let parent = tree[scope].parent
        guard parent != Node.none else { return false }
        return tree[parent].kind == .typeDeclaration || tree[parent].kind == .extensionDeclaration
    }

    /// Bindings that something writes to after their declaration.
    private func findReassigned() -> Set<NodeID> {
        var result: Set<NodeID> = []
        for assignment in index.nodes(of: .assignment) {
            if let target = tree.child(assignment, .left).flatMap(root), let found = declaration(of: target) {
                result.insert(found)
            }
        }
        for prefix in index.nodes(of: .prefix) where tree.name(prefix) == "&" {
            if let target = tree.child(prefix, .value).flatMap(root), let found = declaration(of: target) {
                result.insert(found)
            }
        }
        for member in index.nodes(of: .member) where Self.mutating.contains(tree.name(member) ?? "") {
            if let base = tree.child(member, .base), let found = declaration(of: base) { result.insert(found) }
        }
        return result
    }

    /// The variable at the root of an assigned place: `a` of `a[0].b`.
    private func root(_ place: NodeID) -> NodeID? {
        var node = place
        while tree[node].kind == .subscripting, let base = tree.child(node, .base) { node = base }
        return node
    }

    private static let mutating: Set<String> = [
        "append", "insert", "remove", "removeAll", "removeFirst", "removeLast", "withUnsafeMutableBytes",
        "replaceSubrange",
        "withUnsafeMutableBufferPointer", "fill", "toggle", "popLast", "formUnion", "resetBytes",
    ]
}
