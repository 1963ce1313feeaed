#if Scanner
    import SwiftParser
    import SwiftSyntax

    /// Reads Swift into a ``CodeTree`` through swift-syntax, which recovers from every error and loses no file.
    package enum SwiftFrontEnd {
        /// Parses a file.
        ///
        /// Never fails: what is not Swift leaves no nodes.
        package static func tree(of source: SourceText) -> CodeTree {
            let bounded = NestingBounds.bounded(source.bytes)
            let syntax = (bounded?.bytes ?? source.bytes).withUnsafeBufferPointer { Parser.parse(source: $0) }
            var converter = SwiftConverter(source: source)
            if let offset = bounded?.partialFrom ?? overflow(in: Syntax(syntax)) {
                converter.builder.markPartial(from: offset)
            }
            converter.convertChildren(of: Syntax(syntax))
            return converter.builder.finish()
        }

        /// Where the parser itself found the nesting too deep and read no further.
        private static func overflow(in file: Syntax) -> Int? {
            guard file.hasMaximumNestingLevelOverflow else { return nil }
            var node = file
            while let next = node.children(viewMode: .all).first(where: \.hasMaximumNestingLevelOverflow) {
                node = next
            }
            return node.position.utf8Offset
        }
    }

    /// Walks a syntax tree once and emits the small tree.
    struct SwiftConverter {
        var builder: TreeBuilder
        let source: SourceText
        private var depth = 0

        init(source: SourceText) {
            self.source = source
            builder = TreeBuilder(source: source, language: .swift)
        }

        /// Emits the node for a syntax node, or its children when the node means nothing of its own.
        ///
        /// Returns the emitted node, or nil when there was none or more than one.
        @discardableResult
        mutating func convert(_ node: Syntax, role: NodeRole = .none) -> NodeID? {
            guard depth < TreeBuilder.maximumDepth else {
                builder.markPartial(from: node.position.utf8Offset)
                return nil
            }
            depth += 1
            defer { depth -= 1 }
            if let id = convertExpression(node, role: role) { return id == Node.none ? nil : id }
            if let id = convertStatement(node, role: role) { return id == Node.none ? nil : id }
            if let id = convertDeclaration(node, role: role) { return id == Node.none ? nil : id }
            return convertChildren(of: node, role: role)
        }

        /// Emits the children; a role goes to the only one.
        @discardableResult
        mutating func convertChildren(of node: Syntax, role: NodeRole = .none) -> NodeID? {
            var emitted: NodeID?
            var count = 0
            for child in node.children(viewMode: .sourceAccurate) where !child.is(TokenSyntax.self) {
                if let id = convert(child, role: role) { emitted = id }
                count += 1
            }
            return count == 1 ? emitted : nil
        }

        /// Opens a node over a syntax node, lets `body` add its children, and closes it.
        mutating func emit(
            _ kind: NodeKind, _ node: Syntax, role: NodeRole, flags: NodeFlags = [], name: TokenSyntax? = nil,
            _ body: (inout SwiftConverter, NodeID) -> Void
        ) -> NodeID {
            let id = builder.open(kind, at: start(node), role: role, flags: flags)
            if let name { builder.setName(id, range(Syntax(name))) }
            body(&self, id)
            builder.close(id, at: end(node))
            return id
        }

        /// Emits a node whose children are the children of the syntax node.
        mutating func emitAll(_ kind: NodeKind, _ node: Syntax, role: NodeRole, name: TokenSyntax? = nil) -> NodeID {
            emit(kind, node, role: role, name: name) { converter, _ in converter.convertChildren(of: node) }
        }

        func start(_ node: Syntax) -> Int { node.positionAfterSkippingLeadingTrivia.utf8Offset }
        func end(_ node: Syntax) -> Int { node.endPositionBeforeTrailingTrivia.utf8Offset }
        func range(_ node: Syntax) -> Range<Int> {
            let start = start(node)
            return start..<max(start, end(node))
        }
    }
#endif
