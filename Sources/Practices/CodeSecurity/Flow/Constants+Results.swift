extension Constants {
    /// What a name is bound to: its value, or what its getter always gives.
    func given(by declaration: NodeID) -> NodeID? {
        if let value = tree.child(declaration, .value) { return value }
        let getters = tree.children(declaration).filter { tree[$0].kind == .accessor }
        guard getters.count == 1, let getter = getters.first, let body = tree.child(getter, .body) else { return nil }
        return onlyResult(of: body)
    }

    /// What a call of a function of this file always gives, when that is all the function does.
    func result(of call: NodeID) -> NodeID? {
        guard budget.spend(), let callee = tree.child(call, .callee), isOwnFunction(callee),
            let found = functions[tree[callee].nameHash], found.count == 1, let function = found.first,
            let body = tree.child(function, .body)
        else { return nil }
        return onlyResult(of: body)
    }

    /// The value of a body that is nothing but a value, or a `return` of one.
    private func onlyResult(of body: NodeID) -> NodeID? {
        let first = tree[body].firstChild
        guard first != Node.none, tree[first].nextSibling == Node.none else { return nil }
        guard tree[first].kind == .returnStatement else { return first }
        let value = tree[first].firstChild
        return value == Node.none ? nil : value
    }

    /// Whether a callee is a function alone, one of `self`, or one of a type by its name.
    private func isOwnFunction(_ callee: NodeID) -> Bool {
        guard tree[callee].nameHash != 0 else { return false }
        guard let base = tree.child(callee, .base) else { return tree[callee].kind == .identifier }
        return tree[base].kind == .identifier && scopes.isOwnType(base)
    }
}
