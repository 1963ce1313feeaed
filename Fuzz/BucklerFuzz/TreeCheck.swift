#if Scanner
    import CodeSecurity

    /// What the analyser relies on in every tree.
    enum TreeCheck {
        /// What is wrong with a tree; nil when nothing is.
        static func complaint(about tree: CodeTree) -> String? {
            let count = tree.source.bytes.count
            guard tree.count > 0, tree[0].parent == Node.none else { return "no root" }
            var depths = [Int](repeating: 0, count: tree.count)
            for index in tree.nodes.indices {
                let id = NodeID(index)
                let node = tree[id]
                guard node.start <= node.end, Int(node.end) <= count else {
                    return "node \(id) lies outside of the file"
                }
                guard index == 0 || (0..<id).contains(node.parent) else { return "node \(id) stands before its parent" }
                guard node.firstChild == Node.none || node.firstChild == id + 1 else {
                    return "node \(id) is torn apart"
                }
                guard node.nextSibling == Node.none || node.nextSibling == tree.subtreeEnd(id), node.nextSibling != id
                else { return "node \(id) has a wrong sibling" }
                if index > 0 { depths[index] = depths[Int(node.parent)] + 1 }
                guard depths[index] <= TreeBuilder.maximumDepth else { return "node \(id) is too deep" }
                if node.nameHash != 0, tree.name(id) == nil { return "node \(id) lost its name" }
            }
            if let offset = tree.partialFrom, !(0...count).contains(offset) { return "read in part from nowhere" }
            return nil
        }
    }
#endif
