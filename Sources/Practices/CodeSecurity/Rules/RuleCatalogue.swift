/// The page `Docs/Rules.md`: every rule, and every weakness of MASWE with its rules or with the reason why it has none.
package struct RuleCatalogue {
    private let rules: [Rule]
    private let samples: [String: [String]]

    /// Takes the rules and, for each, the paths of the samples in which it must find something.
    package init(rules: [Rule], samples: [String: [String]]) {
        self.rules = rules.sorted { ($0.metadata.area, $0.id) < ($1.metadata.area, $1.id) }
        self.samples = samples
    }

    /// The page as Markdown.
    package var markdown: String {
        """
        # Rules

        Written by `buckler-scan rules list --format markdown`; a test fails when it drifts. What the words mean stands in
        [CodeSecurity](CodeSecurity.md). Each rule lies below `Rules/` beside its samples: files with lines that must be found and
        lines that must not. Rules that compare several files have no sample there; their cases are Swift tests.

        \(summary)

        ## Rules by area
        \(areas)
        ## From weakness to rule
        \(weaknesses)
        """
    }

    private var summary: String {
        let counts = Severity.allCases.reversed().map { severity in
            "\(rules.count { $0.severity == severity }) \(severity.name)s"
        }
        let named = Weakness.all.count { !rules(for: $0).isEmpty }
        return
            "\(rules.count) rules: \(counts.joined(separator: ", ")). \(named) of the \(Weakness.all.count) weaknesses of MASWE 1.0.0 have at least one."
    }

    private var areas: String {
        let groups = Dictionary(grouping: rules, by: \.metadata.area)
        return groups.keys.sorted().map { area in
            let rows = (groups[area] ?? []).map(row).joined(separator: "\n")
            return """

                ### \(area)

                | rule | what it finds | severity, confidence | CWE | MASVS | MASTG | samples |
                | --- | --- | --- | --- | --- | --- | --- |
                \(rows)

                """
        }.joined()
    }

    private func row(_ rule: Rule) -> String {
        let metadata = rule.metadata
        let cells = [
            "`\(rule.id)`", metadata.title, "\(rule.severity.name), \(metadata.confidence.rawValue)",
            metadata.cwe.joined(separator: " "), metadata.masvs.map { $0.dropping("MASVS-") }.joined(separator: " "),
            metadata.mastg.map { $0.dropping("MASTG-") }.joined(separator: " "), sampleNames([rule]),
        ]
        return line(cells)
    }

    private var weaknesses: String {
        let seen = Weakness.all.filter { !rules(for: $0).isEmpty }.map { weakness -> String in
            let found = rules(for: weakness)
            let beta = Set(found.flatMap(\.metadata.masweBeta)).sorted().map { $0.dropping("MASWE-") }
            return line([
                weakness.id, beta.joined(separator: " "), weakness.name,
                found.map { "`\($0.id)`" }.joined(separator: " "),
                sampleNames(found),
            ])
        }
        let unseen = Weakness.all.filter { rules(for: $0).isEmpty }.map { line([$0.id, $0.name, $0.blindness]) }
        return """

            The beta numbers are those that the rules of a line carry; one rule may answer several weaknesses.

            | MASWE | beta | weakness | rules | samples |
            | --- | --- | --- | --- | --- |
            \(seen.joined(separator: "\n"))

            ### Without a rule

            | MASWE | weakness | why |
            | --- | --- | --- |
            \(unseen.joined(separator: "\n"))

            """
    }

    private func rules(for weakness: Weakness) -> [Rule] { rules.filter { $0.metadata.maswe.contains(weakness.id) } }

    /// The samples of some rules, those of one area and stem together: `crypto/weak-hash` `.swift` `.m`.
    private func sampleNames(_ rules: [Rule]) -> String {
        var suffixes: [String: Set<String>] = [:]
        for path in Set(rules.flatMap { samples[$0.id] ?? [] }) {
            let name = path.split(separator: "/").last ?? Substring(path)
            let folder = path.dropLast(name.count)
            guard let dot = name.firstIndex(of: ".") else { continue }
            suffixes[String(folder) + name[..<dot], default: []].insert(String(name[dot...]))
        }
        return suffixes.keys.sorted().map { stem in
            "\(stem)" + (suffixes[stem] ?? []).sorted().joined(separator: " ")
        }.joined(separator: ", ")
    }

    private func line(_ cells: [String]) -> String {
        "| "
            + cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }.joined(
                separator: " | ") + " |"
    }
}

extension String {
    /// Without a prefix, where it has it.
    fileprivate func dropping(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
