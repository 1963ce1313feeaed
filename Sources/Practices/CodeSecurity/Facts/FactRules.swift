/// Makes findings of facts, in the words of the rule that names an analyser.
struct FactRules: Sendable {
    private let rules: [String: Rule]
    /// What stands before paths in fingerprints.
    private let pathPrefix: String

    /// Keeps the rules with an analyser; one that is left out or switched off finds nothing.
    init(_ rules: [Rule], pathPrefix: String = "") {
        self.pathPrefix = pathPrefix
        var found: [String: Rule] = [:]
        for rule in rules {
            if case .analyser(let name) = rule.search { found[name] = rule }
        }
        self.rules = found
    }

    /// Whether no rule asks.
    var isEmpty: Bool { rules.isEmpty }

    /// A finding at the place of a fact; `$KEY` and `$API` in the message are filled in.
    func finding(_ analyser: String, at fact: Fact, key: String, related: [RelatedPlace] = []) -> Finding? {
        guard let rule = rules[analyser] else { return nil }
        if rule.excludedPaths.contains(where: { PathGlob($0).matches(fact.path) }) { return nil }
        let name = key.split(separator: ":").last.map(String.init) ?? key
        let message = rule.message.replacing("$KEY", with: name).replacing("$API", with: fact.detail)
        return Finding(
            ruleID: rule.id, severity: rule.severity, message: message, path: fact.path, start: fact.start,
            end: fact.end,
            snippet: fact.snippet, context: fact.context,
            fingerprint: Fingerprint.of(rule: rule.id, path: pathPrefix + fact.path, code: key, occurrence: 0),
            related: related)
    }
}
