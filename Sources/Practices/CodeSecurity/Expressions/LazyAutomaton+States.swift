extension LazyAutomaton {
    /// The row to start a run from.
    func start(_ request: Request, in bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let before =
            direction == .forward ? ByteKind(at: request.lower - 1, in: bytes) : ByteKind(at: request.upper, in: bytes)
        let slot = Int(before.rawValue) * 2 + (request.isAnchored ? 1 : 0)
        if let known = starts[slot] { return known }
        let entry = request.isAnchored ? program.entry : program.unanchoredEntry
        let threads = builder.spread([entry], of: program, preference: preference)
        let row = self.row(of: threads, previous: before, isAccepting: false)
        starts[slot] = row
        return row
    }

    /// Builds one transition.
    func build(from row: UInt32, on symbol: Int) {
        let state = states[Int(row) / stride]
        let byte = symbol < stride - 1 ? program.classes.representatives[symbol] : nil
        let next = byte.map { ByteKind($0) } ?? .none
        let settled = builder.settle(
            state.threads, of: program, preference: preference,
            before: direction == .forward ? state.previous : next,
            after: direction == .forward ? next : state.previous, upcoming: next)
        var targets: [Int] = []
        if let byte {
            targets = settled.threads.compactMap { program.target(of: Int($0), taking: byte) }
        }
        let threads = builder.spread(targets, of: program, preference: preference)
        let target: UInt32 =
            threads.isEmpty && !settled.isAccepting
            ? Self.dead : self.row(of: threads, previous: next, isAccepting: settled.isAccepting)
        table[Int(row) + symbol] = settled.isAccepting ? target | Self.special : target
    }

    /// Forgets every state but that of `row` if memory is used up, and answers where that state is now.
    ///
    /// Nil if memory is used up so often that stepping threads is cheaper than building states.
    func makeRoom(keeping row: UInt32, at position: Int) -> UInt32? {
        guard byteCount > maximumByteCount else { return row }
        if flushCount >= 3, abs(position - lastFlush) < 10 * states.count { return nil }
        flushCount += 1
        lastFlush = position
        let kept = states[Int(row) / stride]
        empty()
        return self.row(of: kept.threads, previous: kept.previous, isAccepting: kept.isAccepting)
    }

    /// Forgets every state.
    func empty() {
        table.removeAll(keepingCapacity: true)
        states.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        starts = [UInt32?](repeating: nil, count: ByteKind.allCases.count * 2)
        byteCount = 0
        // Row 0 is the dead state.
        _ = row(of: [], previous: .other, isAccepting: false)
        for symbol in 0..<stride { table[symbol] = Self.dead }
    }

    private func row(of threads: [Int32], previous: ByteKind, isAccepting: Bool) -> UInt32 {
        let asks = threads.contains { thread in
            if case .assertion = program.instructions[Int(thread)] { true } else { false }
        }
        let state = State(threads: threads, previous: asks ? previous : .other, isAccepting: isAccepting)
        if let known = rows[state] { return known }
        let row = UInt32(table.count)
        table.append(contentsOf: repeatElement(Self.unbuilt, count: stride))
        states.append(state)
        rows[state] = row
        byteCount += stride * 4 + threads.count * 4 + 128
        builtStateCount += 1
        return row
    }
}

/// Follows threads through the instructions that take no byte.
struct ThreadSetBuilder {
    private var marks: [UInt32]
    private var generation: UInt32 = 0
    private var pending: [Int] = []

    /// Makes scratch space for a program.
    init(instructionCount: Int) {
        marks = [UInt32](repeating: 0, count: instructionCount)
    }

    /// The threads reached from `origins` without asking what comes next, best first.
    mutating func spread(
        _ origins: [Int], of program: ExpressionProgram, preference: LazyAutomaton.Preference
    ) -> [Int32] {
        begin()
        var threads: [Int32] = []
        for origin in origins {
            pending.append(origin)
            while let index = pending.popLast() {
                guard visit(index) else { continue }
                switch program.instructions[index] {
                case .split(let first, let second): pending += [second, first]
                case .save(_, let next): pending.append(next)
                case .match:
                    threads.append(Int32(index))
                    if preference == .leftmostFirst { return threads }
                case .bytes, .scalar, .tail, .assertion: threads.append(Int32(index))
                }
            }
        }
        return threads
    }

    /// The threads that wait for a byte once it is known what lies around the place, and whether one accepts there.
    ///
    /// - Parameters:
    ///   - origins: The threads of a state.
    ///   - program: The program they belong to.
    ///   - preference: Whether acceptance ends the threads after it.
    ///   - before: What precedes the place in the text.
    ///   - after: What follows it in the text.
    ///   - upcoming: The byte about to be read, which is `after` or, read backwards, `before`.
    /// - Returns: The threads, best first, and whether one accepted.
    mutating func settle(
        _ origins: [Int32], of program: ExpressionProgram, preference: LazyAutomaton.Preference,
        before: ByteKind, after: ByteKind, upcoming: ByteKind
    ) -> (threads: [Int32], isAccepting: Bool) {
        begin()
        var threads: [Int32] = []
        var isAccepting = false
        for origin in origins {
            pending.append(Int(origin))
            while let index = pending.popLast() {
                guard visit(index) else { continue }
                switch program.instructions[index] {
                case .split(let first, let second): pending += [second, first]
                case .save(_, let next): pending.append(next)
                case .assertion(let assertion, let next):
                    if assertion.holds(before: before, after: after) { pending.append(next) }
                case .tail(_, let next):
                    if upcoming == .continuation { threads.append(Int32(index)) } else { pending.append(next) }
                case .bytes, .scalar: threads.append(Int32(index))
                case .match:
                    isAccepting = true
                    if preference == .leftmostFirst { return (threads, true) }
                }
            }
        }
        return (threads, isAccepting)
    }

    private mutating func begin() {
        pending.removeAll(keepingCapacity: true)
        generation &+= 1
        if generation == 0 {
            marks = [UInt32](repeating: 0, count: marks.count)
            generation = 1
        }
    }

    private mutating func visit(_ index: Int) -> Bool {
        guard marks[index] != generation else { return false }
        marks[index] = generation
        return true
    }
}
