/// A deterministic automaton built state by state while it reads, in bounded memory.
///
/// A transition settles the conditions *between* two bytes once the second is known, so a state that accepts says so one
/// byte late. Not thread-safe: one object per scanner.
final class LazyAutomaton {
    /// How matches compete.
    enum Preference {
        /// What Perl prefers: an accepting thread ends all threads of lower priority.
        case leftmostFirst
        /// Every thread runs on; the longest match is seen last.
        case everyMatch
    }

    /// What a run found.
    enum Outcome: Equatable {
        case noMatch
        case match(at: Int)
        /// The cache was emptied too often to be worth it.
        case gaveUp
    }

    /// A run's request.
    struct Request {
        /// The bytes to read are those from `lower` on; those before count for assertions only.
        var lower: Int
        /// Where the text to read ends or, read backwards, starts.
        var upper: Int
        /// Whether the match must begin (read backwards: end) exactly at the border.
        var isAnchored: Bool
        /// Whether the first accepting place will do.
        var stopsAtFirst = false
    }

    /// Bit of a transition that wants a look: dead, accepting or not yet built.
    static let special: UInt32 = 1 << 31
    /// A transition not yet built.
    static let unbuilt = UInt32.max
    /// The row from which nothing can be accepted any more.
    static let dead: UInt32 = special

    let program: ExpressionProgram
    let preference: Preference
    let direction: ExpressionCompiler.Direction
    let maximumByteCount: Int
    /// Entries per row: one for each class and one for the end of the text.
    let stride: Int

    /// The transitions, row after row.
    var table: [UInt32] = []
    /// The state of each row.
    var states: [State] = []
    /// The row of each state, as an offset into `table`.
    var rows: [State: UInt32] = [:]
    /// The rows to start from, by what comes before and whether the run is anchored.
    var starts: [UInt32?] = []
    /// An estimate of the memory in use.
    var byteCount = 0
    /// Scratch for following threads.
    var builder: ThreadSetBuilder
    /// How often this run has emptied the cache.
    var flushCount = 0
    /// Where it last did.
    var lastFlush = 0
    /// The number of states built since the scanner was made, those thrown away included.
    var builtStateCount = 0

    /// What identifies a state.
    struct State: Hashable {
        /// The instructions that wait for a byte, a condition or acceptance, in order of priority.
        var threads: [Int32]
        /// The byte last read, as far as a condition in `threads` asks for it.
        var previous: ByteKind
        /// Whether a match ended before the byte last read.
        var isAccepting: Bool
    }

    /// Makes an empty automaton for a program.
    init(
        _ program: ExpressionProgram, preference: Preference, direction: ExpressionCompiler.Direction,
        maximumByteCount: Int
    ) {
        self.program = program
        self.preference = preference
        self.direction = direction
        // Rows are numbered in 31 bits.
        self.maximumByteCount = min(maximumByteCount, 1 << 30)
        stride = program.classes.count + 1
        builder = ThreadSetBuilder(instructionCount: program.instructions.count)
        empty()
    }

    /// Reads `bytes` as requested and answers where the preferred match ends (read backwards: begins).
    func run(_ request: Request, in bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
        var cursor = Cursor(request, direction: direction)
        flushCount = 0
        lastFlush = cursor.position
        var state = start(request, in: bytes)
        while true {
            let stop =
                direction == .forward
                ? readForward(from: state, &cursor, bytes) : readBackward(from: state, &cursor, bytes)
            switch stop {
            case .finished: return cursor.lastMatch.map { .match(at: $0) } ?? .noMatch
            case .unbuilt(let row, let symbol):
                guard let kept = makeRoom(keeping: row, at: cursor.position) else { return .gaveUp }
                build(from: kept, on: symbol)
                state = kept
            }
        }
    }
}

// MARK: - Reading

extension LazyAutomaton {
    /// A place in a run.
    struct Cursor {
        var position: Int
        let limit: Int
        let stopsAtFirst: Bool
        var lastMatch: Int?

        init(_ request: Request, direction: ExpressionCompiler.Direction) {
            position = direction == .forward ? request.lower : request.upper
            limit = direction == .forward ? request.upper : request.lower
            stopsAtFirst = request.stopsAtFirst
        }
    }

    /// Why reading paused.
    enum Stop {
        case finished
        /// The transition of `row` on `symbol` has to be built; the byte is not consumed.
        case unbuilt(row: UInt32, symbol: Int)
    }

    /// The symbol of the byte at `offset`, or the one for the end of the text.
    func symbol(at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        bytes.indices.contains(offset) ? Int(program.classes.map[Int(bytes[offset])]) : stride - 1
    }

    private func readForward(
        from start: UInt32, _ cursor: inout Cursor, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Stop {
        table.withUnsafeBufferPointer { table in
            program.classes.map.withUnsafeBufferPointer { classes in
                var position = cursor.position
                let limit = cursor.limit
                var row = start & ~Self.special
                defer { cursor.position = position }
                while position < limit {
                    let next = table[Int(row) &+ Int(classes[Int(bytes[position])])]
                    if next & Self.special != 0 {
                        if next == Self.unbuilt {
                            return .unbuilt(row: row, symbol: Int(classes[Int(bytes[position])]))
                        }
                        if next == Self.dead { return .finished }
                        cursor.lastMatch = position
                        if cursor.stopsAtFirst { return .finished }
                    }
                    row = next & ~Self.special
                    position &+= 1
                }
                return finish(row, table, &cursor, at: limit, symbol: symbol(at: limit, in: bytes))
            }
        }
    }

    private func readBackward(
        from start: UInt32, _ cursor: inout Cursor, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Stop {
        table.withUnsafeBufferPointer { table in
            program.classes.map.withUnsafeBufferPointer { classes in
                var position = cursor.position
                let limit = cursor.limit
                var row = start & ~Self.special
                defer { cursor.position = position }
                while position > limit {
                    let next = table[Int(row) &+ Int(classes[Int(bytes[position &- 1])])]
                    if next & Self.special != 0 {
                        if next == Self.unbuilt {
                            return .unbuilt(row: row, symbol: Int(classes[Int(bytes[position &- 1])]))
                        }
                        if next == Self.dead { return .finished }
                        cursor.lastMatch = position
                    }
                    row = next & ~Self.special
                    position &-= 1
                }
                return finish(row, table, &cursor, at: limit, symbol: symbol(at: limit - 1, in: bytes))
            }
        }
    }

    /// Looks at the symbol beyond the border, only to learn whether a match ends there.
    private func finish(
        _ row: UInt32, _ table: UnsafeBufferPointer<UInt32>, _ cursor: inout Cursor, at border: Int, symbol: Int
    ) -> Stop {
        let next = table[Int(row) + symbol]
        if next == Self.unbuilt { return .unbuilt(row: row, symbol: symbol) }
        if next != Self.dead, next & Self.special != 0 { cursor.lastMatch = border }
        return .finished
    }
}
