/// Searches with one expression, keeping what it learns about it between calls.
///
/// Not thread-safe: each thread has its own. Memory is bounded by three times `maximumCacheByteCount` and a share that
/// grows with the size of the expression.
package final class ExpressionScanner {
    /// The expression searched for.
    package let expression: LinearExpression

    private lazy var search = automaton(expression.forward, .leftmostFirst, .forward)
    private lazy var whole = automaton(expression.forward, .everyMatch, .forward)
    private lazy var starts = expression.backward.map { automaton($0, .everyMatch, .backward) }
    private lazy var machine = ThreadMachine(expression.forward, groupCount: expression.groupCount)

    private var automata: [LazyAutomaton] = []

    /// Bytes that the automata built so far use, as far as they are counted.
    var byteCount: Int { automata.reduce(0) { $0 + $1.byteCount + $1.program.instructions.count * 4 } }

    /// How much work the scanner has done, for tests that bound it: states built plus instructions visited.
    var workCount: Int {
        search.builtStateCount + whole.builtStateCount + (starts?.builtStateCount ?? 0) + machine.stepCount
    }

    /// Makes a scanner that has learnt nothing yet.
    package init(_ expression: LinearExpression) {
        self.expression = expression
    }

    /// Finds the first match at or after `start`; bytes before it count for `^`, `\b` and their like.
    package func firstMatch(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> ExpressionMatch? {
        guard start >= 0, start <= bytes.count else { return nil }
        let request = LazyAutomaton.Request(lower: start, upper: bytes.count, isAnchored: false)
        switch search.run(request, in: bytes) {
        case .noMatch: return nil
        case .gaveUp: return machine.firstMatch(in: bytes, from: start, isAnchored: false)
        case .match(let end): return match(endingAt: end, from: start, in: bytes)
        }
    }

    /// Finds the first match at or after `start`.
    package func firstMatch(in bytes: [UInt8], from start: Int = 0) -> ExpressionMatch? {
        bytes.withUnsafeBufferPointer { firstMatch(in: $0, from: start) }
    }

    /// Finds all matches that do not overlap, leftmost first.
    ///
    /// An empty match directly after another match does not count, as in RE2. Each search is linear, but one that reads far
    /// beyond its match, as `x.*y|x` does, is repeated for every match: bound the text where patterns are not trusted.
    package func matches(in bytes: UnsafeBufferPointer<UInt8>) -> [ExpressionMatch] {
        var result: [ExpressionMatch] = []
        var start = 0
        while let match = firstMatch(in: bytes, from: start) {
            let isRepeated = match.range.isEmpty && match.range.lowerBound == result.last?.range.upperBound
            if !isRepeated { result.append(match) }
            start = match.range.upperBound
            guard match.range.isEmpty else { continue }
            repeat { start += 1 } while ByteKind(at: start, in: bytes) == .continuation
        }
        return result
    }

    /// Finds all matches that do not overlap, leftmost first.
    package func matches(in bytes: [UInt8]) -> [ExpressionMatch] {
        bytes.withUnsafeBufferPointer { matches(in: $0) }
    }

    /// Whether the expression matches anywhere; stops at the first byte that decides it.
    package func isMatch(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        isMatch(in: bytes, isAnchored: false)
    }

    /// Whether the expression matches anywhere in `text`.
    package func isMatch(_ text: String) -> Bool {
        Self.withBytes(of: text) { isMatch(in: $0, isAnchored: false) }
    }

    /// Whether a match begins where `text` begins.
    package func matchesPrefix(of text: String) -> Bool {
        Self.withBytes(of: text) { isMatch(in: $0, isAnchored: true) }
    }

    /// Whether the expression can match exactly `text`.
    package func matchesWhole(_ text: String) -> Bool {
        Self.withBytes(of: text) { bytes in
            let request = LazyAutomaton.Request(lower: 0, upper: bytes.count, isAnchored: true)
            return whole.run(request, in: bytes) == .match(at: bytes.count)
        }
    }
}

extension ExpressionScanner {
    private func isMatch(in bytes: UnsafeBufferPointer<UInt8>, isAnchored: Bool) -> Bool {
        let request = LazyAutomaton.Request(
            lower: 0, upper: bytes.count, isAnchored: isAnchored, stopsAtFirst: true)
        switch search.run(request, in: bytes) {
        case .noMatch: return false
        case .match: return true
        case .gaveUp: return machine.firstMatch(in: bytes, from: 0, isAnchored: isAnchored) != nil
        }
    }

    /// Finds where the match that ends at `end` begins, and its groups.
    private func match(
        endingAt end: Int, from start: Int, in bytes: UnsafeBufferPointer<UInt8>
    ) -> ExpressionMatch? {
        let request = LazyAutomaton.Request(lower: start, upper: end, isAnchored: true)
        guard case .match(let lower)? = starts?.run(request, in: bytes) else {
            return machine.firstMatch(in: bytes, from: start, isAnchored: false)
        }
        if expression.groupCount == 0 { return ExpressionMatch(range: lower..<end, groups: [lower..<end]) }
        return machine.firstMatch(in: bytes, from: lower, isAnchored: true)
    }

    private func automaton(
        _ program: ExpressionProgram, _ preference: LazyAutomaton.Preference,
        _ direction: ExpressionCompiler.Direction
    ) -> LazyAutomaton {
        let automaton = LazyAutomaton(
            program, preference: preference, direction: direction,
            maximumByteCount: expression.limits.maximumCacheByteCount)
        automata.append(automaton)
        return automaton
    }

    private static func withBytes<Result>(
        of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var text = text
        return text.withUTF8(body)
    }
}
