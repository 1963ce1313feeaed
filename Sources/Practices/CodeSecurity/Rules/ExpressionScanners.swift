/// The scanners of one worker: what they learn about the rules' expressions in one file serves in the next.
///
/// Not thread-safe: one object per worker.
package final class ExpressionScanners {
    private struct Entry {
        /// Kept alive, so that its identity names no other.
        let source: ExpressionSource
        /// Nil when the text is no expression, which a rule's reader refuses.
        let scanner: ExpressionScanner?
    }

    /// Bytes that all scanners of a worker may use between two files.
    static let maximumByteCount = 16 * 1_048_576

    private var entries: [ObjectIdentifier: Entry] = [:]

    package init() {}

    /// The number of expressions whose scanners are kept.
    var count: Int { entries.count }

    /// The scanner of an expression, made when it is first asked for.
    func scanner(for source: ExpressionSource) -> ExpressionScanner? {
        let identity = ObjectIdentifier(source)
        if let known = entries[identity] { return known.scanner }
        let entry = Entry(source: source, scanner: (try? source.expression())?.makeScanner())
        entries[identity] = entry
        return entry.scanner
    }

    /// Whether an expression matches where a text begins.
    func matchesPrefix(_ source: ExpressionSource, of text: String) -> Bool {
        scanner(for: source)?.matchesPrefix(of: text) ?? false
    }

    /// Whether an expression matches anywhere in a text.
    func isMatch(_ source: ExpressionSource, _ text: String) -> Bool { scanner(for: source)?.isMatch(text) ?? false }

    /// Whether an expression matches anywhere in a file.
    func isMatch(_ source: ExpressionSource, in bytes: [UInt8]) -> Bool {
        guard let scanner = scanner(for: source) else { return false }
        return bytes.withUnsafeBufferPointer { scanner.isMatch(in: $0) }
    }

    /// All matches of an expression in a file.
    func matches(_ source: ExpressionSource, in bytes: [UInt8]) -> [ExpressionMatch] {
        scanner(for: source)?.matches(in: bytes) ?? []
    }

    /// Forgets what was learnt when it takes more memory than it is worth; called between files.
    package func trim(to limit: Int = ExpressionScanners.maximumByteCount) {
        let total = entries.values.reduce(0) { $0 + ($1.scanner?.byteCount ?? 0) }
        if total > limit { entries.removeAll() }
    }
}
