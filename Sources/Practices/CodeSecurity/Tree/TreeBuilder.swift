/// Builds a ``CodeTree`` in the order of the text: `open` a node, add its children, `close` it.
///
/// Depth is bounded: below ``maximumDepth`` nodes are still counted but become children of the deepest allowed node, so that no
/// later recursion over the tree can exhaust a stack; the tree then says that it is not whole.
package struct TreeBuilder {
    /// The deepest nesting a tree may have.
    package static let maximumDepth = 400

    private let source: SourceText
    private let language: Language
    private var nodes: [Node] = []
    private var names: [String] = []
    private var stringValues: [NodeID: String] = [:]
    private var open: [NodeID] = []
    private var lastChild: [NodeID] = []
    private var overflow = 0
    private var partialFrom: Int?

    package init(source: SourceText, language: Language) {
        self.source = source
        self.language = language
        nodes.reserveCapacity(source.bytes.count / 6 + 16)
        _ = self.open(.file, at: 0)
    }

    /// The number of nodes so far; the next node gets this number.
    package var nextID: NodeID { NodeID(nodes.count) }

    /// Opens a node that starts at a byte offset.
    @discardableResult
    package mutating func open(_ kind: NodeKind, at start: Int, role: NodeRole = .none, flags: NodeFlags = []) -> NodeID
    {
        let id = NodeID(nodes.count)
        let parent = open.last ?? Node.none
        nodes.append(
            Node(
                kind: kind, role: role, flags: flags, start: UInt32(clamping: start), end: UInt32(clamping: start),
                nameStart: 0, nameEnd: 0, nameHash: 0, parent: parent, firstChild: Node.none, nextSibling: Node.none))
        link(id, to: parent)
        if open.count < Self.maximumDepth {
            open.append(id)
            lastChild.append(Node.none)
        } else {
            overflow += 1
            markPartial(from: start)
        }
        return id
    }

    /// Closes the node opened last.
    package mutating func close(_ id: NodeID, at end: Int) {
        nodes[Int(id)].end = max(nodes[Int(id)].start, UInt32(clamping: end))
        if overflow > 0 {
            overflow -= 1
        } else if open.count > 1 || id == 0 {
            open.removeLast()
            lastChild.removeLast()
        }
    }

    /// Adds a node without children.
    @discardableResult
    package mutating func leaf(
        _ kind: NodeKind, _ range: Range<Int>, role: NodeRole = .none, flags: NodeFlags = []
    ) -> NodeID {
        let id = open(kind, at: range.lowerBound, role: role, flags: flags)
        close(id, at: range.upperBound)
        return id
    }

    /// Names a node by a byte range of the file.
    package mutating func setName(_ id: NodeID, _ range: Range<Int>) {
        let range = range.clamped(to: 0..<source.bytes.count)
        nodes[Int(id)].nameStart = UInt32(range.lowerBound)
        nodes[Int(id)].nameEnd = UInt32(range.upperBound)
        nodes[Int(id)].nameHash = source.bytes.withUnsafeBufferPointer { CodeTree.hash($0[range]) }
    }

    /// Names a node by a text that does not stand in the file in one piece, such as a selector.
    package mutating func setName(_ id: NodeID, _ name: String) {
        nodes[Int(id)].nameStart = Node.synthesized
        nodes[Int(id)].nameEnd = UInt32(names.count)
        nodes[Int(id)].nameHash = CodeTree.hash(name)
        names.append(name)
    }

    /// Gives a string literal the value that its escapes stand for.
    package mutating func setStringValue(_ id: NodeID, _ value: String) {
        stringValues[id] = value
        nodes[Int(id)].nameHash = CodeTree.hash(value)
    }

    /// Notes that what stands at a byte is not in the tree as it is written; the first such place is kept.
    package mutating func markPartial(from offset: Int) { partialFrom = min(partialFrom ?? offset, offset) }

    package mutating func insertFlags(_ id: NodeID, _ flags: NodeFlags) { nodes[Int(id)].flags.formUnion(flags) }
    package mutating func setRole(_ id: NodeID, _ role: NodeRole) { nodes[Int(id)].role = role }

    /// Closes what is open and returns the tree.
    package mutating func finish() -> CodeTree {
        nodes[0].end = UInt32(clamping: source.bytes.count)
        return CodeTree(
            source: source, language: language, nodes: nodes, names: names, stringValues: stringValues,
            partialFrom: partialFrom)
    }

    private mutating func link(_ id: NodeID, to parent: NodeID) {
        guard parent != Node.none else { return }
        let last = lastChild[lastChild.count - 1]
        if last == Node.none { nodes[Int(parent)].firstChild = id } else { nodes[Int(last)].nextSibling = id }
        lastChild[lastChild.count - 1] = id
    }
}
