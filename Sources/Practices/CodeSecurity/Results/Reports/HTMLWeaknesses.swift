/// The lower part of the HTML report: one block for every rule, with why and fix once and all its places.
struct HTMLWeaknesses {
    let result: ScanResult

    /// The findings of one rule.
    struct Group {
        let id: String
        let rule: Rule?
        let severity: Severity
        let findings: [Finding]

        var title: String { rule?.metadata.title ?? id }
    }

    /// The rules that found something, the worst and most frequent first.
    var groups: [Group] {
        Dictionary(grouping: result.active, by: \.ruleID).map { id, findings in
            Group(
                id: id, rule: result.rule(id), severity: findings.map(\.severity).max() ?? .note,
                findings: findings.sorted { ($0.path, $0.start.offset) < ($1.path, $1.start.offset) })
        }.sorted { ($1.severity, $1.findings.count, $0.id) < ($0.severity, $0.findings.count, $1.id) }
    }

    /// The section, or nothing.
    var section: String {
        let groups = groups
        guard !groups.isEmpty else { return "" }
        return """
            <section><h2>Findings</h2>
            <div class="tools"><input id="search" type="search" placeholder="Search path, rule or text" aria-label="Search findings">
            <label><input type="checkbox" data-level="error" checked> errors</label>
            <label><input type="checkbox" data-level="warning" checked> warnings</label>
            <label><input type="checkbox" data-level="note" checked> notes</label><span id="count" aria-live="polite"></span></div>
            \(groups.map(block).joined(separator: "\n"))</section>
            """
    }

    private func block(_ group: Group) -> String {
        let metadata = group.rule?.metadata
        let messages = Set(group.findings.map(\.message))
        let places = group.findings.map { place($0, showsMessage: messages.count > 1) }
        let open = places.prefix(Self.openPlaceCount).joined(separator: "\n")
        let rest = places.dropFirst(Self.openPlaceCount)
        let folded =
            rest.isEmpty
            ? ""
            : "<details class=\"rest\"><summary>\(rest.count) more place\(rest.count == 1 ? "" : "s")</summary>\(rest.joined(separator: "\n"))</details>"
        let count = group.findings.count
        return """
            <article class="\(group.severity.name)" id="rule-\(Markup.escaped(group.id))" data-level="\(group.severity.name)">
            <h3><span class="badge \(group.severity.name)">\(group.severity.name)</span>\(Markup.escaped(group.title))<span class="times">\(count) place\(count == 1 ? "" : "s")</span></h3>
            \(messages.count == 1 ? "<p>\(Markup.escaped(messages.first ?? ""))</p>" : "")
            <dl><dt>Why</dt><dd>\(Markup.escaped(metadata?.why ?? ""))</dd><dt>Fix</dt><dd>\(Markup.escaped(metadata?.fix ?? ""))</dd></dl>
            \(open)\(folded)
            \(references(metadata?.references ?? []))
            <p class="tags"><code>\(Markup.escaped(group.id))</code>\(tags(metadata))</p></article>
            """
    }

    private func tags(_ metadata: RuleMetadata?) -> String {
        guard let metadata else { return "" }
        let names =
            metadata.cwe + metadata.masvs + metadata.maswe + metadata.mastg + [
                "\(metadata.confidence.rawValue) confidence"
            ]
        return names.map { "<span class=\"tag\">\(Markup.escaped($0))</span>" }.joined()
    }

    private func references(_ references: [String]) -> String {
        guard !references.isEmpty else { return "" }
        let links = references.map { address -> String in
            let text = Markup.escaped(address)
            return address.hasPrefix("https://") ? "<a href=\"\(text)\" rel=\"noreferrer noopener\">\(text)</a>" : text
        }
        return "<p class=\"refs\">\(links.joined(separator: "<br>"))</p>"
    }

    private func place(_ finding: Finding, showsMessage: Bool) -> String {
        var context = finding.context == .production ? "" : "<span class=\"tag\">\(finding.context.rawValue)</span>"
        if finding.commit != nil { context += "<span class=\"tag\">\(Markup.escaped(finding.history))</span>" }
        let message = showsMessage ? "<p>\(Markup.escaped(finding.message))</p>" : ""
        let related = finding.related.map { other in
            "<p class=\"where\">\(Markup.escaped(other.path)):\(other.start.line) \(Markup.escaped(other.message))</p>"
        }.joined()
        return """
            <div class="place"><p class="where">\(Markup.escaped(finding.path)):\(finding.start.line):\(finding.start.column) \(context)</p>\(message)<pre>\(code(of: finding))</pre>\(related)</div>
            """
    }

    /// The lines of a finding without their common indentation, with what was found marked.
    private func code(of finding: Finding) -> String {
        let lines = finding.snippet.map { Array($0.utf16) }
        let indents = lines.compactMap { line in line.firstIndex { $0 != 0x20 && $0 != 0x09 } }
        let indent = indents.min() ?? 0
        let shown = lines.prefix(Self.shownLineCount).enumerated().map { offset, line in
            let number = finding.start.line + offset
            let from = offset == 0 ? finding.start.column - 1 : line.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? 0
            let to = number == finding.end.line ? finding.end.column - 1 : line.count
            return "<span class=\"ln\">\(number)</span>"
                + marked(line, from: max(indent, from), to: to, dropping: indent)
        }
        return (shown + (lines.count > Self.shownLineCount ? ["<span class=\"ln\"></span>…"] : [])).joined(
            separator: "\n")
    }

    /// A line in UTF-16 with `from..<to` marked, cut where it is too long to read.
    private func marked(_ line: [UInt16], from: Int, to: Int, dropping indent: Int) -> String {
        let end = min(line.count, Self.longestLine)
        let start = min(indent, end)
        let from = min(max(from, start), end)
        let to = min(max(to, from), end)
        func text(_ range: Range<Int>) -> String { Markup.escaped(String(decoding: line[range], as: UTF16.self)) }
        let mark = from < to ? "<mark>\(text(from..<to))</mark>" : ""
        return text(start..<from) + mark + text(to..<end) + (line.count > end ? "…" : "")
    }

    private static let openPlaceCount = 5
    private static let shownLineCount = 6
    private static let longestLine = 320
}
