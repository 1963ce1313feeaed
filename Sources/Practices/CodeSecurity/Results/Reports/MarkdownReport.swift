/// Markdown for a comment on a pull request: a summary and a table, bounded in length.
package enum MarkdownReport {
    /// Rows beyond this are only counted.
    private static let maximumRowCount = 100

    /// The report as text.
    package static func text(_ result: ScanResult, _ context: ReportContext) -> String {
        let active = result.active
        guard !active.isEmpty else {
            return
                "### buckler-scan: nothing found\n\n\(closing(result, context))\n"
        }
        var lines = ["### buckler-scan: \(summary(active))", ""]
        lines += ["| | where | what | fix |", "| --- | --- | --- | --- |"]
        for finding in active.sorted(by: {
            ($1.severity, $0.path, $0.start.offset) < ($0.severity, $1.path, $1.start.offset)
        }).prefix(maximumRowCount) {
            let fix = result.rule(finding.ruleID)?.metadata.fix ?? ""
            lines.append(
                "| \(finding.severity.name) | `\(cell(context.pathPrefix + finding.path)):\(finding.start.line)`\(history(finding)) | \(cell(finding.message)) (`\(finding.ruleID)`) | \(cell(fix)) |"
            )
        }
        if active.count > maximumRowCount { lines += ["", "… and \(active.count - maximumRowCount) more."] }
        lines += ["", closing(result, context), ""]
        return lines.joined(separator: "\n")
    }

    private static func history(_ finding: Finding) -> String {
        finding.commit == nil ? "" : " " + finding.history
    }

    /// How much was read, and what was not.
    private static func closing(_ result: ScanResult, _ context: ReportContext) -> String {
        let head = "\(Plural.of(result.fileCount, "file")) in \(context.seconds) s.\(suppressed(result))"
        guard !result.notes.isEmpty else { return head }
        let shown = result.notes.prefix(10).map { "- \(cell($0.sentence))" }
        let rest = result.notes.count > 10 ? ["- and \(result.notes.count - 10) more notes"] : []
        return ([head, ""] + shown + rest).joined(separator: "\n")
    }

    private static func suppressed(_ result: ScanResult) -> String {
        let count = result.findings.count - result.active.count
        return count == 0 ? "" : " \(count) suppressed."
    }

    private static func summary(_ findings: [Finding]) -> String {
        Severity.allCases.reversed().compactMap { severity in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.name)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }

    /// A text inside a table: no cell, markup, link, image or mention of its own.
    private static func cell(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "|", "\\", "[", "]", "*": result += "\\" + String(scalar)
            case "\n", "\r", "\t": result += " "
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            case "@": result += "&#64;"
            case "`": result += "'"
            default: if scalar.value >= 0x20 { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }
}
