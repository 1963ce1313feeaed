/// Finds which of many keywords occur in a text, in one pass (Aho and Corasick, CACM 18:6, 1975).
///
/// Immutable, so it may be used from several threads. With any keyword that ignores ASCII case the automaton runs over
/// folded bytes, and a hit of a keyword that does not is compared with the text once more.
package struct KeywordAutomaton: Sendable {
    /// A keyword: its bytes and whether ASCII case matters.
    package typealias Keyword = (bytes: [UInt8], caseInsensitive: Bool)

    /// The number of keywords.
    package let keywordCount: Int

    private let table: Table
    private let filter: KeywordFilter?
    /// The class of each byte, letters folded if any keyword ignores case.
    private let classes: [UInt8]
    /// A row holds 2 to the power of `shift` states.
    private let shift: Int
    /// States from here on complete a keyword.
    private let firstHit: Int
    /// For each state from `firstHit` on, the keywords it completes.
    private let hits: [Hit]
    /// The empty keywords, which are present in every text and occur nowhere.
    private let empties: [Int]

    /// Transitions in the narrowest integers that hold every state.
    private enum Table {
        case narrow([UInt16])
        case wide([UInt32])
    }

    /// The keywords that end in a state.
    private struct Hit {
        /// The keywords spelt by the whole path to the state.
        var keywords: [Exact] = []
        /// The state from `firstHit` on that spells the longest proper suffix that is a keyword; −1 if none.
        var shorter: Int
    }

    /// A keyword and, if the automaton cannot tell it from its other spellings, what it must look like.
    private struct Exact {
        let index: Int
        let spelling: [UInt8]?
    }

    /// Builds the automaton; time and memory are proportional to the total length of the keywords.
    package init(_ keywords: [Keyword]) {
        let isFolding = keywords.contains { $0.caseInsensitive }
        let trie = KeywordTrie(keywords.map { $0.bytes }, isFolding: isFolding)
        let order = trie.breadthFirstOrder()
        let links = trie.links(in: order)
        // Renumber: states without hits first, both parts breadth first, so that the busy rows lie together.
        let isHit = order.map { !trie.keywords[$0].isEmpty || links.shorter[$0] >= 0 }
        let quiet = zip(order, isHit).filter { !$0.1 }.map(\.0)
        let loud = zip(order, isHit).filter(\.1).map(\.0)
        var number = [Int](repeating: 0, count: order.count)
        for (new, old) in (quiet + loud).enumerated() { number[old] = new }

        keywordCount = keywords.count
        empties = keywords.indices.filter { keywords[$0].bytes.isEmpty }
        classes = trie.classes
        shift = trie.shift
        firstHit = quiet.count
        hits = loud.map { state in
            let exact = trie.keywords[state].map { index in
                let mustCompare = isFolding && !keywords[index].caseInsensitive
                return Exact(index: index, spelling: mustCompare ? keywords[index].bytes : nil)
            }
            let shorter = links.shorter[state]
            return Hit(keywords: exact, shorter: shorter < 0 ? -1 : number[shorter])
        }
        table =
            order.count <= Int(UInt16.max)
            ? .narrow(trie.rows(in: order, failures: links.failures, number: number, of: UInt16.self))
            : .wide(trie.rows(in: order, failures: links.failures, number: number, of: UInt32.self))
        filter = KeywordFilter(keywords.map { $0.bytes })
    }

    /// The keywords that occur in `bytes`; reads no further once all are found.
    package func present(in bytes: [UInt8]) -> KeywordSet {
        bytes.withUnsafeBufferPointer { present(in: $0) }
    }

    /// The keywords that occur in `bytes`; reads no further once all are found.
    package func present(in bytes: UnsafeBufferPointer<UInt8>) -> KeywordSet {
        var found = KeywordSet(capacity: keywordCount)
        for index in empties { found.insert(index) }
        var missing = keywordCount - empties.count
        guard missing > 0 else { return found }
        read(bytes) { index, _ in
            if found.insert(index) { missing -= 1 }
            return missing > 0
        }
        return found
    }

    /// Calls `body` for every occurrence of every keyword, overlapping ones included, in order of their ends.
    ///
    /// Of occurrences with the same end, the longer come first.
    package func occurrences(
        in bytes: [UInt8], _ body: (_ keywordIndex: Int, _ endOffset: Int) -> Void
    ) {
        bytes.withUnsafeBufferPointer { buffer in
            read(buffer) { index, end in
                body(index, end)
                return true
            }
        }
    }
}

// MARK: - Reading

extension KeywordAutomaton {
    /// Calls `report` for each occurrence until it answers false.
    private func read(_ bytes: UnsafeBufferPointer<UInt8>, _ report: (Int, Int) -> Bool) {
        switch table {
        case .narrow(let rows): read(bytes, rows, report)
        case .wide(let rows): read(bytes, rows, report)
        }
    }

    @inline(__always)
    private func read<State: FixedWidthInteger & UnsignedInteger>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ rows: [State], _ report: (Int, Int) -> Bool
    ) {
        rows.withUnsafeBufferPointer { rows in
            classes.withUnsafeBufferPointer { classes in
                var state = 0
                var offset = 0
                while offset < bytes.count {
                    if state == 0, let filter {
                        offset = filter.nextCandidate(in: bytes, from: offset)
                        guard offset < bytes.count else { return }
                    }
                    let column = Int(classes[Int(bytes[offset])])
                    state = Int(truncatingIfNeeded: rows[state &<< shift &+ column])
                    offset &+= 1
                    if state >= firstHit, !announce(state, endingAt: offset, in: bytes, report) { return }
                }
            }
        }
    }

    @inline(never)
    private func announce(
        _ state: Int, endingAt end: Int, in bytes: UnsafeBufferPointer<UInt8>, _ report: (Int, Int) -> Bool
    ) -> Bool {
        var state = state
        while state >= 0 {
            let hit = hits[state - firstHit]
            for keyword in hit.keywords {
                if let spelling = keyword.spelling, !bytes[end - spelling.count..<end].elementsEqual(spelling) {
                    continue
                }
                if !report(keyword.index, end) { return false }
            }
            state = hit.shorter
        }
        return true
    }
}
