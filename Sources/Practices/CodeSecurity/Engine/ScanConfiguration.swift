/// What a project says about its scans: `.buckler-scan.yaml`, read strictly.
package struct ScanConfiguration: Sendable {
    /// The file's name at the root of a project.
    package static let fileName = ".buckler-scan.yaml"

    package var excluded: [String] = []
    package var disabledRules: Set<String> = []
    /// Folders of rules beside the built-in ones, relative to the root.
    package var ruleFolders: [String] = []
    package var severities: [String: Severity] = [:]
    /// The severity from which a scan fails; nil when none does.
    package var failsOn: Severity? = .error
    package var baseline: String?
    package var includesVendored = false
    package var includesTests = true

    package init() {}

    #if Scanner
        /// Reads the file's text; one without content changes nothing.
        package init(yaml: String, path: String = ScanConfiguration.fileName) throws(RuleError) {
            let hasContent = yaml.split(whereSeparator: \.isNewline).contains {
                let line = $0.drop(while: \.isWhitespace)
                return !line.isEmpty && !line.hasPrefix("#")
            }
            guard hasContent else {
                self.init()
                return
            }
            try self.init(RuleValue(yaml: yaml, path: path), path: path)
        }
    #endif

    /// Takes what the file says.
    package init(_ value: RuleValue, path: String = ScanConfiguration.fileName) throws(RuleError) {
        guard let map = value.map else {
            throw RuleError(path: path, line: value.line, reason: "the file is a map of keys")
        }
        for (key, item) in map { try read(key, item, path) }
    }

    private mutating func read(_ key: String, _ value: RuleValue, _ path: String) throws(RuleError) {
        switch key {
        case "exclude": excluded = try texts(value, key, path)
        case "disable": disabledRules = Set(try texts(value, key, path))
        case "rules": ruleFolders = try texts(value, key, path)
        case "baseline": baseline = try text(value, key, path)
        case "vendored": includesVendored = try flag(value, key, path)
        case "tests": includesTests = try flag(value, key, path)
        case "fail_on":
            let text = try text(value, key, path)
            failsOn = text == "never" ? nil : Severity(text)
            guard failsOn != nil || text == "never" else {
                throw RuleError(path: path, line: value.line, reason: "fail_on is error, warning, note or never")
            }
        case "severity":
            guard let levels = value.map else {
                throw RuleError(path: path, line: value.line, reason: "severity is a map of rule ids")
            }
            for (rule, level) in levels {
                guard let severity = level.text.flatMap({ Severity($0) }) else {
                    throw RuleError(path: path, line: level.line, reason: "severity.\(rule) is error, warning or note")
                }
                severities[rule] = severity
            }
        default:
            throw RuleError(
                path: path, line: value.line,
                reason:
                    "unknown key \(key); known are exclude, disable, rules, baseline, vendored, tests, fail_on, severity"
            )
        }
    }

    private func texts(_ value: RuleValue, _ key: String, _ path: String) throws(RuleError) -> [String] {
        guard let list = value.list else { throw RuleError(path: path, line: value.line, reason: "\(key) is a list") }
        let texts = list.compactMap(\.text)
        guard texts.count == list.count else {
            throw RuleError(path: path, line: value.line, reason: "\(key) is a list of texts")
        }
        return texts
    }

    private func text(_ value: RuleValue, _ key: String, _ path: String) throws(RuleError) -> String {
        guard let text = value.text, !text.isEmpty else {
            throw RuleError(path: path, line: value.line, reason: "\(key) is a text")
        }
        return text
    }

    private func flag(_ value: RuleValue, _ key: String, _ path: String) throws(RuleError) -> Bool {
        switch value.text {
        case "true": return true
        case "false": return false
        default: throw RuleError(path: path, line: value.line, reason: "\(key) is true or false")
        }
    }

    /// The ids of rules that it speaks about.
    package var namedRules: Set<String> { disabledRules.union(severities.keys) }

    /// The rules that the project wants, with the severities that it gives them.
    package func applied(to rules: [Rule]) -> [Rule] {
        rules.filter { !disabledRules.contains($0.id) }.map { rule in
            severities[rule.id].map { rule.with(severity: $0) } ?? rule
        }
    }
}

extension Rule {
    /// The same rule with another severity.
    package func with(severity: Severity) -> Rule {
        Rule(
            id: id, languages: languages, severity: severity, message: message, search: search, metadata: metadata,
            requiredWords: requiredWords, excludedPaths: excludedPaths, coversTests: coversTests)
    }
}
