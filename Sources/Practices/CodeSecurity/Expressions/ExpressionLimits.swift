/// Bounds on what compiling and running one expression may cost.
package struct ExpressionLimits: Hashable, Sendable {
    /// The largest number of instructions after bounded repetitions are written out.
    package var maximumInstructionCount = 20_000
    /// The deepest nesting of groups.
    package var maximumNestingDepth = 200
    /// The largest count in `{n,m}`.
    package var maximumRepetitionCount = 65_535
    /// The memory one automaton of a scanner may use before it is emptied, in bytes.
    package var maximumCacheByteCount = 2 << 20

    /// Makes the default limits.
    package init() {}
}
