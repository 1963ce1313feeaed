/// What a metavariable stands for in one match.
package enum Binding: Hashable, Sendable {
    case node(NodeID)
    case nodes([NodeID])
    /// A name that is no node of its own: a member, a declared name, the content of a string.
    case text(String)
}

/// The metavariables of one match.
package struct Bindings: Hashable, Sendable {
    private var entries: [(name: String, value: Binding)] = []

    package init() {}

    package subscript(_ name: String) -> Binding? {
        get { entries.first { $0.name == name }?.value }
        set {
            entries.removeAll { $0.name == name }
            if let newValue { entries.append((name, newValue)) }
        }
    }

    /// The number of names bound.
    var count: Int { entries.count }

    /// Forgets the names bound last, until as many are left.
    mutating func rewind(to count: Int) {
        if entries.count > count { entries.removeLast(entries.count - count) }
    }

    /// Binds a name that is not bound.
    mutating func append(_ name: String, _ value: Binding) { entries.append((name, value)) }

    package var names: [String] { entries.map(\.name) }

    package static func == (left: Bindings, right: Bindings) -> Bool {
        left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        for entry in entries {
            hasher.combine(entry.name)
            hasher.combine(entry.value)
        }
    }
}

/// A place where a pattern holds, with what its metavariables stand for.
package struct PatternMatch: Hashable, Sendable {
    /// Byte range of the code.
    package var start: UInt32
    package var end: UInt32
    /// The node, or the first of several statements.
    package var node: NodeID
    package var bindings: Bindings
}
