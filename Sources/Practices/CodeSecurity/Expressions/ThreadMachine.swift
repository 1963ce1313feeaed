/// Runs a program thread by thread in step with the text (Pike's machine), which also finds the groups.
///
/// Time is proportional to text × instructions whatever the pattern. Not thread-safe: one object per scanner.
final class ThreadMachine {
    private let program: ExpressionProgram
    private let slotCount: Int
    private var current: ThreadList
    private var upcoming: ThreadList
    private var slots: [Int]
    private var pending: [Step] = []
    /// The number of instructions visited since the machine was made.
    private(set) var stepCount = 0

    /// Threads in order of priority with the slots of each.
    private struct ThreadList {
        var threads: [Int] = []
        var slots: [Int] = []
        var marks: [Int]

        mutating func removeAll() {
            threads.removeAll(keepingCapacity: true)
            slots.removeAll(keepingCapacity: true)
        }
    }

    /// Work put off while following a thread.
    private enum Step {
        case explore(Int)
        case restore(slot: Int, value: Int)
    }

    /// Makes a machine for a forward program.
    init(_ program: ExpressionProgram, groupCount: Int) {
        self.program = program
        slotCount = (groupCount + 1) * 2
        let marks = [Int](repeating: -1, count: program.instructions.count)
        current = ThreadList(marks: marks)
        upcoming = ThreadList(marks: marks)
        slots = [Int](repeating: -1, count: slotCount)
    }

    /// Finds the leftmost-first match that begins at `start` or, unless anchored, after it.
    func firstMatch(
        in bytes: UnsafeBufferPointer<UInt8>, from start: Int, isAnchored: Bool
    ) -> ExpressionMatch? {
        var best: [Int]?
        current.removeAll()
        resetMarks()
        for position in start...bytes.count {
            if best == nil, !isAnchored || position == start {
                for slot in slots.indices { slots[slot] = -1 }
                slots[0] = position
                follow(program.entry, at: position, in: bytes, into: &current)
            }
            if current.threads.isEmpty, best != nil || isAnchored { break }
            if let found = step(at: position, in: bytes) { best = found }
            swap(&current, &upcoming)
            upcoming.removeAll()
        }
        return best.map { ExpressionMatch(slots: $0) }
    }

    /// Moves every thread over the byte at `position`; answers the slots of the thread that accepts before it.
    private func step(at position: Int, in bytes: UnsafeBufferPointer<UInt8>) -> [Int]? {
        for (order, thread) in current.threads.enumerated() {
            let range = order * slotCount..<(order + 1) * slotCount
            if case .match = program.instructions[thread] {
                var result = Array(current.slots[range])
                result[1] = position
                return result
            }
            guard position < bytes.count, let target = program.target(of: thread, taking: bytes[position]) else {
                continue
            }
            for slot in 0..<slotCount { slots[slot] = current.slots[range.lowerBound + slot] }
            follow(target, at: position + 1, in: bytes, into: &upcoming)
        }
        return nil
    }

    /// Adds the threads that wait for a byte or accept, reached from `origin` at `position`, with the present slots.
    private func follow(
        _ origin: Int, at position: Int, in bytes: UnsafeBufferPointer<UInt8>, into list: inout ThreadList
    ) {
        pending.append(.explore(origin))
        while let work = pending.popLast() {
            switch work {
            case .restore(let slot, let value): slots[slot] = value
            case .explore(let index):
                guard list.marks[index] != position else { continue }
                list.marks[index] = position
                stepCount += 1
                explore(index, at: position, in: bytes, into: &list)
            }
        }
    }

    private func explore(
        _ index: Int, at position: Int, in bytes: UnsafeBufferPointer<UInt8>, into list: inout ThreadList
    ) {
        switch program.instructions[index] {
        case .split(let first, let second): pending += [.explore(second), .explore(first)]
        case .save(let slot, let next):
            pending += [.restore(slot: slot, value: slots[slot]), .explore(next)]
            slots[slot] = position
        case .assertion(let assertion, let next):
            let before = ByteKind(at: position - 1, in: bytes)
            if assertion.holds(before: before, after: ByteKind(at: position, in: bytes)) {
                pending.append(.explore(next))
            }
        case .tail(_, let next):
            if ByteKind(at: position, in: bytes) == .continuation {
                add(index, to: &list)
            } else {
                pending.append(.explore(next))
            }
        case .bytes, .scalar, .match: add(index, to: &list)
        }
    }

    private func add(_ thread: Int, to list: inout ThreadList) {
        list.threads.append(thread)
        list.slots.append(contentsOf: slots)
    }

    /// Marks hold positions, which mean nothing to the next search.
    private func resetMarks() {
        for index in current.marks.indices {
            current.marks[index] = -1
            upcoming.marks[index] = -1
        }
        upcoming.removeAll()
    }
}
