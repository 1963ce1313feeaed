extension Constants {
    /// The most calls of one function that are looked at.
    private static let callLimit = 16

    /// Whether a parameter gets bytes known before the program runs: by its default, or from every call in this file.
    func isPassed(_ parameter: NodeID, _ depth: Int) -> Bool {
        if let value = tree.child(parameter, .value), isData(value, depth: depth + 1) { return true }
        let values = valuesPassed(to: parameter)
        return !values.isEmpty && values.allSatisfy { isData($0, depth: depth + 1) }
    }

    /// The largest number that the calls in this file pass for a parameter, when all of them are known.
    func integerPassed(_ id: NodeID, depth: Int) -> Int? {
        guard depth < 4, tree[id].kind == .identifier, let parameter = scopes.declaration(of: id),
            tree[parameter].kind == .parameter
        else { return nil }
        var largest: Int?
        for value in valuesPassed(to: parameter) {
            guard let number = integer(value, depth: depth + 1) else { return nil }
            largest = max(largest ?? number, number)
        }
        return largest
    }

    /// What the calls of the function in this file pass for a parameter; none when a call cannot be matched with it.
    private func valuesPassed(to parameter: NodeID) -> [NodeID] {
        let function = tree[parameter].parent
        guard function != Node.none, tree[function].kind == .functionDeclaration else { return [] }
        let parameters = tree.children(function).filter { tree[$0].kind == .parameter }
        let calls = index.calls(named: tree[function].nameHash).filter(isOwnCall)
        guard let index = parameters.firstIndex(of: parameter), calls.count <= Self.callLimit else { return [] }
        var values: [NodeID] = []
        for call in calls {
            let arguments = tree.children(call).filter { tree[$0].kind == .argument }
            guard arguments.count == parameters.count, let value = tree.child(arguments[index], .value) else {
                return []
            }
            values.append(value)
        }
        return values
    }

    /// Whether a call names a function alone, or on `self`.
    private func isOwnCall(_ call: NodeID) -> Bool {
        guard let callee = tree.child(call, .callee) else { return false }
        guard let base = tree.child(callee, .base) else { return tree[callee].kind == .identifier }
        return tree[base].kind == .identifier && ["self", "Self"].contains(tree.name(base) ?? "")
    }
}
