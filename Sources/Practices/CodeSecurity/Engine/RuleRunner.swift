import Crypto

/// Runs rules over the tree of one file.
package struct RuleRunner {
    private let analysis: FileAnalysis
    private let pathContext: CodeContext
    private let pathPrefix: String
    private var tree: CodeTree { analysis.tree }

    package init(analysis: FileAnalysis, context: CodeContext, pathPrefix: String = "") {
        self.analysis = analysis
        self.pathPrefix = pathPrefix
        pathContext = context
    }

    /// The findings of some rules, in the order of the text.
    package func findings(of rules: [Rule]) -> [Finding] {
        var findings: [Finding] = []
        for rule in rules where rule.languages.contains(tree.language) || rule.languages.contains(.text) {
            findings += self.findings(of: rule)
        }
        return findings.sorted {
            ($0.start.offset, $0.end.offset, $0.ruleID) < ($1.start.offset, $1.end.offset, $1.ruleID)
        }
    }

    private func findings(of rule: Rule) -> [Finding] {
        var matches: [PatternMatch]
        switch rule.search {
        case .formula(let formula): matches = FormulaEvaluator(analysis: analysis).matches(formula)
        case .taint(let search):
            var flow = TaintFlow(search, analysis: analysis)
            matches = flow.matches()
        case .analyser: matches = []
        }
        matches = Self.outermost(matches)
        var seen: [String: Int] = [:]
        return matches.map { finding(rule, $0, &seen) }
    }

    /// One result for a place: of matches that begin together the longest, and none inside another.
    private static func outermost(_ matches: [PatternMatch]) -> [PatternMatch] {
        var result: [PatternMatch] = []
        for match in matches.sorted(by: { ($0.start, $1.end) < ($1.start, $0.end) }) {
            if let last = result.last, match.end <= last.end { continue }
            result.append(match)
        }
        return result
    }

    private func finding(_ rule: Rule, _ match: PatternMatch, _ seen: inout [String: Int]) -> Finding {
        let start = tree.source.position(at: Int(match.start))
        let end = tree.source.position(at: Int(match.end))
        let code = tree.source.text(Int(match.start)..<Int(match.end)).split(whereSeparator: \.isWhitespace).joined(
            separator: " ")
        let occurrence = seen[code, default: 0]
        seen[code] = occurrence + 1
        return Finding(
            ruleID: rule.id, severity: rule.severity, message: message(rule, match.bindings),
            path: tree.source.path,
            start: start, end: end,
            snippet: snippet(
                (start.line...min(end.line, start.line + 9)).map { tree.source.shortLine($0) }, rule, match),
            context: context(of: match),
            fingerprint: Fingerprint.of(
                rule: rule.id, path: pathPrefix + tree.source.path, code: code, occurrence: occurrence))
    }

    private func snippet(_ lines: [String], _ rule: Rule, _ match: PatternMatch) -> [String] {
        guard rule.metadata.secrecy != nil else { return lines }
        let secrets = SecretBindings(analysis: analysis, bindings: match.bindings)
        return SecretMask.masked(
            lines, rule.metadata.area == "secrets" ? .everything : .literals,
            values: secrets.groups(besides: rule.message))
    }

    /// The message with the code of its metavariables, each at most 80 characters; of a secret its beginning.
    private func message(_ rule: Rule, _ bindings: Bindings) -> String {
        guard rule.message.contains("$") else { return rule.message }
        var result = rule.message
        let evaluator = FormulaEvaluator(analysis: analysis)
        let secrets = SecretBindings(analysis: analysis, bindings: bindings)
        for name in bindings.names.sorted(by: { $0.count > $1.count }) {
            guard result.contains(name), let value = evaluator.text(bindings[name]) else { continue }
            var line = value.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            if let secrecy = rule.metadata.secrecy { line = secrets.shown(name, as: line, secrecy) }
            result = result.replacing(name, with: line.count > 80 ? String(line.prefix(79)) + "…" : line)
        }
        return result
    }

    private func context(of match: PatternMatch) -> CodeContext {
        guard pathContext == .production, match.node != Node.none else { return pathContext }
        for ancestor in tree.ancestors(match.node) {
            switch tree[ancestor].kind {
            case .conditionalCompilation:
                if Self.isDebug(tree.name(ancestor) ?? "") { return .debug }
            case .macro where tree.name(ancestor) == "Preview": return .preview
            case .typeDeclaration:
                if tree.children(ancestor).contains(where: {
                    tree[$0].role == .inherited && tree.name($0) == "PreviewProvider"
                }) {
                    return .preview
                }
            default: continue
            }
        }
        return .production
    }

    private static func isDebug(_ condition: String) -> Bool {
        let words = condition.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "!" && $0 != "|" }
        return words.contains { $0 == "DEBUG" || $0 == "targetEnvironment" || $0 == "TESTING" } && !words.contains("||")
            && !condition.contains("!DEBUG")
    }
}

/// How a finding is recognised in another version of the code.
package enum Fingerprint {
    /// SHA-256 in hexadecimal over rule, path, code and occurrence.
    package static func of(rule: String, path: String, code: String, occurrence: Int) -> String {
        let text = [rule, path, code, String(occurrence)].joined(separator: "\u{0}")
        return SHA256.hash(data: Array(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
