/// Turns a syntax tree into a program, last instruction first: each piece is given the place to go on to.
struct ExpressionCompiler {
    /// Which way the program reads the text.
    enum Direction { case forward, backward }

    private let direction: Direction
    private let maximumInstructionCount: Int
    private var instructions: [ExpressionInstruction] = []
    private var setIndices: [ByteSet: Int] = [:]
    private var sets: [ByteSet] = []
    private var separated: Set<ByteSet> = []

    private init(direction: Direction, maximumInstructionCount: Int) {
        self.direction = direction
        self.maximumInstructionCount = maximumInstructionCount
    }

    /// Compiles a tree; refuses if more than `maximumInstructionCount` instructions come out.
    static func compile(
        _ node: ExpressionNode, direction: Direction, maximumInstructionCount: Int
    ) throws(ExpressionError) -> ExpressionProgram {
        var compiler = ExpressionCompiler(direction: direction, maximumInstructionCount: maximumInstructionCount)
        let match = try compiler.emit(.match)
        let entry = try compiler.emit(node, next: match)
        let loop = try compiler.emit(.split(first: entry, second: 0))
        let any = try compiler.emit(.bytes(set: compiler.index(of: .all), next: loop))
        compiler.instructions[loop] = .split(first: entry, second: any)
        return ExpressionProgram(
            instructions: compiler.instructions, sets: compiler.sets, entry: entry, unanchoredEntry: loop,
            classes: ByteClasses(separating: compiler.sets + compiler.separated))
    }

    private mutating func emit(_ instruction: ExpressionInstruction) throws(ExpressionError) -> Int {
        guard instructions.count < maximumInstructionCount else { throw ExpressionError(.programTooLarge, at: 0) }
        instructions.append(instruction)
        return instructions.count - 1
    }

    private mutating func index(of set: ByteSet) -> Int {
        if let known = setIndices[set] { return known }
        sets.append(set)
        setIndices[set] = sets.count - 1
        return sets.count - 1
    }

    private mutating func emit(_ node: ExpressionNode, next: Int) throws(ExpressionError) -> Int {
        switch node {
        case .empty: return next
        case .bytes(let set): return try emit(.bytes(set: index(of: set), next: next))
        case .scalar(let ascii):
            return direction == .forward
                ? try emitScalar(ascii: ascii, next: next) : try emit(Self.expandedScalar(ascii: ascii), next: next)
        case .sequence(let parts):
            var next = next
            for part in direction == .forward ? parts.reversed() : parts { next = try emit(part, next: next) }
            return next
        case .alternatives(let branches):
            var entry = try emit(branches[branches.count - 1], next: next)
            for branch in branches.dropLast().reversed() {
                entry = try emit(.split(first: emit(branch, next: next), second: entry))
            }
            return entry
        case .repetition(let body, let minimum, let maximum, let isGreedy):
            return try emitRepetition(of: body, minimum: minimum, maximum: maximum, isGreedy: isGreedy, next: next)
        case .capture(let index, let body):
            guard direction == .forward else { return try emit(body, next: next) }
            let end = try emit(.save(slot: index * 2 + 1, next: next))
            return try emit(.save(slot: index * 2, next: emit(body, next: end)))
        case .assertion(let assertion):
            separate(for: assertion)
            return try emit(.assertion(assertion, next: next))
        }
    }

    private mutating func emitRepetition(
        of body: ExpressionNode, minimum: Int, maximum: Int?, isGreedy: Bool, next: Int
    ) throws(ExpressionError) -> Int {
        var entry = next
        var required = minimum
        if let maximum {
            for _ in minimum..<maximum {
                entry = try emitChoice(emit(body, next: entry), orElse: next, isGreedy: isGreedy)
            }
        } else if minimum > 0 {
            entry = try emitLoop(over: body, isGreedy: isGreedy, next: next).body
            required -= 1
        } else {
            // A body that may match nothing is entered through a choice of its own, so that the loop can end after an
            // empty round: `(x*)*` is `(?:(x*)+)?`.
            let loop = try emitLoop(over: body, isGreedy: isGreedy, next: next)
            entry = body.isNullable ? try emitChoice(loop.body, orElse: next, isGreedy: isGreedy) : loop.choice
        }
        for _ in 0..<required { entry = try emit(body, next: entry) }
        return entry
    }

    /// Emits a body that returns to a choice between itself and `next`.
    private mutating func emitLoop(
        over body: ExpressionNode, isGreedy: Bool, next: Int
    ) throws(ExpressionError) -> (body: Int, choice: Int) {
        let choice = try emit(.split(first: next, second: next))
        let entry = try emit(body, next: choice)
        instructions[choice] = isGreedy ? .split(first: entry, second: next) : .split(first: next, second: entry)
        return (entry, choice)
    }

    private mutating func emitChoice(_ body: Int, orElse next: Int, isGreedy: Bool) throws(ExpressionError) -> Int {
        try emit(isGreedy ? .split(first: body, second: next) : .split(first: next, second: body))
    }

    private mutating func emitScalar(ascii: ByteSet, next: Int) throws(ExpressionError) -> Int {
        separated.formUnion([.continuation, ByteSet(0xC2...0xDF), ByteSet(0xE0...0xEF), ByteSet(0xF0...0xF4)])
        let entry = try emit(.scalar(set: index(of: ascii.union(.stray)), next: next))
        _ = try emit(.tail(more: entry + 2, next: next))
        _ = try emit(.tail(more: entry + 3, next: next))
        _ = try emit(.tail(more: next, next: next))
        return entry
    }

    private mutating func separate(for assertion: ExpressionAssertion) {
        switch assertion {
        case .textStart, .textEnd: break
        case .lineStart, .lineEnd: separated.insert(.newline)
        case .wordBoundary, .notWordBoundary: separated.insert(.word)
        case .notBeforeContinuation: separated.insert(.continuation)
        }
    }

    /// What `scalar` and its `tail`s accept, written as a tree that can be read backwards.
    private static func expandedScalar(ascii: ByteSet) -> ExpressionNode {
        let rest = ExpressionNode.bytes(.continuation)
        let cut = ExpressionNode.assertion(.notBeforeContinuation)
        return .alternatives([
            .bytes(ascii.union(.stray)),
            .sequence([.bytes(ByteSet(0xC2...0xDF)), rest]),
            .sequence([.bytes(ByteSet(0xE0...0xEF)), rest, rest]),
            .sequence([.bytes(ByteSet(0xF0...0xF4)), rest, rest, rest]),
            .sequence([.bytes(ByteSet(0xC2...0xF4)), cut]),
            .sequence([.bytes(ByteSet(0xE0...0xF4)), rest, cut]),
            .sequence([.bytes(ByteSet(0xF0...0xF4)), rest, rest, cut]),
        ])
    }
}
