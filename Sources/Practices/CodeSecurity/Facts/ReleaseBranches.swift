/// Which places of a source file never reach a released app: those inside `#if DEBUG` and `#if targetEnvironment(simulator)`.
///
/// Works on lines, backwards from a place; asked only about the few places that matter.
enum ReleaseBranches {
    /// Whether the first branch of a debug or simulator condition holds the byte at `position`.
    static func leaveOut(_ position: Int, in source: SourceText) -> Bool {
        var depth = 0
        var isOtherBranch = false
        var number = source.position(at: position).line - 1
        while number >= 1 {
            let line = source.line(number).drop { $0 == " " || $0 == "\t" }
            number -= 1
            guard line.hasPrefix("#") else { continue }
            if line.hasPrefix("#endif") {
                depth += 1
            } else if line.hasPrefix("#if") {
                if depth == 0 {
                    if !isOtherBranch, isForDevelopment(line) { return true }
                    isOtherBranch = false
                } else {
                    depth -= 1
                }
            } else if depth == 0, line.hasPrefix("#el") {
                isOtherBranch = true
            }
        }
        return false
    }

    private static func isForDevelopment(_ line: Substring) -> Bool {
        let words = line.split { $0 == " " || $0 == "\t" }.dropFirst()
        guard let first = words.first, !words.contains("||") else { return false }
        return first == "DEBUG" || first == "targetEnvironment(simulator)" || first == "TARGET_OS_SIMULATOR"
    }
}
