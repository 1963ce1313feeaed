/// Comments that accept a finding: `buckler-scan:ignore rule-id[, rule-id] [until YYYY-MM-DD] -- reason`.
///
/// The comment stands on the line of the finding or on the line before it. Without a reason it has no effect and is noted; after
/// its day it has no effect and is noted.
package struct Suppressions: Sendable {
    private struct Entry: Sendable {
        let line: Int
        let rules: Set<String>
        let suppression: Suppression
    }

    /// The word whose presence in a file makes it worth looking for comments.
    package static let word = RequiredWord("buckler-scan:ignore")

    private let entries: [Entry]
    private let path: String
    package let notes: [ScanNote]

    /// Reads the comments of a file; `today` is `YYYY-MM-DD`.
    package init(in source: SourceText, today: String) {
        var entries: [Entry] = []
        var notes: [ScanNote] = []
        for number in 1...max(1, source.lineCount) {
            let line = source.line(number)
            guard let mark = line.firstRange(of: "buckler-scan:ignore"), Self.opensComment(line[..<mark.lowerBound])
            else {
                continue
            }
            switch Self.entry(
                String(line[mark.upperBound...]), number, Self.standsAlone(line[..<mark.lowerBound]), today)
            {
            case .success(let entry): entries.append(entry)
            case .failure(let problem):
                notes.append(ScanNote(kind: .suppressionInvalid, path: source.path, line: number, text: problem.text))
            }
        }
        self.entries = entries
        path = source.path
        self.notes = notes
    }

    /// The suppression of a finding in the same file, if there is one.
    package func suppression(of finding: Finding) -> Suppression? {
        guard finding.path == path else { return nil }
        return entries.first { entry in
            entry.line == finding.start.line && (entry.rules.contains(finding.ruleID) || entry.rules.contains("all"))
        }?.suppression
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
        for end in ["*/", "-->"] where reason.hasSuffix(end) { reason = reason.dropLast(end.count).trimmingBlanks }
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
        return .success(Entry(line: isAlone ? number + 1 : number, rules: Set(words), suppression: suppression))
    }

    /// Whether a comment begins right before the mark: a text that only speaks of suppressions is none.
    private static func opensComment(_ before: Substring) -> Bool {
        let before = before.trimmingBlanks
        return ["//", "/*", "*", "#", "<!--"].contains { before.hasSuffix($0) }
    }

    private static func standsAlone(_ before: Substring) -> Bool {
        before.allSatisfy { $0.isWhitespace || "/*#<!-".contains($0) }
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
