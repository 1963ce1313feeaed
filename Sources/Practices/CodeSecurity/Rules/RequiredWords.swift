/// The words without which a rule cannot match: a file that lacks them is never parsed for it.
enum RequiredWords {
    /// Clauses: every one needs one of its words.
    ///
    /// No clause means that nothing is known.
    static func clauses(of search: Rule.Search, languages: Set<Language>) -> [[RequiredWord]] {
        switch search {
        case .formula(let formula): limited(clauses(of: formula, languages))
        case .taint(let taint):
            limited([either(taint.sources, languages), either(taint.sinks, languages)].compactMap { $0 })
        case .analyser: []
        }
    }

    private static func clauses(of formula: Formula, _ languages: Set<Language>) -> [[RequiredWord]] {
        switch formula {
        case .pattern(let source): words(of: source, languages)
        case .expression(let source): words(of: source)
        case .all(let parts): parts.flatMap { clauses(of: $0, languages) }
        case .any(let parts): either(parts, languages).map { [$0] } ?? []
        case .inside(let part): clauses(of: part, languages)
        case .only(let some, let part): some.isSuperset(of: languages) ? clauses(of: part, languages) : []
        case .data(let search): search.requiredWords
        case .dataCondition(.has(let search)), .dataCondition(.around(_, let search)):
            DataSearch.property(search).requiredWords
        case .condition(.expression(_, let expression, negated: false)),
            .condition(.spelling(_, let expression, negated: false)):
            clauses(of: .expression(expression), languages)
        case .not, .notInside, .condition, .focus, .dataCondition: []
        }
    }

    /// One clause that holds whenever one of the parts does, or nil.
    private static func either(_ parts: [Formula], _ languages: Set<Language>) -> [RequiredWord]? {
        var clause: [RequiredWord] = []
        for part in parts {
            var part = part
            var languages = languages
            if case .only(let some, let inner) = part {
                part = inner
                languages = some
            }
            guard let best = clauses(of: part, languages).max(by: { weight($0) < weight($1) }) else { return nil }
            clause += best
        }
        return clause.isEmpty ? nil : clause
    }

    /// A clause says more the longer its shortest word is.
    private static func weight(_ clause: [RequiredWord]) -> Int { clause.map(\.bytes.count).min() ?? 0 }

    private static func limited(_ clauses: [[RequiredWord]]) -> [[RequiredWord]] {
        Array(clauses.sorted { weight($0) > weight($1) }.prefix(3))
    }

    private static func words(of source: PatternSource, _ languages: Set<Language>) -> [[RequiredWord]] {
        var byLanguage: [Set<String>] = []
        for language in languages {
            guard let pattern = try? source.pattern(in: language) else { continue }
            byLanguage.append(names(in: pattern))
        }
        guard var common = byLanguage.first else { return [] }
        for names in byLanguage.dropFirst() { common.formIntersection(names) }
        // In order, so that the same rules make the same pack.
        return common.sorted().map { [RequiredWord($0)] }
    }

    private static func words(of source: ExpressionSource) -> [[RequiredWord]] {
        guard let expression = try? source.expression(), !expression.requiredLiterals.isEmpty else { return [] }
        return [
            expression.requiredLiterals.map {
                RequiredWord(bytes: $0, ignoresCase: expression.requiredLiteralsIgnoreCase)
            }
        ]
    }

    private static func names(in pattern: Pattern) -> Set<String> {
        var result: Set<String> = []
        for id in 0..<NodeID(pattern.tree.count) where pattern[id] == .none {
            switch pattern.tree[id].kind {
            case .identifier, .member, .argument, .functionDeclaration, .typeName, .attribute, .macro, .importation:
                guard let name = pattern.tree.name(id), !name.hasPrefix(PatternText.metavariable) else { continue }
                for piece in name.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" })
                where piece.count >= 3 {
                    if !common.contains(String(piece)) { result.insert(String(piece)) }
                }
            default: continue
            }
        }
        return result
    }

    private static let common: Set<String> = ["self", "init", "deep__", "dots__", "Self", "super"]
}
