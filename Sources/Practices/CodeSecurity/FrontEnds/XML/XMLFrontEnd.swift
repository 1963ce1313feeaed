/// Reads storyboards, xibs and other XML: an element is a node with its name, its attributes, its text and its elements.
///
/// An attribute is a node of kind `attribute` whose value is a string; text that is not blank is a string with the role `body`.
enum XMLFrontEnd {
    static func tree(of source: SourceText, language: Language = .xml) -> CodeTree {
        var reader = Reader(source: source, language: language)
        return reader.tree()
    }

    private struct Reader {
        private struct Frame {
            let node: NodeID
            let nameHash: UInt64
        }

        private var scanner: XMLScanner
        private var builder: TreeBuilder
        private var frames: [Frame] = []
        private var text = XMLText()

        init(source: SourceText, language: Language) {
            scanner = XMLScanner(source.bytes)
            builder = TreeBuilder(source: source, language: language)
        }

        mutating func tree() -> CodeTree {
            while let event = scanner.next() {
                switch event {
                case .text(let range): text.append(range, isVerbatim: false)
                case .verbatim(let range): text.append(range, isVerbatim: true)
                case .start(let tag):
                    flush()
                    start(tag)
                case .end(let name, let range):
                    flush()
                    end(name, range)
                }
            }
            flush()
            while let frame = frames.popLast() { builder.close(frame.node, at: scanner.bytes.count) }
            return builder.finish()
        }

        private mutating func start(_ tag: XMLScanner.StartTag) {
            let node = builder.open(.other, at: tag.range.lowerBound)
            builder.setName(node, tag.name)
            for attribute in tag.attributes {
                let outer = builder.open(.attribute, at: attribute.range.lowerBound)
                builder.setName(outer, attribute.name)
                let value = builder.leaf(.string, attribute.value, role: .value)
                builder.setName(value, attribute.value)
                if let text = XMLText.attribute(attribute.value, in: scanner.bytes) {
                    builder.setStringValue(value, text)
                }
                builder.close(outer, at: attribute.range.upperBound)
            }
            if tag.isEmpty {
                builder.close(node, at: tag.range.upperBound)
            } else {
                frames.append(Frame(node: node, nameHash: CodeTree.hash(scanner.bytes[tag.name])))
            }
        }

        /// Closes the element of that name and what was left open in it; an end without a beginning is passed over.
        private mutating func end(_ name: Range<Int>, _ range: Range<Int>) {
            let hash = CodeTree.hash(scanner.bytes[name])
            guard let offset = frames.suffix(TreeBuilder.maximumDepth).lastIndex(where: { $0.nameHash == hash }) else {
                return
            }
            while frames.count > offset + 1 { builder.close(frames.removeLast().node, at: range.lowerBound) }
            builder.close(frames.removeLast().node, at: range.upperBound)
        }

        private mutating func flush() {
            defer { text = XMLText() }
            guard let range = text.range, !scanner.bytes[range].allSatisfy(XMLScanner.isBlank) else { return }
            let found = text.text(in: scanner.bytes, otherwise: range.lowerBound)
            let node = builder.leaf(.string, range, role: .body)
            builder.setName(node, range)
            if let value = found.value { builder.setStringValue(node, value) }
        }
    }
}
