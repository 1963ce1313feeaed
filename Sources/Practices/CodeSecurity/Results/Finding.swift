/// One place where a rule holds.
package struct Finding: Sendable, Hashable {
    package let ruleID: String
    package let severity: Severity
    /// The rule's message with the code of its metavariables.
    package let message: String
    package let path: String
    package let start: SourcePosition
    package let end: SourcePosition
    /// The lines of the finding, at most ten.
    package internal(set) var snippet: [String]
    package let context: CodeContext
    /// SHA-256, hexadecimal, over rule, path, the code's tokens and how many equal ones stand before it: it survives moved lines.
    package let fingerprint: String
    /// Other places that belong to it, such as where a hard-coded key is declared.
    package let related: [RelatedPlace]
    /// Why it is not counted, when somebody wrote that down.
    package var suppression: Suppression?
    /// The commit of the git history in which it stands, when it no longer stands in the files.
    package var commit: String?

    package init(
        ruleID: String, severity: Severity, message: String, path: String, start: SourcePosition, end: SourcePosition,
        snippet: [String], context: CodeContext, fingerprint: String, related: [RelatedPlace] = [],
        suppression: Suppression? = nil
    ) {
        self.ruleID = ruleID
        self.severity = severity
        self.message = message
        self.path = path
        self.start = start
        self.end = end
        self.snippet = snippet
        self.context = context
        self.fingerprint = fingerprint
        self.related = related
        self.suppression = suppression
    }
}

extension Finding {
    /// For people: which commit of the history it stands in; empty for what stands in the files.
    package var history: String { commit.map { "in commit \($0.prefix(12))" } ?? "" }
}

/// Another place that explains a finding.
package struct RelatedPlace: Hashable, Sendable {
    package let path: String
    package let start: SourcePosition
    package let end: SourcePosition
    package let message: String

    package init(path: String, start: SourcePosition, end: SourcePosition, message: String) {
        self.path = path
        self.start = start
        self.end = end
        self.message = message
    }
}

/// Where code stands, and so how much a finding in it matters.
package enum CodeContext: String, Hashable, Sendable, CaseIterable {
    case production
    /// Inside `#if DEBUG`.
    case debug
    /// A preview, a sample or a mock.
    case preview
    case test
    /// Code of others that lies in the project: Pods, Carthage, vendored folders.
    case vendored
}

/// A finding that somebody accepted, in the code or in the baseline.
package struct Suppression: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// `// buckler-scan:ignore rule -- reason`
        case inSource
        case baseline
    }

    package let kind: Kind
    package let reason: String
    /// `YYYY-MM-DD`, the last day on which it counts.
    package let expires: String?

    package init(kind: Kind, reason: String, expires: String?) {
        self.kind = kind
        self.reason = reason
        self.expires = expires
    }
}

/// Something about the scan itself that a reader must know: a file too large, a rule left out, a suppression without a reason.
package struct ScanNote: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case fileTooLarge, binaryFile, unreadableFile, linkCycle
        /// Code that is nested too deeply, or goes on too long, for all of it to be read.
        case readInPart
        case budgetSpent, ruleLeftOut, suppressionInvalid, configuration
        /// A comment that accepts findings where there are none.
        case suppressionUnused
        /// Files that were not read because nobody asked for them.
        case filesLeftOut
    }

    package let kind: Kind
    package let path: String
    /// Counts from 1; 0 when no line is meant.
    package let line: Int
    package let text: String

    package init(kind: Kind, path: String, line: Int = 0, text: String) {
        self.kind = kind
        self.path = path
        self.line = line
        self.text = text
    }

    /// Where it is about, as `path:line`, as far as it is about a place.
    package var place: String { line > 0 ? "\(path):\(line)" : path }
    /// The place and what is to be said of it.
    package var sentence: String { path.isEmpty ? text : "\(place): \(text)" }
    /// Whether it says that the scan is not the one that was asked for.
    package var isAboutTheRequest: Bool { kind == .ruleLeftOut || kind == .configuration }
}

/// Everything that one scan found, in a stable order.
package struct ScanResult: Sendable {
    /// Sorted by path, line, column and rule; suppressed ones are among them.
    package let findings: [Finding]
    package let notes: [ScanNote]
    package let fileCount: Int
    package let byteCount: Int
    /// Files that needed a tree because a rule's words stood in them.
    package let parsedFileCount: Int
    package let rules: [Rule]

    package init(
        findings: [Finding], notes: [ScanNote], fileCount: Int, byteCount: Int, parsedFileCount: Int, rules: [Rule]
    ) {
        self.findings = findings
        self.notes = notes
        self.fileCount = fileCount
        self.byteCount = byteCount
        self.parsedFileCount = parsedFileCount
        self.rules = rules
    }

    /// The findings that count.
    package var active: [Finding] { findings.filter { $0.suppression == nil } }

    /// The same result with more notes in front.
    package func with(notes more: [ScanNote]) -> ScanResult { copy(findings, more + notes) }

    /// The same result with some of its findings.
    package func filtered(_ isKept: (Finding) -> Bool) -> ScanResult { copy(findings.filter(isKept), notes) }

    private func copy(_ findings: [Finding], _ notes: [ScanNote]) -> ScanResult {
        ScanResult(
            findings: findings, notes: notes, fileCount: fileCount, byteCount: byteCount,
            parsedFileCount: parsedFileCount,
            rules: rules)
    }

    /// The rule of a finding.
    package func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }
}
