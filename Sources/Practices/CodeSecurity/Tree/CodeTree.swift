/// The index of a node in its tree; the root is 0.
package typealias NodeID = Int32

/// One node: a kind, a byte range, a name, and links to its parent, its first child and its next sibling.
package struct Node: Sendable {
    package var kind: NodeKind
    package var role: NodeRole
    package var flags: NodeFlags
    /// Byte offsets of the node, without the blanks and comments around it.
    package var start: UInt32
    package var end: UInt32
    /// The name's byte range; when `nameStart` is ``synthesized``, `nameEnd` is an index into the tree's own names.
    package var nameStart: UInt32
    package var nameEnd: UInt32
    /// FNV-1a of the name's bytes; 0 when the node has no name.
    package var nameHash: UInt64
    package var parent: NodeID
    package var firstChild: NodeID
    package var nextSibling: NodeID

    package static let synthesized = UInt32.max
    package static let none: NodeID = -1
}

/// One file in the small tree that all languages share.
///
/// Nodes stand in the order of the text: a parent before its children.
///
/// What is transparent to meaning is not in the tree: parentheses around one value, `try`, `await`, `!` and `?` after a value.
package final class CodeTree: Sendable {
    package let source: SourceText
    package let language: Language
    package let nodes: [Node]
    /// Where the first code stands that was too deep or too long to be read as it is written; nil when everything was read.
    package let partialFrom: Int?
    private let names: [String]
    /// Values of string literals that are not simply the bytes between the quotes.
    private let stringValues: [NodeID: String]

    init(
        source: SourceText, language: Language, nodes: [Node], names: [String], stringValues: [NodeID: String],
        partialFrom: Int? = nil
    ) {
        self.source = source
        self.language = language
        self.nodes = nodes
        self.names = names
        self.stringValues = stringValues
        self.partialFrom = partialFrom
    }

    /// The number of nodes.
    package var count: Int { nodes.count }

    package subscript(_ id: NodeID) -> Node {
        @inline(__always) get { nodes[Int(id)] }
    }

    /// The byte range of a node.
    package func range(_ id: NodeID) -> Range<Int> { Int(self[id].start)..<Int(self[id].end) }

    /// The text of a node as it is written.
    package func text(_ id: NodeID) -> String { source.text(range(id)) }

    /// The name of a node: an identifier, a member, a label, an operator, a selector; for a string literal its static value.
    package func name(_ id: NodeID) -> String? {
        if let value = stringValues[id] { return value }
        let node = self[id]
        if node.nameStart == Node.synthesized { return names[Int(node.nameEnd)] }
        guard node.nameHash != 0 else { return nil }
        return source.text(Int(node.nameStart)..<Int(node.nameEnd))
    }

    /// The children of a node, first to last.
    package func children(_ id: NodeID) -> NodeChildren { NodeChildren(tree: self, following: self[id].firstChild) }

    /// The first child with a role.
    package func child(_ id: NodeID, _ role: NodeRole) -> NodeID? {
        var next = self[id].firstChild
        while next != Node.none {
            if self[next].role == role { return next }
            next = self[next].nextSibling
        }
        return nil
    }

    /// The first child of a kind.
    package func child(_ id: NodeID, of kind: NodeKind) -> NodeID? {
        var next = self[id].firstChild
        while next != Node.none {
            if self[next].kind == kind { return next }
            next = self[next].nextSibling
        }
        return nil
    }

    /// The nodes around a node, the nearest first, the root last.
    package func ancestors(_ id: NodeID) -> NodeAncestors { NodeAncestors(tree: self, following: self[id].parent) }

    /// Whether a node stands in another or is it.
    package func contains(_ outer: NodeID, _ inner: NodeID) -> Bool {
        inner >= outer && self[inner].start >= self[outer].start && self[inner].end <= self[outer].end
            && (inner == outer || ancestors(inner).contains(outer))
    }

    /// One past the last node below a node: its subtree is `id..<subtreeEnd(id)`.
    package func subtreeEnd(_ id: NodeID) -> NodeID {
        var node = id
        while node != Node.none {
            let next = self[node].nextSibling
            if next != Node.none { return next }
            node = self[node].parent
        }
        return NodeID(nodes.count)
    }

    /// The innermost node around a byte.
    package func innermost(at offset: Int) -> NodeID {
        var node: NodeID = 0
        while true {
            var next = self[node].firstChild
            while next != Node.none, !(Int(self[next].start) <= offset && offset < Int(self[next].end)) {
                next = self[next].nextSibling
            }
            guard next != Node.none else { return node }
            node = next
        }
    }

    /// FNV-1a over bytes, never 0.
    package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash == 0 ? 1 : hash
    }

    /// FNV-1a over a text's UTF-8, never 0.
    package static func hash(_ text: String) -> UInt64 { hash(text.utf8) }
}

/// The children of a node, in the order of the text.
package struct NodeChildren: Sequence, IteratorProtocol {
    let tree: CodeTree
    var following: NodeID

    package mutating func next() -> NodeID? {
        guard following != Node.none else { return nil }
        defer { following = tree[following].nextSibling }
        return following
    }
}

/// The nodes around a node, from the inside out.
package struct NodeAncestors: Sequence, IteratorProtocol {
    let tree: CodeTree
    var following: NodeID

    package mutating func next() -> NodeID? {
        guard following != Node.none else { return nil }
        defer { following = tree[following].parent }
        return following
    }
}
