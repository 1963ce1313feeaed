/// What of a finding is a secret and is not passed on in full.
package enum Secrecy: Sendable {
    /// Every constant: the weakness is that it stands there.
    case values
    /// Constants that do not read as names: the weakness is where they go, and the rule says so by their names.
    case unspoken
}

extension RuleMetadata {
    /// What reports hide of the findings of a rule, by its area and by what its weakness is about.
    package var secrecy: Secrecy? {
        if cwe.contains(where: Self.literalSecrets.contains) { return .values }
        return area == "secrets" || cwe.contains(where: Self.keptSecrets.contains) ? .unspoken : nil
    }

    /// Secrets in the code: credentials, passwords, keys, salts, initialisation vectors.
    private static let literalSecrets: Set<String> = ["CWE-259", "CWE-321", "CWE-798", "CWE-760", "CWE-329", "CWE-547"]
    /// Secrets that are kept or sent in clear.
    private static let keptSecrets: Set<String> = [
        "CWE-256", "CWE-257", "CWE-260", "CWE-312", "CWE-313", "CWE-522", "CWE-523",
    ]
}

/// The metavariables of a match that hold a secret.
struct SecretBindings {
    let analysis: FileAnalysis
    let bindings: Bindings

    /// What the parts of an expression found and the message does not name: values where texts have no quotation marks.
    func groups(besides message: String) -> [String] {
        guard !Language.code.contains(analysis.tree.language) else { return [] }
        return bindings.names.compactMap { name in
            guard Self.isGroup(name), !message.contains(name), case .text(let text) = bindings[name] else { return nil }
            return text
        }
    }

    /// The text of a metavariable for a message.
    func shown(_ name: String, as text: String, _ secrecy: Secrecy) -> String {
        if Self.isGroup(name) { return text }
        if let constant = self.constant(name) { return isSecret(constant, secrecy) ? SecretMask.value(text) : text }
        return isName(name) ? text : SecretMask.masked(text, .literals)
    }

    private func isSecret(_ text: String, _ secrecy: Secrecy) -> Bool {
        switch secrecy {
        case .values: true
        case .unspoken: !text.allSatisfy { $0.isLetter || "._-".contains($0) }
        }
    }

    /// The value of a metavariable that is known before the program runs and stands between quotation marks.
    private func constant(_ name: String) -> String? {
        switch bindings[name] {
        case .node(let node): analysis.constants.string(node)
        case .text(let text): isName(name) ? nil : text
        case .nodes, nil: nil
        }
    }

    /// Whether a metavariable stands for a name of the code and not for what a literal says.
    private func isName(_ name: String) -> Bool {
        guard case .text(let text) = bindings[name] else { return false }
        guard Language.code.contains(analysis.tree.language) else { return Self.dataNames.contains(name) }
        let isWord = text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        return isWord && analysis.tree.source.bytes.firstRange(of: Array("\"\(text)\"".utf8)) == nil
    }

    /// `$1`: what a part of an expression found; rules name no value with it.
    private static func isGroup(_ name: String) -> Bool { name.dropFirst().allSatisfy(\.isNumber) }

    /// What searches in property lists and XML bind to keys and elements.
    private static let dataNames: Set<String> = ["$KEY", "$PARENT", "$NAME", "$API"]
}

/// The lines that some findings hide: others that show them hide them too.
struct SecretLines {
    private let lines: [String: Set<Int>]
    private let hiding: Set<String>

    init(of findings: [Finding], rules: [Rule]) {
        let hiding = Set(rules.filter { $0.metadata.secrecy != nil }.map(\.id))
        var lines: [String: Set<Int>] = [:]
        for finding in findings where hiding.contains(finding.ruleID) {
            lines[finding.path, default: []].formUnion(finding.start.line...finding.end.line)
        }
        self.hiding = hiding
        self.lines = lines
    }

    /// The same findings; those that stand on such a line without its constants.
    func hidden(in findings: [Finding]) -> [Finding] {
        guard !lines.isEmpty else { return findings }
        return findings.map { finding in
            guard !hiding.contains(finding.ruleID), let lines = lines[finding.path] else { return finding }
            let shown = finding.start.line..<(finding.start.line + finding.snippet.count)
            guard shown.contains(where: lines.contains) else { return finding }
            var finding = finding
            finding.snippet = SecretMask.masked(finding.snippet, .literals)
            return finding
        }
    }
}
