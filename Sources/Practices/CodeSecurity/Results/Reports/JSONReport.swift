import BucklerPrimitives

/// Our own JSON: everything that is known, one object; fields are only ever added.
package enum JSONReport {
    /// The report as UTF-8.
    package static func bytes(_ result: ScanResult, _ context: ReportContext) -> [UInt8] {
        let active = result.active
        let report: JSONObject = [
            "version": .string(context.version), "root": .string(context.root), "time": .string(context.time),
            "seconds": .number(context.secondsNumber), "files": .integer(Int64(result.fileCount)),
            "bytes": .integer(Int64(result.byteCount)), "parsed": .integer(Int64(result.parsedFileCount)),
            "summary": .object([
                "error": .integer(count(active, .error)), "warning": .integer(count(active, .warning)),
                "note": .integer(count(active, .note)),
                "suppressed": .integer(Int64(result.findings.count - active.count)),
            ]),
            "findings": .array(result.findings.map { .object(finding($0, result)) }),
            "notes": .array(result.notes.map { .object(note($0)) }),
        ]
        return JSONValue.object(report).serialized
    }

    private static func count(_ findings: [Finding], _ severity: Severity) -> Int64 {
        Int64(findings.count { $0.severity == severity })
    }

    private static func finding(_ finding: Finding, _ result: ScanResult) -> JSONObject {
        var object: JSONObject = [
            "rule": .string(finding.ruleID), "severity": .string(finding.severity.name),
            "message": .string(finding.message),
            "path": .string(finding.path), "start": .object(place(finding.start)), "end": .object(place(finding.end)),
            "context": .string(finding.context.rawValue), "fingerprint": .string(finding.fingerprint),
            "code": .array(finding.snippet.map { .string($0) }),
        ]
        if let metadata = result.rule(finding.ruleID)?.metadata {
            object["title"] = .string(metadata.title)
            object["why"] = .string(metadata.why)
            object["fix"] = .string(metadata.fix)
            object["confidence"] = .string(metadata.confidence.rawValue)
            for (name, values) in [
                ("cwe", metadata.cwe), ("masvs", metadata.masvs), ("maswe", metadata.maswe),
                ("maswe_beta", metadata.masweBeta), ("mastg", metadata.mastg),
            ] {
                object[name] = .array(values.map { .string($0) })
            }
        }
        if let commit = finding.commit { object["commit"] = .string(commit) }
        if !finding.related.isEmpty {
            object["related"] = .array(
                finding.related.map {
                    let place: JSONObject = [
                        "path": .string($0.path), "start": .object(Self.place($0.start)),
                        "end": .object(Self.place($0.end)), "message": .string($0.message),
                    ]
                    return .object(place)
                })
        }
        if let suppression = finding.suppression {
            var member: JSONObject = [
                "kind": .string(suppression.kind.rawValue), "reason": .string(suppression.reason),
            ]
            if let expires = suppression.expires { member["expires"] = .string(expires) }
            object["suppression"] = .object(member)
        }
        return object
    }

    private static func place(_ position: SourcePosition) -> JSONObject {
        [
            "line": .integer(Int64(position.line)), "column": .integer(Int64(position.column)),
            "offset": .integer(Int64(position.offset)),
        ]
    }

    private static func note(_ note: ScanNote) -> JSONObject {
        [
            "kind": .string(note.kind.rawValue), "path": .string(note.path), "line": .integer(Int64(note.line)),
            "text": .string(note.text),
        ]
    }
}
