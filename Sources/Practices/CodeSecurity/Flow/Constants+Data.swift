extension Constants {
    /// Whether a value is known before the program runs.
    package func isKnown(_ id: NodeID, _ kind: ConstantKind) -> Bool {
        switch kind {
        case .string: string(id) != nil
        case .integer: integer(id) != nil
        case .bytes: isData(id)
        case .any: string(id) != nil || integer(id) != nil || isData(id)
        }
    }

    /// Whether an expression makes bytes out of literals alone: a byte array, a string's bytes, `Data(…)` over constants.
    package func isData(_ id: NodeID, depth: Int = 0) -> Bool {
        guard depth < 12, budget.spend() else { return false }
        let tree = tree
        switch tree[id].kind {
        case .string: return !tree[id].flags.contains(.isInterpolated)
        case .integer: return depth > 0
        case .array:
            let elements = Array(tree.children(id))
            return !elements.isEmpty && elements.allSatisfy { integer($0) != nil || string($0) != nil }
        case .binary:
            return tree.children(id).allSatisfy { isData($0, depth: depth + 1) }
        case .cast: return tree.child(id, .left).map { isData($0, depth: depth + 1) } ?? false
        case .identifier: return resolved(id, depth) || lender(id).map { isData($0, depth: depth + 1) } ?? false
        case .member:
            let name = tree.name(id) ?? ""
            if let base = tree.child(id, .base), Self.views.contains(name) || Self.isDecoder(name) {
                return isData(base, depth: depth + 1)
            }
            return resolved(id, depth)
        case .call: return isConversion(id, depth) || result(of: id).map { isData($0, depth: depth + 1) } ?? false
        default: return false
        }
    }

    private func resolved(_ id: NodeID, _ depth: Int) -> Bool {
        guard let declaration = scopes.declaration(of: id) else { return false }
        if tree[declaration].kind == .parameter { return isPassed(declaration, depth) }
        guard scopes.isConstant(declaration), let value = given(by: declaration) else { return false }
        return isData(value, depth: depth + 1)
    }

    /// What a closure's only parameter points into: `text` for `pointer` in `text.withCString { pointer in … }`.
    private func lender(_ id: NodeID) -> NodeID? {
        let closure: NodeID?
        if tree.name(id) == "$0" {
            closure = tree.ancestors(id).first { tree[$0].kind == .closure }
        } else if let parameter = scopes.declaration(of: id), tree[parameter].kind == .parameter {
            closure = tree.ancestors(parameter).first { tree[$0].kind == .closure }
        } else {
            closure = nil
        }
        guard let closure, tree.children(closure).filter({ tree[$0].kind == .parameter }).count < 2 else { return nil }
        let argument = tree[closure].parent
        guard argument != Node.none, tree[argument].kind == .argument, tree[tree[argument].parent].kind == .call,
            let callee = tree.child(tree[argument].parent, .callee), Self.lenders.contains(tree.name(callee) ?? "")
        else { return nil }
        return tree.child(callee, .base)
    }

    /// A call that only changes the form of constants.
    private func isConversion(_ id: NodeID, _ depth: Int) -> Bool {
        guard let callee = tree.child(id, .callee) else { return false }
        let name = tree.name(callee) ?? ""
        let arguments = tree.children(id).filter { tree[$0].kind == .argument && tree[$0].firstChild != Node.none }
        if Self.makers.contains(name) || tree[callee].kind == .array {
            return !arguments.isEmpty
                && arguments.allSatisfy {
                    Self.settings.contains(tree.name($0) ?? "") || isData(tree[$0].firstChild, depth: depth + 1)
                }
        }
        let first = arguments.first.map { tree[$0].firstChild }
        if tree[callee].kind == .identifier, arguments.count == 1, let argument = arguments.first, let first {
            let isLabelled = Self.isDecoder(tree.name(argument) ?? "")
            if isLabelled || Self.isHexadecimal(string(first) ?? "") { return isData(first, depth: depth + 1) }
        }
        if Self.selectors.contains(name) { return first.map { isData($0, depth: depth + 1) } ?? false }
        if Self.isDecoder(name), let first { return isData(first, depth: depth + 1) }
        guard Self.methods.contains(name) || Self.isDecoder(name), let base = tree.child(callee, .base) else {
            return false
        }
        return isData(base, depth: depth + 1)
    }

    /// A function or property that reads hexadecimal digits or Base64.
    private static func isDecoder(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("hex") || name.contains("base64")
    }

    /// Whether a text is nothing but at least eight bytes in hexadecimal.
    private static func isHexadecimal(_ text: String) -> Bool {
        text.utf8.count >= 16 && text.utf8.count % 2 == 0 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    /// The type of a value by its declaration or by how it is made; nil when it cannot be seen.
    package func typeName(_ id: NodeID, depth: Int = 0) -> String? {
        guard depth < 6 else { return nil }
        switch tree[id].kind {
        case .string: return "String"
        case .integer: return "Int"
        case .boolean: return "Bool"
        case .call:
            guard let callee = tree.child(id, .callee) else { return nil }
            if tree[callee].kind == .member, tree.name(callee) == "init", let base = tree.child(callee, .base) {
                return tree.name(base)
            }
            guard let name = tree.name(callee), name.first?.isUppercase == true else { return nil }
            return name
        case .cast: return tree.child(id, .right).flatMap { tree.name($0) }
        case .identifier, .member:
            guard let declaration = scopes.declaration(of: id) else { return nil }
            if let type = tree.child(declaration, .type), let name = tree.name(type) {
                return name.trimmingOptionalMark
            }
            return tree.child(declaration, .value).flatMap { typeName($0, depth: depth + 1) }
        default: return nil
        }
    }

    private static let views: Set<String> = ["utf8", "bytes", "utf8CString", "data", "unicodeScalars", "baseAddress"]
    private static let makers: Set<String> = [
        "Data", "Array", "NSData", "ContiguousArray", "String", "NSString", "UInt8", "ArraySlice", "HexString",
    ]
    private static let methods: Set<String> = [
        "data", "utf8String", "cString", "dataUsingEncoding:", "UTF8String", "map", "reversed", "bytes",
        "dataUsingEncoding",
        "cStringUsingEncoding:", "bindMemory", "assumingMemoryBound", "prefix", "suffix", "uppercased", "lowercased",
        "dataUsingEncoding:allowLossyConversion:",
    ]
    private static let selectors: Set<String> = [
        "dataWithBytes:length:", "initWithBytes:length:", "stringWithString:", "initWithString:",
        "stringWithUTF8String:",
        "initWithUTF8String:", "dataWithBytesNoCopy:length:", "stringWithCString:encoding:", "initWithData:",
        "dataWithData:",
    ]
    /// Labels of arguments that say how to read, not what.
    private static let settings: Set<String> = ["options", "encoding", "using", "length", "count"]
    private static let lenders: Set<String> = ["withCString", "withUnsafeBytes", "withUnsafeBufferPointer", "withUTF8"]
}

extension String {
    /// Without a `?` or `!` at the end.
    var trimmingOptionalMark: String {
        last == "?" || last == "!" ? String(dropLast()) : self
    }
}
