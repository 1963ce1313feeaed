/// Holds rules against the files beside them: a line after `// ruleid: id` must be found, a line after `// ok: id` must not.
///
/// The marks also work at the end of the marked line itself. `<!-- ruleid: id -->` and `# ruleid: id` are read too.
package struct FixtureRun {
    private let rules: [Rule]
    private let files: any ProjectFiles
    private let vocabulary: Vocabulary
    private let pass: RulePass

    package init(rules: [Rule], files: any ProjectFiles) {
        self.rules = rules
        self.files = files
        vocabulary = Vocabulary(RulePass.words(of: rules))
        pass = RulePass(rules: rules, vocabulary: vocabulary)
    }

    /// The sample files, in the order of their paths.
    package var samples: [ProjectFile] {
        files.list().files.filter { !$0.path.hasSuffix(".yaml") && Language(path: $0.path) != nil }
    }

    /// One text for every line that is not as its mark says; also for rules with too few marks.
    package func failures() -> [String] { samples.flatMap { failures(in: $0) } + rulesWithTooFewMarks() }

    /// One text for every line of a sample file that is not as its mark says.
    package func failures(in file: ProjectFile) -> [String] {
        guard let (source, language) = source(of: file) else { return ["\(file.path): cannot be read"] }
        let marks = Self.marks(in: source)
        let found = findings(in: source, language)
        var failures: [String] = []
        for mark in marks {
            let isFound = found.contains { $0.ruleID == mark.rule && $0.start.line == mark.line }
            guard isFound != mark.isPositive else { continue }
            let what = mark.isPositive ? "finds nothing" : "finds something"
            failures.append("\(file.path):\(mark.line): \(mark.rule) \(what)")
        }
        let known = Set(rules.map(\.id))
        for mark in marks where mark.isPositive && !known.contains(mark.rule) {
            failures.append("\(file.path):\(mark.line): there is no rule \(mark.rule)")
        }
        let marked = Set(marks.filter(\.isPositive).map { "\($0.rule):\($0.line)" })
        let subjects = Set(marks.map(\.rule))
        for finding in found
        where subjects.contains(finding.ruleID) && !marked.contains("\(finding.ruleID):\(finding.start.line)") {
            failures.append("\(file.path):\(finding.start.line): \(finding.ruleID) finds something without a mark")
        }
        return failures
    }

    /// One text for every rule with fewer than two positive or two negative marks in all sample files.
    package func rulesWithTooFewMarks() -> [String] {
        var counts: [String: (positive: Int, negative: Int)] = [:]
        for file in samples {
            for mark in source(of: file).map({ Self.marks(in: $0.source) }) ?? [] {
                if mark.isPositive {
                    counts[mark.rule, default: (0, 0)].positive += 1
                } else {
                    counts[mark.rule, default: (0, 0)].negative += 1
                }
            }
        }
        return rules.filter(\.search.isFormula).compactMap { rule in
            let count = counts[rule.id] ?? (0, 0)
            guard count.positive < 2 || count.negative < 2 else { return nil }
            return "\(rule.id): has \(count.positive) ruleid and \(count.negative) ok marks; two of each are needed"
        }
    }

    /// The samples in which each rule must find something, by the rule's id.
    package func samplesByRule() -> [String: [String]] {
        var result: [String: Set<String>] = [:]
        for file in samples {
            for mark in source(of: file).map({ Self.marks(in: $0.source) }) ?? [] where mark.isPositive {
                result[mark.rule, default: []].insert(file.path)
            }
        }
        return result.mapValues { $0.sorted() }
    }

    private func source(of file: ProjectFile) -> (source: SourceText, language: Language)? {
        guard let language = Language(path: file.path), let bytes = files.bytes(of: file) else { return nil }
        return (SourceText(path: file.path, bytes: bytes), language)
    }

    private func findings(in source: SourceText, _ language: Language) -> [Finding] {
        let input = FileInput(
            source: source, language: language, context: .production, vocabulary: vocabulary,
            scanners: ExpressionScanners())
        return pass.run(input).findings
    }

    private struct Mark {
        let rule: String
        let line: Int
        let isPositive: Bool
    }

    private static func marks(in source: SourceText) -> [Mark] {
        var marks: [Mark] = []
        for number in 1...max(1, source.lineCount) {
            let line = source.line(number)
            for (word, isPositive) in [("ruleid:", true), ("ok:", false)] {
                guard let range = line.firstRange(of: word) else { continue }
                let before = line[..<range.lowerBound]
                let code = before.split(separator: "//", omittingEmptySubsequences: false).first ?? ""
                let isAlone = code.allSatisfy { $0.isWhitespace || "<!-#/*".contains($0) }
                for name in line[range.upperBound...].split(whereSeparator: { ", \t->*/".contains($0) && $0 != "-" }) {
                    let name = name.prefix { $0 != ">" }
                    guard name.first?.isLetter == true else { break }
                    marks.append(Mark(rule: String(name), line: isAlone ? number + 1 : number, isPositive: isPositive))
                }
            }
        }
        return marks
    }
}

extension Rule.Search {
    var isFormula: Bool {
        if case .analyser = self { return false }
        return true
    }
}
