/// One self-contained page: what a manager reads at the top, what a developer needs below.
///
/// No request leaves it; the addresses in it are followed only by a click.
package enum HTMLReport {
    /// The page as text.
    package static func text(_ result: ScanResult, _ context: ReportContext) -> String {
        let active = result.active
        let name = Markup.escaped(context.name)
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
            <meta name="color-scheme" content="light dark"><title>\(name): code security</title>
            <style>\(HTMLTemplate.style)</style></head><body>
            <header><p class="kind">Code security report</p><h1>\(name)</h1>
            <p class="sub">\(Markup.escaped(time(context.time))) · \(Plural.of(result.fileCount, "file")), \(size(result.byteCount)) · \(Plural.of(result.rules.count, "rule")) · buckler-scan \(Markup.escaped(context.version))</p></header>
            <main>
            \(verdict(active))
            <section class="cards">\(cards(result))</section>
            <section class="split">\(areaChart(active, result))\(overview(active, result))</section>
            \(HTMLWeaknesses(result: result).section)
            \(suppressed(result))
            \(notes(result))
            </main>
            \(HTMLTemplate.footer)
            <script>\(HTMLTemplate.script)</script></body></html>

            """
    }

    /// `2026-11-22 22:15 UTC` from RFC 3339.
    private static func time(_ text: String) -> String {
        guard text.count >= 16, text.hasSuffix("Z") else { return text }
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    private static func size(_ count: Int) -> String {
        count >= 1_048_576 ? "\(count / 1_048_576).\((count % 1_048_576) * 10 / 1_048_576) MB" : "\(count / 1024) KB"
    }

    private static func verdict(_ findings: [Finding]) -> String {
        let errors = findings.count { $0.severity == .error }
        let warnings = findings.count { $0.severity == .warning }
        let others = "\(warnings) weakness\(warnings == 1 ? "" : "es")"
        let level: String
        let head: String
        let text: String
        switch (errors, warnings) {
        case (0, 0): (level, head, text) = ("good", "Nothing to mend", "No rule found anything that needs mending.")
        case (0, _):
            (level, head) = ("warning", "To be mended")
            text = "\(others) found; none that an attacker is known to profit from directly."
        default:
            let more = warnings == 0 ? "" : " \(others) beside \(errors == 1 ? "it" : "them") should be mended too."
            (level, head) = ("error", "Mend before the next release")
            text = "\(errors) finding\(errors == 1 ? " gives" : "s give") an attacker a direct advantage.\(more)"
        }
        return "<section class=\"verdict \(level)\"><strong>\(head)</strong><span>\(text)</span></section>"
    }

    private static func cards(_ result: ScanResult) -> String {
        let active = result.active
        let meanings: [Severity: String] = [
            .error: "exploitable", .warning: "should be mended", .note: "worth knowing",
        ]
        var cards = Severity.allCases.reversed().map { severity -> String in
            let count = active.count { $0.severity == severity }
            return card(
                count, severity.name + (count == 1 ? "" : "s"), meanings[severity] ?? "",
                count == 0 ? "" : severity.name)
        }
        let files = Set(active.map(\.path)).count
        cards.append(card(files, files == 1 ? "file" : "files", "of \(result.fileCount) concerned", ""))
        cards.append(card(result.findings.count - active.count, "accepted", "with a written reason", ""))
        return cards.joined()
    }

    private static func card(_ number: Int, _ label: String, _ meaning: String, _ level: String) -> String {
        "<div class=\"card \(level)\"><b>\(number)</b><span>\(label)</span><small>\(meaning)</small></div>"
    }

    /// A bar for every MASVS group, stacked by severity.
    private static func areaChart(_ findings: [Finding], _ result: ScanResult) -> String {
        var counts: [String: [Severity: Int]] = [:]
        for finding in findings {
            let control = result.rule(finding.ruleID)?.metadata.masvs.first ?? "OTHER"
            let parts = control.split(separator: "-")
            counts[parts.count > 1 ? String(parts[1]) : "OTHER", default: [:]][finding.severity, default: 0] += 1
        }
        let largest = max(1, counts.values.map { $0.values.reduce(0, +) }.max() ?? 1)
        let rows = groups.filter { $0.id != "OTHER" || counts[$0.id] != nil }.map { group in
            let segments = Severity.allCases.reversed().map { severity -> String in
                let count = counts[group.id]?[severity] ?? 0
                guard count > 0 else { return "" }
                return
                    "<i class=\"\(severity.name)\" style=\"width:\(max(1, count * 100 / largest))%\" title=\"\(count) \(severity.name)\(count == 1 ? "" : "s")\"></i>"
            }.joined()
            let total = counts[group.id]?.values.reduce(0, +) ?? 0
            return
                "<tr\(total == 0 ? " class=\"none\"" : "")><th>\(group.id.capitalizedWord)<small>\(group.meaning)</small></th><td><div class=\"bar\">\(segments)</div></td><td class=\"n\">\(total)</td></tr>"
        }
        return
            "<div class=\"panel\"><h2>By area (OWASP MASVS)</h2><table class=\"chart\">\(rows.joined())</table></div>"
    }

    /// The weaknesses, the worst first, each a link to its place below.
    private static func overview(_ findings: [Finding], _ result: ScanResult) -> String {
        let ordered = HTMLWeaknesses(result: result).groups
        let rows = ordered.prefix(10).map { group in
            "<tr><td><i class=\"dot \(group.severity.name)\"></i><a href=\"#rule-\(Markup.escaped(group.id))\">\(Markup.escaped(group.title))</a></td><td class=\"n\">\(group.findings.count)</td></tr>"
        }
        let rest =
            ordered.count > 10 ? "<tr><td class=\"more\">and \(ordered.count - 10) more below</td><td></td></tr>" : ""
        let body = rows.isEmpty ? "<tr><td>none</td></tr>" : rows.joined() + rest
        return "<div class=\"panel\"><h2>Weaknesses</h2><table class=\"list\">\(body)</table></div>"
    }

    private static func suppressed(_ result: ScanResult) -> String {
        let rows = result.findings.compactMap { finding -> String? in
            guard let suppression = finding.suppression else { return nil }
            let until = suppression.expires.map { " (until \($0))" } ?? ""
            return
                "<tr><td class=\"where\">\(Markup.escaped(finding.path)):\(finding.start.line)</td><td><code>\(Markup.escaped(finding.ruleID))</code></td><td>\(Markup.escaped(suppression.reason + until))</td></tr>"
        }
        guard !rows.isEmpty else { return "" }
        return
            "<section><details class=\"box\"><summary>\(rows.count) accepted</summary><table>\(rows.joined())</table></details></section>"
    }

    private static func notes(_ result: ScanResult) -> String {
        guard !result.notes.isEmpty else { return "" }
        let rows = result.notes.map { note in
            "<tr><td class=\"where\">\(Markup.escaped(note.place))</td><td>\(Markup.escaped(note.text))</td></tr>"
        }
        return
            "<section><details class=\"box\"><summary>\(rows.count) note\(rows.count == 1 ? "" : "s") about this scan</summary><table>\(rows.joined())</table></details></section>"
    }

    private static let groups: [(id: String, meaning: String)] = [
        ("STORAGE", "data kept on the device"), ("CRYPTO", "keys and ciphers"), ("AUTH", "sign-in, biometrics"),
        ("NETWORK", "what goes over the wire"), ("PLATFORM", "web views, links, other apps"),
        ("CODE", "input, memory, libraries"), ("RESILIENCE", "debugging and tampering"),
        ("PRIVACY", "permissions and tracking"), ("OTHER", ""),
    ]
}

extension String {
    /// The first letter large, the rest small.
    var capitalizedWord: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
