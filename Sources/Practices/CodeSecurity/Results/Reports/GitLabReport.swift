import BucklerPrimitives

/// GitLab's SAST report, schema 15: what a merge request shows.
package enum GitLabReport {
    /// The report as UTF-8.
    package static func bytes(_ result: ScanResult, _ context: ReportContext) -> [UInt8] {
        // GitLab wants times without zone and fraction, in UTC.
        let time = String(context.time.prefix(19))
        let tool: JSONObject = [
            "id": "buckler-scan", "name": "buckler-scan", "version": .string(context.version),
            "vendor": .object(["name": "Buckler"]),
        ]
        let report: JSONObject = [
            "version": "15.2.1",
            "scan": .object([
                "analyzer": .object(tool), "scanner": .object(tool), "type": "sast", "start_time": .string(time),
                "end_time": .string(time), "status": .string(context.isSuccessful ? "success" : "failure"),
                "messages": .array(messages(result)),
            ]),
            "vulnerabilities": .array(result.active.map { .object(vulnerability($0, result, context)) }),
        ]
        return JSONValue.object(report).serialized
    }

    private static func vulnerability(_ finding: Finding, _ result: ScanResult, _ context: ReportContext) -> JSONObject
    {
        let metadata = result.rule(finding.ruleID)?.metadata
        var identifiers: [JSONValue] = [
            .object([
                "type": "buckler_scan", "name": .string("buckler-scan " + finding.ruleID),
                "value": .string(finding.ruleID),
            ])
        ]
        for cwe in metadata?.cwe ?? [] {
            identifiers.append(
                .object([
                    "type": "cwe", "name": .string(cwe), "value": .string(String(cwe.dropFirst(4))),
                    "url": .string("https://cwe.mitre.org/data/definitions/\(cwe.dropFirst(4)).html"),
                ]))
        }
        return [
            "id": .string(finding.fingerprint), "name": .string(metadata?.title ?? finding.ruleID),
            "description": .string(finding.message + "\n\n" + (metadata?.why ?? "")),
            "solution": .string(metadata?.fix ?? ""),
            "severity": .string(severity(finding.severity)),
            "location": .object(location(finding, context)),
            "identifiers": .array(identifiers),
        ]
    }

    private static func location(_ finding: Finding, _ context: ReportContext) -> JSONObject {
        var object: JSONObject = [
            "file": .string(context.pathPrefix + finding.path), "start_line": .integer(Int64(finding.start.line)),
            "end_line": .integer(Int64(finding.end.line)),
        ]
        if let commit = finding.commit { object["commit"] = .object(["sha": .string(commit)]) }
        return object
    }

    /// What GitLab shows beside the findings: how many are suppressed, and the notes.
    private static func messages(_ result: ScanResult) -> [JSONValue] {
        let suppressed = result.findings.count - result.active.count
        var texts = suppressed == 0 ? [] : [("info", "\(Plural.of(suppressed, "finding")) suppressed")]
        for note in result.notes {
            texts.append((note.kind == .ruleLeftOut ? "warn" : "info", note.sentence))
        }
        return texts.map { .object(["level": .string($0.0), "value": .string($0.1)]) }
    }

    private static func severity(_ severity: Severity) -> String {
        switch severity {
        case .error: "High"
        case .warning: "Medium"
        case .note: "Info"
        }
    }
}
