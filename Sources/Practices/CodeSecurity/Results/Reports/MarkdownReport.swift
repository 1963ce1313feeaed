/// Markdown for a comment on a pull request: a summary and a table, bounded in length.
package enum MarkdownReport {
    /// Rows beyond this are only counted.
    private static let maximumRowCount = 100
    private static let maximumNoteCount = 20

    /// The report as text.
    package static func text(_ result: ScanResult, _ context: ReportContext) -> String {
        let active = result.active
        guard !active.isEmpty else {
            return
                "### buckler-scan: nothing found\n\n\(result.fileCount) files in \(context.seconds) s.\(suppressed(result))\n"
                + notes(result).joined(separator: "\n")
        }
        var lines = ["### buckler-scan: \(summary(active))", ""]
        lines += ["| | where | what | fix |", "| --- | --- | --- | --- |"]
        for finding in active.sorted(by: {
            ($1.severity, $0.path, $0.start.offset) < ($0.severity, $1.path, $1.start.offset)
        }).prefix(maximumRowCount) {
            let fix = result.rule(finding.ruleID)?.metadata.fix ?? ""
            lines.append(
                "| \(finding.severity.name) | `\(cell(finding.path)):\(finding.start.line)`\(history(finding)) | \(cell(finding.message)) (`\(finding.ruleID)`) | \(cell(fix)) |"
            )
        }
        if active.count > maximumRowCount { lines += ["", "… and \(active.count - maximumRowCount) more."] }
        lines += ["", "\(result.fileCount) files in \(context.seconds) s.\(suppressed(result))", ""]
        lines += notes(result)
        return lines.joined(separator: "\n")
    }

    private static func notes(_ result: ScanResult) -> [String] {
        guard !result.notes.isEmpty else { return [] }
        let shown = result.notes.prefix(maximumNoteCount).map { "* `\(cell($0.place))`: \(cell($0.text))" }
        let left = result.notes.count - shown.count
        return ["", "Notes about this scan:", ""] + shown + (left > 0 ? ["* and \(left) more"] : []) + [""]
    }

    private static func history(_ finding: Finding) -> String {
        finding.commit == nil ? "" : " " + finding.history
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
