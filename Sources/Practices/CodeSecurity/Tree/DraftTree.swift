/// A tree that is put together in any order and then written out parent before child.
///
/// Parsers that learn what a thing is only after its first part (`a = b`) build this first.
struct DraftTree {
    struct Draft {
        var kind: NodeKind
        var role: NodeRole = .none
        var flags: NodeFlags = []
        var range: Range<Int>
        var name: Name = .none
        var value: String?
        var children: [Int] = []
    }

    enum Name {
        case none
        case at(Range<Int>)
        case text(String)
    }

    private(set) var drafts: [Draft] = []

    /// Adds a node and returns its number.
    mutating func add(
        _ kind: NodeKind, _ range: Range<Int>, name: Name = .none, flags: NodeFlags = [], children: [Int] = []
    ) -> Int {
        drafts.append(Draft(kind: kind, flags: flags, range: range, name: name, children: children))
        return drafts.count - 1
    }

    mutating func setRole(_ id: Int, _ role: NodeRole) { drafts[id].role = role }
    mutating func setValue(_ id: Int, _ value: String) { drafts[id].value = value }
    mutating func insertFlags(_ id: Int, _ flags: NodeFlags) { drafts[id].flags.formUnion(flags) }
    mutating func append(_ child: Int, to id: Int) { drafts[id].children.append(child) }
    mutating func setEnd(_ id: Int, _ end: Int) {
        drafts[id].range = drafts[id].range.lowerBound..<max(end, drafts[id].range.lowerBound)
    }

    /// Writes a node and what stands below it.
    func write(_ id: Int, to builder: inout TreeBuilder, depth: Int = 0) {
        let draft = drafts[id]
        guard depth <= TreeBuilder.maximumDepth else { return builder.markPartial(from: draft.range.lowerBound) }
        let node = builder.open(draft.kind, at: draft.range.lowerBound, role: draft.role, flags: draft.flags)
        switch draft.name {
        case .none: break
        case .at(let range): builder.setName(node, range)
        case .text(let text): builder.setName(node, text)
        }
        if let value = draft.value { builder.setStringValue(node, value) }
        for child in draft.children { write(child, to: &builder, depth: depth + 1) }
        builder.close(node, at: draft.range.upperBound)
    }
}
