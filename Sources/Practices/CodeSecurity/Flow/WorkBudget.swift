/// Steps that the analysis of one file may take.
///
/// They are counted, not timed: the same file has the same answer on every machine.
///
/// Code that was made to be expensive can ask questions whose answers grow with a power of its length. When the steps are spent,
/// every further question is answered with "unknown", and the report says so.
package final class WorkBudget {
    /// Steps for a file; ordinary files of a megabyte take a tenth of them.
    static let standard = 60_000_000

    private var left: Int

    init(_ steps: Int = WorkBudget.standard) { left = steps }

    /// Whether all steps are spent.
    package var isSpent: Bool { left <= 0 }

    /// Takes steps; false when they are spent.
    @inline(__always)
    func spend(_ steps: Int = 1) -> Bool {
        guard left > 0 else { return false }
        left = left > steps ? left &- steps : 0
        return left > 0
    }
}
