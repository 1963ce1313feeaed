/// Reads the part of a rule that says what to find, in Semgrep's keys.
struct FormulaDecoder {
    let path: String

    /// Keys of which a rule, or an item of a list, has one.
    static let keys: Set<String> = [
        "pattern", "patterns", "pattern-either", "pattern-regex", "pattern-not", "pattern-inside", "pattern-not-inside",
        "pattern-not-regex", "metavariable-regex", "metavariable-comparison", "metavariable-pattern",
        "metavariable-constant",
        "metavariable-type", "metavariable-analysis", "focus-metavariable",
        "plist-key", "plist-has", "plist-lacks", "plist-around", "xml-element", "xml-lacks",
    ]

    /// The formulas among some keys of a map, in the order of the file.
    func formulas(of value: RuleValue, among keys: Set<String>) throws(RuleError) -> [Formula] {
        var result: [Formula] = []
        for (key, item) in value.map ?? [] where keys.contains(key) { result.append(try formula(key, item)) }
        return result
    }

    /// An item of a list: a map with one key, and perhaps `languages`.
    func item(_ value: RuleValue) throws(RuleError) -> Formula {
        for (key, item) in value.map ?? [] where key != "languages" && !Self.keys.contains(key) {
            throw error(item, "unknown key \(key)")
        }
        let found = try formulas(of: value, among: Self.keys)
        guard let first = found.first else { throw error(value, "an item without a pattern") }
        let formula = found.count == 1 ? first : Formula.all(found)
        guard let names = value["languages"]?.texts else { return formula }
        let languages = Set(names.compactMap(Language.init(rawValue:)))
        guard languages.count == names.count else { throw error(value, "unknown language") }
        return .only(languages, formula)
    }

    private func formula(_ key: String, _ value: RuleValue) throws(RuleError) -> Formula {
        switch key {
        case "pattern": return .pattern(PatternSource(try text(value, key), line: value.line))
        case "patterns": return .all(try items(value, key))
        case "pattern-either": return .any(try items(value, key))
        case "pattern-regex": return .expression(try expression(value))
        case "pattern-not-regex": return .not(.expression(try expression(value)))
        case "pattern-not": return .not(try nested(value))
        case "pattern-inside": return .inside(try nested(value))
        case "pattern-not-inside": return .notInside(try nested(value))
        case "focus-metavariable": return .focus(value.texts)
        case "plist-key", "plist-has", "plist-lacks", "plist-around", "xml-element", "xml-lacks":
            return try DataSearchDecoder(path: path).formula(key, value)
        default: return .condition(try condition(key, value))
        }
    }

    private func condition(_ key: String, _ value: RuleValue) throws(RuleError) -> Condition {
        switch key {
        case "metavariable-comparison":
            guard let comparison = value["comparison"]?.text.flatMap(Comparison.init) else {
                throw error(value, "comparison is written as `$NAME < 2048`")
            }
            return .comparison(comparison)
        case "metavariable-regex":
            guard let expression = value["regex"] else { throw error(value, "regex is missing") }
            let (name, negated) = (try metavariable(value), value["negate"]?.text == "true")
            switch value["of"]?.text ?? "value" {
            case "value": return .expression(name, try self.expression(expression), negated: negated)
            case "name": return .spelling(name, try self.expression(expression), negated: negated)
            default: throw error(value, "of is value or name")
            }
        case "metavariable-pattern":
            let parts = try formulas(of: value, among: Self.keys)
            return .formula(try metavariable(value), parts.count == 1 ? parts[0] : .all(parts))
        case "metavariable-analysis": return .analysis(try metavariable(value), try analysis(value))
        case "metavariable-constant":
            guard let kind = ConstantKind(rawValue: value["kind"]?.text ?? "any") else {
                throw error(value, "kind is any, string, bytes or integer")
            }
            return .constant(try metavariable(value), kind, negated: value["negate"]?.text == "true")
        default:
            return .type(try metavariable(value), (value["types"] ?? value["type"])?.texts ?? [])
        }
    }

    private func analysis(_ value: RuleValue) throws(RuleError) -> ValueAnalysis {
        guard let analyser = value["analyzer"]?.text.flatMap(ValueAnalysis.Analyser.init(rawValue:)) else {
            throw error(value, "analyzer is " + ValueAnalysis.Analyser.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let minimum = value["minimum"]?.text.flatMap { Double($0) } ?? 3.0
        let expression = try value["regex"].map { value throws(RuleError) in try self.expression(value) }
        return ValueAnalysis(analyser: analyser, minimum: minimum, expression: expression)
    }

    /// A pattern, or a map of formulas.
    private func nested(_ value: RuleValue) throws(RuleError) -> Formula {
        if let text = value.text { return .pattern(PatternSource(text, line: value.line)) }
        return try item(value)
    }

    private func items(_ value: RuleValue, _ key: String) throws(RuleError) -> [Formula] {
        guard let list = value.list, !list.isEmpty else { throw error(value, "\(key) is a list") }
        var result: [Formula] = []
        for entry in list { result.append(try item(entry)) }
        return result
    }

    private func metavariable(_ value: RuleValue) throws(RuleError) -> String {
        guard let name = value["metavariable"]?.text, name.hasPrefix("$") else {
            throw error(value, "metavariable is missing")
        }
        return name
    }

    private func text(_ value: RuleValue, _ key: String) throws(RuleError) -> String {
        guard let text = value.text, !text.isEmpty else { throw error(value, "\(key) is a text") }
        return text
    }

    private func expression(_ value: RuleValue) throws(RuleError) -> ExpressionSource {
        try ExpressionSource(value, path: path)
    }

    private func error(_ value: RuleValue, _ reason: String) -> RuleError {
        RuleError(path: path, line: value.line, reason: reason)
    }
}
