/// Why a pattern was refused, and where.
package struct ExpressionError: Error, Hashable, Sendable {
    /// What is wrong with a pattern.
    package enum Reason: Hashable, Sendable {
        /// A group is not closed, or a `)` closes nothing.
        case unbalancedParenthesis
        /// A bracket expression is not closed.
        case unterminatedClass
        /// A quantifier follows nothing, or follows another quantifier.
        case misplacedQuantifier
        /// A range runs backwards, as in `[z-a]` or `{3,2}`.
        case reversedRange
        /// An escape is unknown or cut short.
        case invalidEscape
        /// A `[:name:]` is not a POSIX class.
        case unknownClassName
        /// A `(?…)` is of no known kind, or a flag in it is unknown.
        case unknownGroupSyntax
        /// A group name is empty, malformed or used twice.
        case invalidGroupName
        /// A number is not a Unicode scalar value.
        case invalidScalar
        /// Lookahead and lookbehind cannot run in linear time.
        case lookaroundUnsupported
        /// Backreferences cannot run in linear time.
        case backreferenceUnsupported
        /// Atomic groups and possessive quantifiers need backtracking to mean anything.
        case atomicUnsupported
        /// `\p{…}`, `\X` and the like.
        case unicodePropertyUnsupported
        /// Groups nest deeper than the limit.
        case nestingTooDeep
        /// A repetition count is above the limit.
        case repetitionTooLarge
        /// The compiled program would be above the limit.
        case programTooLarge
    }

    /// What is wrong.
    package let reason: Reason
    /// Where it is wrong, in UTF-8 bytes from the start of the pattern.
    package let offset: Int

    /// Makes an error for a place in a pattern.
    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension ExpressionError: CustomStringConvertible {
    /// A sentence for the author of the pattern.
    package var description: String { "\(reason.explanation) at byte \(offset)" }
}

extension ExpressionError.Reason {
    /// What is wrong, in words.
    package var explanation: String {
        switch self {
        case .unbalancedParenthesis: "unbalanced parenthesis"
        case .unterminatedClass: "bracket expression without ]"
        case .misplacedQuantifier: "quantifier with nothing to repeat"
        case .reversedRange: "range that runs backwards"
        case .invalidEscape: "unknown or incomplete escape"
        case .unknownClassName: "unknown POSIX class"
        case .unknownGroupSyntax: "unknown group kind or flag"
        case .invalidGroupName: "empty, malformed or repeated group name"
        case .invalidScalar: "number that is no Unicode scalar"
        case .lookaroundUnsupported: "lookaround is not supported (it has no linear-time form here)"
        case .backreferenceUnsupported: "backreferences are not supported (they have no linear-time form)"
        case .atomicUnsupported: "atomic groups and possessive quantifiers are not supported"
        case .unicodePropertyUnsupported: "Unicode properties are not supported"
        case .nestingTooDeep: "groups nested too deeply"
        case .repetitionTooLarge: "repetition count too large"
        case .programTooLarge: "expression too large once its repetitions are written out"
        }
    }
}
