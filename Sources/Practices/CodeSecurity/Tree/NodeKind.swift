/// What a node of a ``CodeTree`` is: the concepts that the languages share, so that a rule about one of them is written once.
package enum NodeKind: UInt8, Sendable {
    case file, importation, typeDeclaration, extensionDeclaration, functionDeclaration, accessor, parameter, binding
    case enumCase, typeName, attribute
    case block, closure, branch, guardStatement, switchStatement, switchCase, loop, doStatement, catchClause
    case returnStatement, throwStatement, deferStatement, conditionalCompilation
    case call, argument, member, subscripting, identifier
    case string, integer, float, boolean, nilLiteral, array, dictionary, pair, tuple
    case assignment, binary, prefix, cast, ternary, keyPath, macro
    case other
}

/// What a node is to its parent.
package enum NodeRole: UInt8, Sendable {
    case none, callee, base, value, type, body, left, right, condition, key, elseBody, interpolation, inherited
}

/// Facts about a declaration or a literal that rules ask for.
package struct NodeFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let isLet = NodeFlags(rawValue: 1 << 0)
    package static let isStatic = NodeFlags(rawValue: 1 << 1)
    package static let isWeak = NodeFlags(rawValue: 1 << 2)
    package static let isUnowned = NodeFlags(rawValue: 1 << 3)
    package static let isInterpolated = NodeFlags(rawValue: 1 << 4)
    /// A closure written after the call's parentheses.
    package static let isTrailing = NodeFlags(rawValue: 1 << 5)
    /// A member access without a base: `.none`.
    package static let isImplicit = NodeFlags(rawValue: 1 << 6)
    /// A value unwrapped by `!`, or a `try!`.
    package static let isForced = NodeFlags(rawValue: 1 << 7)
    /// A binding of `if let`, `guard let` or a pattern.
    package static let isConditional = NodeFlags(rawValue: 1 << 8)
    package static let isProtocol = NodeFlags(rawValue: 1 << 9)
    package static let isClass = NodeFlags(rawValue: 1 << 10)
    /// An Objective-C message, or a declaration of an Objective-C method.
    package static let isMessage = NodeFlags(rawValue: 1 << 11)
    /// A `private` or `fileprivate` declaration.
    package static let isPrivate = NodeFlags(rawValue: 1 << 12)
    /// An optional chain stood on this value.
    package static let isOptionalChain = NodeFlags(rawValue: 1 << 13)
}
