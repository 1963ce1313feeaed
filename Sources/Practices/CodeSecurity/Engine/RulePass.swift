/// Runs the rules whose words stand in a file.
package struct RulePass: FilePass {
    package let words: [RequiredWord]
    /// The rules that can speak about files of a language.
    private let entries: [Language: [Entry]]

    /// A rule with what is asked of it for every file.
    private struct Entry: Sendable {
        let rule: Rule
        let clauses: [[Int]]
        let excluded: [PathGlob]
        let isTextual: Bool
    }

    /// Takes the rules and the vocabulary that holds their ``words(of:)``.
    package init(rules: [Rule], vocabulary: Vocabulary) {
        words = Self.words(of: rules)
        let all = rules.filter(\.search.isFormula).map { rule in
            Entry(
                rule: rule, clauses: vocabulary.numbers(of: rule.requiredWords),
                excluded: rule.excludedPaths.map { PathGlob($0) }, isTextual: rule.search.isTextual)
        }
        var entries: [Language: [Entry]] = [:]
        for language in Language.allCases {
            entries[language] = all.filter {
                $0.rule.languages.contains(language) || $0.rule.languages.contains(.text)
            }
        }
        self.entries = entries
    }

    /// The words of which rules need some in a file.
    package static func words(of rules: [Rule]) -> [RequiredWord] {
        rules.filter(\.search.isFormula).flatMap { $0.requiredWords.flatMap { $0 } }
    }

    package func run(_ file: FileInput) -> FilePassResult {
        let active = (entries[file.language] ?? []).filter { isActive($0, file) }
        guard !active.isEmpty else { return FilePassResult() }
        var findings: [Finding] = []
        var needsTree = active.filter { !$0.isTextual }.map(\.rule)
        let textual = active.filter(\.isTextual).map(\.rule)
        if !textual.isEmpty {
            // Expressions need no tree; only where they match does it matter what the code around them is.
            let analysis = FileAnalysis(tree: file.emptyTree, scanners: file.scanners)
            let found = RuleRunner(analysis: analysis, context: file.context, pathPrefix: file.pathPrefix).findings(
                of: textual)
            if file.language == .swift || file.language == .objectiveC {
                needsTree += textual.filter { rule in found.contains { $0.ruleID == rule.id } }
            } else {
                findings = found
            }
        }
        needsTree = needsTree.filter { rule in
            rule.search.gates.allSatisfy { file.scanners.isMatch($0, in: file.source.bytes) }
        }
        if !needsTree.isEmpty {
            findings += RuleRunner(analysis: file.analysis, context: file.context, pathPrefix: file.pathPrefix)
                .findings(of: needsTree)
        }
        return FilePassResult(findings: SecretLines(of: findings, rules: active.map(\.rule)).hidden(in: findings))
    }

    private func isActive(_ entry: Entry, _ file: FileInput) -> Bool {
        (file.context != .test || entry.rule.coversTests) && file.satisfies(entry.clauses)
            && !entry.excluded.contains { $0.matches(file.source.path) }
    }
}

extension Rule.Search {
    /// Expressions that must match somewhere in a file; they cost less than its tree.
    var gates: [ExpressionSource] {
        guard case .formula(.all(let parts)) = self else { return [] }
        return parts.compactMap { part in
            guard case .expression(let expression) = part else { return nil }
            return expression
        }
    }

    /// Whether it looks at text alone.
    var isTextual: Bool {
        guard case .formula(let formula) = self else { return false }
        return formula.patterns.isEmpty && !formula.readsData
    }
}
