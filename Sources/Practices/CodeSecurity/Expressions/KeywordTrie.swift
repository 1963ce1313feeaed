/// The tree of keywords an automaton is built from; state 0 is the root.
struct KeywordTrie {
    /// The class of each byte; class 0 is that of bytes in no keyword.
    let classes: [UInt8]
    /// A row holds 2 to the power of `shift` entries, at least one for each class.
    let shift: Int
    /// The keywords each state spells.
    private(set) var keywords: [[Int]] = [[]]
    /// The first child of each state, its next sibling, and the class that leads to it; 0 for none.
    private var firstChild: [Int32] = [0]
    private var nextSibling: [Int32] = [0]
    private var column: [UInt8] = [0]

    /// Links between states.
    struct Links {
        /// The state that spells the longest proper suffix.
        var failures: [Int]
        /// The state that spells the longest proper suffix that is a keyword, −1 if none.
        var shorter: [Int]
    }

    /// Makes the tree.
    init(_ texts: [[UInt8]], isFolding: Bool) {
        let classes = Self.classes(of: texts, isFolding: isFolding)
        // 256 bytes that all occur use classes 0 to 255, and class 0 is then one of them.
        let count = Int(classes.max() ?? 0) + 1
        shift = Int.bitWidth - (count - 1).leadingZeroBitCount
        self.classes = classes
        for (index, text) in texts.enumerated() where !text.isEmpty {
            insert(text, index: index)
        }
    }

    private mutating func insert(_ text: [UInt8], index: Int) {
        var state = 0
        for byte in text {
            let column = classes[Int(byte)]
            var child = self.child(of: state, column)
            if child == 0 {
                child = keywords.count
                keywords.append([])
                firstChild.append(0)
                nextSibling.append(firstChild[state])
                self.column.append(column)
                firstChild[state] = Int32(child)
            }
            state = child
        }
        keywords[state].append(index)
    }

    /// The child by a class, 0 for none.
    private func child(of state: Int, _ column: UInt8) -> Int {
        var next = Int(firstChild[state])
        while next != 0, self.column[next] != column { next = Int(nextSibling[next]) }
        return next
    }

    /// The states, those nearer the root first.
    func breadthFirstOrder() -> [Int] {
        var order = [0]
        order.reserveCapacity(keywords.count)
        var next = 0
        while next < order.count {
            var child = Int(firstChild[order[next]])
            while child != 0 {
                order.append(child)
                child = Int(nextSibling[child])
            }
            next += 1
        }
        return order
    }

    /// The links of every state.
    func links(in order: [Int]) -> Links {
        var links = Links(
            failures: [Int](repeating: 0, count: order.count), shorter: [Int](repeating: -1, count: order.count))
        for state in order {
            var child = Int(firstChild[state])
            while child != 0 {
                if state != 0 {
                    var suffix = links.failures[state]
                    while suffix != 0, self.child(of: suffix, column[child]) == 0 { suffix = links.failures[suffix] }
                    links.failures[child] = self.child(of: suffix, column[child])
                }
                child = Int(nextSibling[child])
            }
            let failure = links.failures[state]
            links.shorter[state] = keywords[failure].isEmpty ? links.shorter[failure] : failure
        }
        return links
    }

    /// The rows of all states under new numbers, every missing child replaced by where the failure links lead.
    ///
    /// - Parameters:
    ///   - order: The states, those nearer the root first.
    ///   - failures: The state that spells the longest proper suffix of each.
    ///   - number: The new number of each state.
    ///   - type: The integer that holds a number.
    /// - Returns: The rows, one after the other.
    func rows<State: FixedWidthInteger>(
        in order: [Int], failures: [Int], number: [Int], of type: State.Type
    ) -> [State] {
        var rows = [State](repeating: State(truncatingIfNeeded: number[0]), count: order.count << shift)
        for state in order {
            let row = number[state] << shift
            let model = number[failures[state]] << shift
            // A suffix is shorter than its state, so its row is complete.
            if state != 0 { for entry in 0..<1 << shift { rows[row + entry] = rows[model + entry] } }
            var child = Int(firstChild[state])
            while child != 0 {
                rows[row + Int(column[child])] = State(truncatingIfNeeded: number[child])
                child = Int(nextSibling[child])
            }
        }
        return rows
    }

    private static func classes(of texts: [[UInt8]], isFolding: Bool) -> [UInt8] {
        var isUsed = [Bool](repeating: false, count: 256)
        for text in texts {
            for byte in text { isUsed[Int(isFolding ? folded(byte) : byte)] = true }
        }
        var next = isUsed.contains(false) ? 1 : 0
        var classes = [UInt8](repeating: 0, count: 256)
        for byte in 0..<256 where isUsed[byte] {
            classes[byte] = UInt8(next)
            next += 1
        }
        return isFolding ? (0...UInt8.max).map { classes[Int(folded($0))] } : classes
    }

    /// The lower-case form of an ASCII letter; any other byte as it is.
    static func folded(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
