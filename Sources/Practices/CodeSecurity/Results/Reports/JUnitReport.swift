/// JUnit XML: a suite for every rule, a failing case for every finding, so that any CI shows them.
package enum JUnitReport {
    /// The report as text.
    package static func text(_ result: ScanResult, _ context: ReportContext) -> String {
        let active = result.active
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            "<testsuites name=\"buckler-scan\" tests=\"\(max(result.findings.count, 1))\" failures=\"\(active.count)\" skipped=\"\(result.findings.count - active.count)\" time=\"\(context.seconds)\">"
        )
        let byRule = Dictionary(grouping: result.findings, by: \.ruleID)
        for rule in result.rules {
            guard let findings = byRule[rule.id] else { continue }
            let skipped = findings.count { $0.suppression != nil }
            lines.append(
                "  <testsuite name=\"\(Markup.escaped(rule.id))\" tests=\"\(findings.count)\" failures=\"\(findings.count - skipped)\" skipped=\"\(skipped)\">"
            )
            for finding in findings { lines += testCase(finding, rule, context) }
            lines.append("  </testsuite>")
        }
        if result.findings.isEmpty {
            lines.append(
                "  <testsuite name=\"buckler-scan\" tests=\"1\" failures=\"0\"><testcase classname=\"buckler-scan\" name=\"no findings\"/></testsuite>"
            )
        }
        lines += notes(result)
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    /// What was left out or is wrong, as the output of a suite of its own: JUnit has no other place for it.
    private static func notes(_ result: ScanResult) -> [String] {
        guard !result.notes.isEmpty else { return [] }
        let text = Markup.escaped(result.notes.map(\.sentence).joined(separator: "\n"))
        return [
            "  <testsuite name=\"notes\" tests=\"0\" failures=\"0\"><system-out>\(text)</system-out></testsuite>"
        ]
    }

    private static func testCase(_ finding: Finding, _ rule: Rule, _ context: ReportContext) -> [String] {
        let path = context.pathPrefix + finding.path
        let place = "\(path):\(finding.start.line):\(finding.start.column)"
        let name = finding.commit == nil ? place : "\(place) \(finding.history)"
        let head = "    <testcase classname=\"\(Markup.escaped(rule.id))\" name=\"\(Markup.escaped(name))\""
        return [
            head + " file=\"\(Markup.escaped(path))\" line=\"\(finding.start.line)\">",
            outcome(finding, rule),
            "    </testcase>",
        ]
    }

    private static func outcome(_ finding: Finding, _ rule: Rule) -> String {
        if let suppression = finding.suppression {
            return "      <skipped message=\"\(Markup.escaped("suppressed: " + suppression.reason))\"/>"
        }
        let message = Markup.escaped(finding.message)
        let text = Markup.escaped(finding.snippet.joined(separator: "\n") + "\n\n" + rule.metadata.fix)
        return "      <failure type=\"\(finding.severity.name)\" message=\"\(message)\">\(text)</failure>"
    }
}
