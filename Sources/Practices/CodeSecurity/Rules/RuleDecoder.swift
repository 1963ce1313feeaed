/// Reads the rules of a file strictly: an unknown key, a missing word or a pattern that is no code is an error with its line.
package struct RuleDecoder {
    private let path: String
    private let area: String

    /// Takes the path of the file, for messages; its folder is the rule's area.
    package init(path: String) {
        self.path = path
        let folders = path.split(separator: "/")
        area = folders.count > 1 ? String(folders[folders.count - 2]) : "custom"
    }

    /// The rules of a file of the form `rules: [ … ]`.
    package func rules(in value: RuleValue) throws(RuleError) -> [Rule] {
        guard let list = value["rules"]?.list, !list.isEmpty else { throw error(value, "there is no list named rules") }
        var rules: [Rule] = []
        for item in list { rules.append(try rule(item)) }
        return rules
    }

    /// One rule; the words that a file needs are worked out from its patterns unless they are given.
    package func rule(_ value: RuleValue, words: [[RequiredWord]]? = nil) throws(RuleError) -> Rule {
        try check(value, keys: Self.ruleKeys)
        let id = try required(value, "id")
        guard !id.isEmpty, id.allSatisfy({ $0.isLowercase || $0.isNumber || $0 == "-" || $0 == "." }) else {
            throw error(value, "id \(id) is not lower case letters, digits, - and .")
        }
        guard let severity = Severity(try required(value, "severity")) else {
            throw error(value, "severity is error, warning or note")
        }
        let languages = try self.languages(value)
        let search = try self.search(value)
        try compile(search, languages, value)
        let message = try required(value, "message")
        try checkHoles(search, message, value)
        return Rule(
            id: id, languages: languages, severity: severity, message: Self.sentence(message), search: search,
            metadata: try metadata(value),
            requiredWords: words ?? RequiredWords.clauses(of: search, languages: languages),
            excludedPaths: value["paths"]?["exclude"]?.texts ?? [], coversTests: value["tests"]?.text == "true")
    }

    private func search(_ value: RuleValue) throws(RuleError) -> Rule.Search {
        if let name = value["analyser"]?.text { return .analyser(name) }
        if value["mode"]?.text == "taint" {
            return .taint(
                TaintSearch(
                    sources: try formulas(value, "pattern-sources"), sinks: try formulas(value, "pattern-sinks"),
                    sanitizers: value["pattern-sanitizers"] == nil ? [] : try formulas(value, "pattern-sanitizers")))
        }
        let decoder = FormulaDecoder(path: path)
        let formulas = try decoder.formulas(of: value, among: FormulaDecoder.keys)
        guard let formula = formulas.first, formulas.count == 1 else {
            throw error(value, "a rule has one of pattern, patterns, pattern-either, pattern-regex, or mode: taint")
        }
        guard formula.isPositive else { throw error(value, "nothing in the rule says what to find") }
        return .formula(formula)
    }

    private func formulas(_ value: RuleValue, _ key: String) throws(RuleError) -> [Formula] {
        guard let list = value[key]?.list, !list.isEmpty else { throw error(value, "a taint rule needs \(key)") }
        var result: [Formula] = []
        for item in list { result.append(try FormulaDecoder(path: path).item(item)) }
        return result
    }

    /// Parses every pattern in every language of the rule; one must be code in at least one of them.
    private func compile(_ search: Rule.Search, _ languages: Set<Language>, _ value: RuleValue) throws(RuleError) {
        guard value.line > 0 else { return }
        for source in search.patterns {
            if let bracket = PatternBrackets.unpaired(in: source.text) {
                throw RuleError(
                    path: path, line: source.line, reason: "the pattern is not usable: \(bracket) has no partner")
            }
            var failure: PatternError?
            var works = false
            for language in Language.code where languages.contains(language) || languages.contains(.text) {
                do throws(PatternError) {
                    _ = try source.pattern(in: language)
                    works = true
                } catch { failure = error }
            }
            if !works {
                throw RuleError(
                    path: path, line: source.line,
                    reason: "the pattern is not usable: \(failure.map { "\($0)" } ?? "no language has patterns")")
            }
        }
    }

    /// Refuses a rule that asks for what it never binds: it could not fire, or would print `$NAME`.
    private func checkHoles(_ search: Rule.Search, _ message: String, _ value: RuleValue) throws(RuleError) {
        guard value.line > 0, let name = RuleHoles(search).unbound(message: message) else { return }
        throw error(value, "no pattern of the rule binds \(name)")
    }

    /// A message as a sentence: reports put several side by side.
    private static func sentence(_ text: String) -> String {
        guard let last = text.last, !".!?…:".contains(last) else { return text }
        return text + "."
    }

    private func languages(_ value: RuleValue) throws(RuleError) -> Set<Language> {
        let names = value["languages"]?.texts ?? []
        var result: Set<Language> = []
        for name in names {
            guard let language = Language(rawValue: name) else { throw error(value, "unknown language \(name)") }
            result.insert(language)
        }
        guard !result.isEmpty else { throw error(value, "languages is missing") }
        return result
    }

    private func metadata(_ value: RuleValue) throws(RuleError) -> RuleMetadata {
        guard let metadata = value["metadata"] else { throw error(value, "metadata is missing") }
        try check(metadata, keys: Self.metadataKeys)
        guard let confidence = Confidence(rawValue: try required(metadata, "confidence").lowercased()) else {
            throw error(metadata, "confidence is low, medium or high")
        }
        let cwe = metadata["cwe"]?.texts ?? []
        guard !cwe.isEmpty, cwe.allSatisfy({ $0.hasPrefix("CWE-") && Int($0.dropFirst(4)) != nil }) else {
            throw error(metadata, "cwe is a list such as [CWE-327]")
        }
        try checkWeaknesses(metadata)
        return RuleMetadata(
            title: try required(metadata, "title"), why: try required(metadata, "why"),
            fix: try required(metadata, "fix"),
            cwe: cwe, masvs: metadata["masvs"]?.texts ?? [], maswe: metadata["maswe"]?.texts ?? [],
            masweBeta: metadata["maswe-beta"]?.texts ?? [], mastg: metadata["mastg"]?.texts ?? [],
            confidence: confidence,
            references: metadata["references"]?.texts ?? [], area: metadata["area"]?.text ?? area)
    }

    private func checkWeaknesses(_ metadata: RuleValue) throws(RuleError) {
        guard metadata.line > 0 else { return }
        if let list = metadata["maswe"], let unknown = list.texts.first(where: { !Weakness.ids.contains($0) }) {
            throw error(list, "\(unknown) is no weakness of MASWE 1.0.0, such as MASWE-0004")
        }
        if let list = metadata["maswe-beta"], let unknown = list.texts.first(where: { !Weakness.isNumbered($0) }) {
            throw error(list, "\(unknown) is no number of MASWE, such as MASWE-0004")
        }
    }

    private func required(_ value: RuleValue, _ key: String) throws(RuleError) -> String {
        guard let text = value[key]?.text, !text.isEmpty else { throw error(value, "\(key) is missing") }
        return text
    }

    private func check(_ value: RuleValue, keys: Set<String>) throws(RuleError) {
        for (key, item) in value.map ?? [] where !keys.contains(key) { throw error(item, "unknown key \(key)") }
    }

    private func error(_ value: RuleValue, _ reason: String) -> RuleError {
        RuleError(path: path, line: value.line, reason: reason)
    }

    private static let ruleKeys: Set<String> = FormulaDecoder.keys.union([
        "id", "languages", "severity", "message", "metadata", "mode", "pattern-sources", "pattern-sinks",
        "pattern-sanitizers", "analyser", "paths", "tests",
    ])
    private static let metadataKeys: Set<String> = [
        "title", "why", "fix", "cwe", "masvs", "maswe", "maswe-beta", "mastg", "confidence", "references", "area",
    ]
}

extension Rule.Search {
    /// Every pattern in it.
    var patterns: [PatternSource] {
        switch self {
        case .formula(let formula): formula.patterns
        case .taint(let taint): (taint.sources + taint.sinks + taint.sanitizers).flatMap(\.patterns)
        case .analyser: []
        }
    }
}

extension Formula {
    var patterns: [PatternSource] {
        switch self {
        case .pattern(let source): [source]
        case .all(let parts), .any(let parts): parts.flatMap(\.patterns)
        case .not(let part), .inside(let part), .notInside(let part), .only(_, let part): part.patterns
        case .condition(.formula(_, let part)): part.patterns
        case .expression, .condition, .focus, .data, .dataCondition: []
        }
    }
}
