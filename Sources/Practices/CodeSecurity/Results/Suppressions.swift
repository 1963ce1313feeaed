/// Comments that accept a finding: `buckler-scan:ignore rule-id[, rule-id] [until YYYY-MM-DD] -- reason`.
///
/// The comment stands on the line of the finding, or alone on the line before it. Without a reason it has no effect and is noted;
/// so it is after its day, with a rule that does not exist, and where it accepts nothing.
package struct Suppressions: Sendable {
    private struct Entry: Sendable {
        /// Where the comment stands.
        let line: Int
        /// The line of the findings that it accepts.
        let target: Int
        let rules: Set<String>
        let suppression: Suppression

        func accepts(_ finding: Finding) -> Bool {
            target == finding.start.line && (rules.contains(finding.ruleID) || rules.contains("all"))
        }
    }

    /// The word whose presence in a file makes it worth looking for comments.
    package static let word = RequiredWord("buckler-scan:")

    private let entries: [Entry]
    let path: String
    package let notes: [ScanNote]

    /// Reads the comments of a file; `today` is `YYYY-MM-DD`.
    ///
    /// A tree tells what stands in the text of a literal and is no comment. Rules that are not known are noted, unless nobody knows
    /// them all.
    package init(in source: SourceText, today: String, tree: CodeTree? = nil, knownRules: Set<String>? = nil) {
        var entries: [Entry] = []
        var notes: [ScanNote] = []
        func note(_ line: Int, _ text: String) {
            notes.append(ScanNote(kind: .suppressionInvalid, path: source.path, line: line, text: text))
        }
        // A page's only comments; what stands in its samples is about suppressions.
        let isPage = source.path.hasSuffix(".md")
        for number in 1...max(1, source.lineCount) {
            let line = source.line(number)
            guard let mark = line.firstRange(of: "buckler-scan:") else { continue }
            let offset = source.lineRange(number).lowerBound + line[..<mark.lowerBound].utf8.count
            guard Self.opensComment(line[..<mark.lowerBound], isPage), !Self.isText(offset, tree) else { continue }
            let rest = line[mark.upperBound...]
            guard rest.hasPrefix("ignore") else {
                if ["ignore", "disable", "suppress"].contains(where: rest.trimmingBlanks.lowercased().hasPrefix) {
                    note(number, "a suppression is written `buckler-scan:ignore`; it has no effect")
                }
                continue
            }
            let isAlone = Self.standsAlone(line[..<mark.lowerBound], rest)
            switch Self.entry(String(rest.dropFirst("ignore".count)), number, isAlone, today) {
            case .success(let entry):
                entries.append(entry)
                for rule in entry.rules.sorted() where rule != "all" && knownRules?.contains(rule) == false {
                    note(number, "there is no rule \(rule)")
                }
            case .failure(let problem): note(number, problem.text)
            }
        }
        self.entries = entries
        path = source.path
        self.notes = notes
    }

    /// The suppression of a finding in the same file, if there is one.
    package func suppression(of finding: Finding) -> Suppression? {
        guard finding.path == path else { return nil }
        return entries.first { $0.accepts(finding) }?.suppression
    }

    /// Notes about comments that accept none of the findings, though a rule that they name was there to find something.
    package func unused(among findings: [Finding], ran rules: Set<String>) -> [ScanNote] {
        entries.filter { entry in
            (entry.rules.contains("all") || !entry.rules.isDisjoint(with: rules))
                && !findings.contains { $0.path == path && entry.accepts($0) }
        }.map {
            ScanNote(
                kind: .suppressionUnused, path: path, line: $0.line,
                text: "the suppression of \($0.rules.sorted().joined(separator: ", ")) accepts nothing")
        }
    }

    private struct Problem: Error {
        let text: String
    }

    private static func entry(_ text: String, _ number: Int, _ isAlone: Bool, _ today: String) -> Result<Entry, Problem>
    {
        let parts = text.split(separator: "--", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            return .failure(Problem(text: "a suppression needs its reason after `--`; it has no effect"))
        }
        var reason = parts[1].trimmingBlanks
        for end in ["*/", "-->"] {
            if let range = reason.firstRange(of: end) { reason = reason[..<range.lowerBound].trimmingBlanks }
        }
        guard reason.count >= 3 else {
            return .failure(Problem(text: "a suppression needs its reason after `--`; it has no effect"))
        }
        var words = parts[0].split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
        var expires: String?
        if let until = words.firstIndex(of: "until") {
            guard until + 1 < words.count, isDay(words[until + 1]) else {
                return .failure(
                    Problem(text: "`until` is followed by a day such as 2027-01-31; the suppression has no effect"))
            }
            expires = words[until + 1]
            words.removeSubrange(until...(until + 1))
        }
        guard !words.isEmpty else { return .failure(Problem(text: "a suppression names its rules; it has no effect")) }
        if let expires, expires < today {
            return .failure(Problem(text: "the suppression ended on \(expires); it has no effect"))
        }
        let suppression = Suppression(kind: .inSource, reason: String(reason), expires: expires)
        return .success(
            Entry(line: number, target: isAlone ? number + 1 : number, rules: Set(words), suppression: suppression))
    }

    /// Whether a comment begins right before the mark: a text that only speaks of suppressions is none.
    private static func opensComment(_ before: Substring, _ isPage: Bool) -> Bool {
        let before = before.trimmingBlanks
        guard (isPage ? ["<!--"] : ["//", "/*", "*", "#", "<!--"]).contains(where: before.hasSuffix) else {
            return false
        }
        var code = before
        while let last = code.last, "/*#<!-".contains(last) || last.isWhitespace { code = code.dropLast() }
        return code.last != "`" && !endsInText(code)
    }

    /// Whether a quotation mark is open at the end of a piece of code.
    private static func endsInText(_ code: Substring) -> Bool {
        var isText = false
        var isEscaped = false
        for character in code {
            if character == "\"", !isEscaped { isText.toggle() }
            isEscaped = character == "\\" && !isEscaped
        }
        return isText
    }

    /// Whether a byte stands in the text of a literal.
    private static func isText(_ offset: Int, _ tree: CodeTree?) -> Bool {
        guard let tree else { return false }
        return tree[tree.innermost(at: offset)].kind == .string
    }

    /// Whether nothing but the comment stands on the line.
    private static func standsAlone(_ before: Substring, _ after: Substring) -> Bool {
        guard before.allSatisfy({ $0.isWhitespace || "/*#<!-".contains($0) }) else { return false }
        for end in ["*/", "-->"] {
            if let range = after.firstRange(of: end) { return after[range.upperBound...].allSatisfy(\.isWhitespace) }
        }
        return true
    }

    private static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-").map(String.init)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            let month = Int(parts[1]),
            let day = Int(parts[2]), Int(parts[0]) != nil
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day)
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmingBlanks: Substring {
        var result = self
        while let first = result.first, first.isWhitespace { result = result.dropFirst() }
        while let last = result.last, last.isWhitespace { result = result.dropLast() }
        return result
    }
}
