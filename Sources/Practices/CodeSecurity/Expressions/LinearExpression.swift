/// A regular expression over UTF-8 bytes that runs in time linear in the text, whatever the pattern.
///
/// Matching is leftmost-first, as in Perl, without lookaround and backreferences, which are refused. Literals stand for
/// their UTF-8 bytes; case folding, `\w`, `\d`, `\s`, `\b` and the POSIX classes are those of ASCII. `.` and negated classes
/// take one scalar, or the bytes of one cut short, or one stray byte. A compiled expression is immutable and may be used
/// from several threads; each thread that searches often keeps an `ExpressionScanner` of its own.
package struct LinearExpression: Sendable {
    /// The text the expression was made from.
    package let pattern: String
    /// The number of capture groups, the whole match not counted.
    package let groupCount: Int
    /// The number of each named group.
    package let groupNames: [String: Int]
    /// Byte strings of which every match contains at least one; empty if nothing is known.
    ///
    /// Lower-cased, and to be looked for regardless of ASCII case, if `requiredLiteralsIgnoreCase`.
    package let requiredLiterals: [[UInt8]]
    /// Whether `requiredLiterals` may occur in any ASCII case.
    package let requiredLiteralsIgnoreCase: Bool

    let forward: ExpressionProgram
    /// Nil if the expression is too large to be read backwards; starts are then found by stepping threads.
    let backward: ExpressionProgram?
    let limits: ExpressionLimits

    /// Compiles a pattern within the default limits.
    package init(parsing pattern: String) throws(ExpressionError) {
        try self.init(parsing: pattern, limits: ExpressionLimits())
    }

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - pattern: The expression, in the common part of RE2's and PCRE's syntax.
    ///   - limits: Bounds on what it may cost.
    /// - Throws: What is wrong with the pattern, and at which byte of it.
    package init(parsing pattern: String, limits: ExpressionLimits) throws(ExpressionError) {
        var parser = ExpressionParser(Array(pattern.utf8), limits: limits)
        let node = try parser.parse()
        self.pattern = pattern
        self.limits = limits
        groupCount = parser.groupCount
        groupNames = parser.groupNames
        forward = try ExpressionCompiler.compile(
            node, direction: .forward, maximumInstructionCount: limits.maximumInstructionCount)
        // A scalar takes four instructions forwards and 21 backwards.
        let maximumBackward = limits.maximumInstructionCount * 6
        do throws(ExpressionError) {
            backward = try ExpressionCompiler.compile(
                node, direction: .backward, maximumInstructionCount: maximumBackward)
        } catch {
            backward = nil
        }
        let literals = LiteralRequirement(of: node).literals
        requiredLiterals = literals.texts
        requiredLiteralsIgnoreCase = literals.ignoresCase
    }

    /// Makes a scanner, which holds the automata built while searching.
    package func makeScanner() -> ExpressionScanner {
        ExpressionScanner(self)
    }
}

extension LinearExpression: Hashable {
    /// Whether two expressions were made from the same text within the same limits.
    package static func == (left: Self, right: Self) -> Bool {
        left.pattern == right.pattern && left.limits == right.limits
    }

    /// Hashes the text.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(pattern)
    }
}

// MARK: - One-off searches

extension LinearExpression {
    /// Finds the first match at or after `start`, with a scanner made for this call.
    package func firstMatch(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> ExpressionMatch? {
        makeScanner().firstMatch(in: bytes, from: start)
    }

    /// Finds the first match at or after `start`, with a scanner made for this call.
    package func firstMatch(in bytes: [UInt8], from start: Int = 0) -> ExpressionMatch? {
        makeScanner().firstMatch(in: bytes, from: start)
    }

    /// Finds all matches that do not overlap, with a scanner made for this call.
    package func matches(in bytes: [UInt8]) -> [ExpressionMatch] {
        makeScanner().matches(in: bytes)
    }

    /// Whether the expression matches anywhere in `text`.
    package func isMatch(_ text: String) -> Bool {
        makeScanner().isMatch(text)
    }

    /// Whether a match begins where `text` begins (Python's `re.match`).
    package func matchesPrefix(of text: String) -> Bool {
        makeScanner().matchesPrefix(of: text)
    }

    /// Whether the expression can match exactly `text` (Python's `re.fullmatch`).
    package func matchesWhole(_ text: String) -> Bool {
        makeScanner().matchesWhole(text)
    }
}
