/// Notes which APIs of ``FactTopic`` a source file uses: for every topic the first use that demands, and the first that explains.
struct CodeFactPass: FilePass {
    /// A use that demands a declaration.
    static let use = "use"
    /// A use that explains one.
    static let hint = "hint"

    private struct Entry: Sendable {
        let topic: Int
        let symbol: FactTopic.Symbol
    }

    private let topics: [FactTopic]
    private let index: [UInt64: [Entry]]
    /// One bit for the low 16 bits of every hash: most names of a file are none of ours.
    private let filter: [UInt64]

    /// Nothing is asked about words: reading the names of a file costs no more than asking for hundreds of them.
    let words: [RequiredWord] = []

    init(topics: [FactTopic] = FactTopic.all) {
        self.topics = topics
        var index: [UInt64: [Entry]] = [:]
        var filter = [UInt64](repeating: 0, count: 1_024)
        for (number, topic) in topics.enumerated() {
            for symbol in topic.symbols {
                let hash = CodeTree.hash(symbol.name)
                index[hash, default: []].append(Entry(topic: number, symbol: symbol))
                filter[Int(hash & 0xFFFF) >> 6] |= 1 << (hash & 63)
            }
        }
        self.index = index
        self.filter = filter
    }

    func run(_ file: FileInput) -> FilePassResult {
        guard file.language == .swift || file.language == .objectiveC, file.context != .test else {
            return FilePassResult()
        }
        var facts: [Fact] = []
        var seen: Set<Int> = []
        file.source.bytes.withUnsafeBufferPointer { bytes in
            var words = CodeWords(bytes, language: file.language)
            while let word = words.next() {
                guard filter[Int(word.hash & 0xFFFF) >> 6] & 1 << (word.hash & 63) != 0 else { continue }
                for entry in index[word.hash] ?? [] {
                    let slot = entry.topic * 2 + (entry.symbol.isDemanding ? 1 : 0)
                    guard !seen.contains(slot), stands(entry.symbol.form, word.range, file.source.bytes),
                        !entry.symbol.isDemanding
                            || !ReleaseBranches.leaveOut(word.range.lowerBound, in: file.source)
                    else { continue }
                    seen.insert(slot)
                    facts.append(
                        Fact(
                            kind: entry.symbol.isDemanding ? Self.use : Self.hint, value: topics[entry.topic].id,
                            range: word.range,
                            source: file.source, context: file.context, detail: entry.symbol.name))
                }
            }
        }
        return FilePassResult(facts: facts)
    }

    private func stands(_ form: FactTopic.Form, _ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
        switch form {
        case .name: return true
        case .call:
            guard range.upperBound + 1 < bytes.count, bytes[range.upperBound] == UInt8(ascii: "("),
                bytes[range.upperBound + 1] != UInt8(ascii: ")")
            else { return false }
            // `file.stat(…)` and `func stat(…)` are others.
            let before = bytes[..<range.lowerBound].suffix(5)
            return before.last != UInt8(ascii: ".") && !before.elementsEqual("func ".utf8)
        case .key:
            return range.lowerBound >= 2 && range.upperBound < bytes.count
                && bytes[range.upperBound] == UInt8(ascii: "]")
                && bytes[range.lowerBound - 1] == UInt8(ascii: ".") && bytes[range.lowerBound - 2] == UInt8(ascii: "[")
        }
    }
}

extension Fact {
    /// A fact about a byte range of a file.
    init(
        kind: String, value: String, range: Range<Int>, source: SourceText, context: CodeContext, detail: String = ""
    ) {
        let start = source.position(at: range.lowerBound)
        self.init(
            kind: kind, value: value, path: source.path, start: start, end: source.position(at: range.upperBound),
            context: context,
            detail: detail, snippet: [source.shortLine(start.line)])
    }
}
