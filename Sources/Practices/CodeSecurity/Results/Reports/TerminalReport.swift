/// What a person reads in a terminal: grouped by file, with the code and how to mend it.
package struct TerminalReport {
    private let hasColour: Bool

    /// Colour only when asked for: the caller knows whether a terminal reads.
    package init(hasColour: Bool) { self.hasColour = hasColour }

    /// The report as text.
    package func text(_ result: ScanResult, _ context: ReportContext) -> String {
        var lines: [String] = []
        var path: String?
        for finding in result.active {
            if finding.path != path {
                lines += ["", bold(Self.printable(finding.path))]
                path = finding.path
            }
            lines += block(finding, result.rule(finding.ruleID))
        }
        lines += [""] + notes(result) + [summary(result, context)]
        if path != nil {
            lines.append(dim("buckler-scan explain RULE says more; --report html=report.html writes a page to pass on"))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func block(_ finding: Finding, _ rule: Rule?) -> [String] {
        var context = finding.context == .production ? "" : " [\(finding.context.rawValue)]"
        if finding.commit != nil { context += " [\(finding.history)]" }
        var lines = [
            "  \(severity(finding.severity)) \(Self.printable(finding.message)) \(dim(finding.ruleID + context))"
        ]
        let width = String(finding.start.line + finding.snippet.count).count
        for (offset, line) in finding.snippet.prefix(4).enumerated() {
            let number = String(finding.start.line + offset)
            let text = Self.printable(line.count > 160 ? String(line.prefix(159)) + "…" : line)
            lines.append("    " + dim(String(repeating: " ", count: width - number.count) + number + " │ ") + text)
            if offset == 0, line.count <= 160 {
                let end = finding.end.line == finding.start.line ? finding.end.column : line.utf16.count + 1
                let blank = String(line.utf16.prefix(finding.start.column - 1)) ?? ""
                let lead = String(blank.map { $0 == "\t" ? "\t" : " " })
                let marks = String(repeating: "^", count: max(1, min(end - finding.start.column, 120)))
                lines.append(
                    "    " + dim(String(repeating: " ", count: width) + " │ ") + lead + colour(marks, finding.severity))
            }
        }
        if let fix = rule?.metadata.fix { lines.append("    " + dim("fix: ") + Self.printable(fix)) }
        return lines
    }

    /// Notes that say that the scan is not the one that was asked for: shown even when only a summary is.
    package func requestNotes(_ result: ScanResult) -> [String] {
        result.notes.filter(\.isAboutTheRequest).prefix(20).map { dim("note: \(Self.printable($0.sentence))") }
    }

    private func notes(_ result: ScanResult) -> [String] {
        result.notes.prefix(20).map { note in
            dim("  note: \(Self.printable(note.sentence))")
        } + (result.notes.count > 20 ? [dim("  and \(result.notes.count - 20) more notes")] : [])
    }

    /// The last line: how much was found.
    package func summary(_ result: ScanResult, _ context: ReportContext) -> String {
        let active = result.active
        let counts = Severity.allCases.reversed().map { severity in
            let count = active.count { $0.severity == severity }
            return "\(count) \(severity.name)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
        let suppressed = result.findings.count - active.count
        let remarks = result.notes.isEmpty ? "" : ", \(Plural.of(result.notes.count, "remark"))"
        return
            "\(bold(counts))\(suppressed > 0 ? ", \(suppressed) suppressed" : "")\(remarks) in \(Plural.of(result.fileCount, "file")), \(context.seconds) s"
    }

    /// Without characters that a terminal obeys: a scanned file must not be able to move the cursor.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars { result.unicodeScalars.append(isControl(scalar) ? "·" : scalar) }
        return result
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }

    private func severity(_ severity: Severity) -> String { colour(severity.name, severity) }

    private func colour(_ text: String, _ severity: Severity) -> String {
        guard hasColour else { return text }
        switch severity {
        case .error: return "\u{1B}[31;1m\(text)\u{1B}[0m"
        case .warning: return "\u{1B}[33;1m\(text)\u{1B}[0m"
        case .note: return "\u{1B}[36m\(text)\u{1B}[0m"
        }
    }

    private func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    private func dim(_ text: String) -> String { hasColour ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
