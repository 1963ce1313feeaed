/// One weakness that the analyser can see, and how it sees it.
package final class Rule: Sendable {
    package enum Search: Sendable {
        case formula(Formula)
        case taint(TaintSearch)
        /// Found by code of ours that looks at several files or at property lists; the rule carries its words.
        case analyser(String)
    }

    package let id: String
    package let languages: Set<Language>
    package let severity: Severity
    package let message: String
    package let search: Search
    package let metadata: RuleMetadata
    /// Clauses of words: a file without one word of every clause cannot match.
    package let requiredWords: [[RequiredWord]]
    /// Globs of paths that the rule leaves out.
    package let excludedPaths: [String]
    /// Whether the rule also speaks about test code.
    package let coversTests: Bool

    package init(
        id: String, languages: Set<Language>, severity: Severity, message: String, search: Search,
        metadata: RuleMetadata, requiredWords: [[RequiredWord]], excludedPaths: [String], coversTests: Bool
    ) {
        self.id = id
        self.languages = languages
        self.severity = severity
        self.message = message
        self.search = search
        self.metadata = metadata
        self.requiredWords = requiredWords
        self.excludedPaths = excludedPaths
        self.coversTests = coversTests
    }
}

/// A word that must stand in a file.
package struct RequiredWord: Hashable, Sendable {
    package let bytes: [UInt8]
    package let ignoresCase: Bool

    package init(_ text: String, ignoresCase: Bool = false) {
        bytes = Array(text.utf8)
        self.ignoresCase = ignoresCase
    }

    package init(bytes: [UInt8], ignoresCase: Bool) {
        self.bytes = bytes
        self.ignoresCase = ignoresCase
    }
}

/// How bad a finding is.
///
/// The words are ours; Semgrep's are read too.
package enum Severity: Int, Comparable, Hashable, Sendable, CaseIterable {
    case note, warning, error

    package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }

    /// Reads `error`, `warning`, `note`, or Semgrep's `ERROR`, `WARNING`, `INFO`.
    package init?(_ text: String) {
        switch text.lowercased() {
        case "error", "high", "critical": self = .error
        case "warning", "medium": self = .warning
        case "note", "info", "low": self = .note
        default: return nil
        }
    }

    package var name: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .note: "note"
        }
    }
}

/// What a person needs to judge a finding and to mend it.
package struct RuleMetadata: Sendable {
    package let title: String
    package let why: String
    package let fix: String
    /// `CWE-327`.
    package let cwe: [String]
    /// OWASP MASVS v2 controls: `MASVS-CRYPTO-1`.
    package let masvs: [String]
    /// OWASP MASWE, version 1.0.0 and the beta numbering.
    package let maswe: [String]
    package let masweBeta: [String]
    /// OWASP MASTG tests: `MASTG-TEST-0211`.
    package let mastg: [String]
    package let confidence: Confidence
    package let references: [String]
    /// The folder of the rule, such as `crypto` or `storage`.
    package let area: String
}

/// How sure a rule can be of what it says.
package enum Confidence: String, Hashable, Sendable, CaseIterable {
    case low, medium, high
}
