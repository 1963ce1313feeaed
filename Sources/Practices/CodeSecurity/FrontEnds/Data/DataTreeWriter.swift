/// Writes dictionaries, arrays and plain values into a ``CodeTree``: what property lists, JSON and build settings have in common.
///
/// A dictionary holds pairs; a pair carries its key's text as its name, has the key as a string with the role `key` and the value
/// with the role `value`. What is left open is closed at the end; a key without a value stays a pair without one.
struct DataTreeWriter {
    private struct Frame {
        let node: NodeID
        let isDictionary: Bool
        /// What ends it: a byte, or anything else that tells one kind of end from another.
        let closer: UInt8
        var pair: NodeID?
        var keyEnd = 0
    }

    private var builder: TreeBuilder
    private var frames: [Frame] = []
    private let byteCount: Int

    init(source: SourceText, language: Language) {
        builder = TreeBuilder(source: source, language: language)
        byteCount = source.bytes.count
    }

    /// How many dictionaries and arrays are open.
    var depth: Int { frames.count }
    /// Whether the innermost open container is a dictionary.
    var isInDictionary: Bool { frames.last?.isDictionary ?? false }
    /// Whether a key waits for its value.
    var hasKey: Bool { frames.last?.pair != nil }

    /// A text of the file: where it stands without its quotes or tags, and its value when escapes make that another one.
    struct Text {
        let range: Range<Int>
        let value: String?
    }

    /// Opens a dictionary or an array that ``close(_:at:after:)`` ends with the same closer.
    mutating func open(_ kind: NodeKind, at start: Int, closer: UInt8 = 0) {
        let node = builder.open(kind, at: start, role: hasKey ? .value : .none)
        frames.append(Frame(node: node, isDictionary: kind == .dictionary, closer: closer))
    }

    /// Closes the innermost container that the closer ends, and what was left open in it; a closer of nothing is passed over.
    ///
    /// - Parameters:
    ///   - closer: What was found.
    ///   - start: Where it begins; what was left open ends there.
    ///   - end: Where it ends.
    mutating func close(_ closer: UInt8, at start: Int, after end: Int) {
        guard let index = frames.suffix(TreeBuilder.maximumDepth).lastIndex(where: { $0.closer == closer }) else {
            return
        }
        while frames.count > index + 1 { close(at: start) }
        close(at: end)
    }

    /// Closes the innermost container.
    mutating func close(at end: Int) {
        guard !frames.isEmpty else { return }
        closePair(at: frames[frames.count - 1].keyEnd)
        builder.close(frames.removeLast().node, at: end)
        closePair(at: end)
    }

    /// Begins a pair with its key; outside dictionaries a key is only a string.
    mutating func key(_ range: Range<Int>, _ text: Text) {
        guard isInDictionary else { return scalar(.string, range, text) }
        closePair(at: frames[frames.count - 1].keyEnd)
        let pair = builder.open(.pair, at: range.lowerBound)
        name(pair, text)
        string(builder.leaf(.string, range, role: .key), text)
        frames[frames.count - 1].pair = pair
        frames[frames.count - 1].keyEnd = range.upperBound
    }

    /// Adds a plain value.
    mutating func scalar(_ kind: NodeKind, _ range: Range<Int>, _ text: Text) {
        let node = builder.leaf(kind, range, role: hasKey ? .value : .none)
        string(node, text)
        closePair(at: range.upperBound)
    }

    /// Closes what is open and returns the tree.
    mutating func finish() -> CodeTree {
        while !frames.isEmpty { close(at: byteCount) }
        return builder.finish()
    }

    private mutating func closePair(at end: Int) {
        guard let pair = frames.last?.pair else { return }
        builder.close(pair, at: end)
        frames[frames.count - 1].pair = nil
    }

    private mutating func name(_ node: NodeID, _ text: Text) {
        if let value = text.value { builder.setName(node, value) } else { builder.setName(node, text.range) }
    }

    private mutating func string(_ node: NodeID, _ text: Text) {
        builder.setName(node, text.range)
        if let value = text.value { builder.setStringValue(node, value) }
    }
}
