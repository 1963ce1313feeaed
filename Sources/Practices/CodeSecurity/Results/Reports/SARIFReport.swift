import BucklerPrimitives

/// SARIF 2.1.0 (OASIS Standard, 27 March 2020): one result for each place, with stable fingerprints.
package enum SARIFReport {
    /// The log as UTF-8.
    package static func bytes(_ result: ScanResult, _ context: ReportContext) -> [UInt8] {
        let used = result.rules.filter { rule in result.findings.contains { $0.ruleID == rule.id } }
        let run: JSONObject = [
            "tool": .object(["driver": .object(driver(used, context))]),
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": .object([
                "PROJECTROOT": .object(["description": .object(["text": "The scanned folder."])])
            ]),
            "invocations": .array([
                .object([
                    "executionSuccessful": .bool(true), "endTimeUtc": .string(context.time),
                    "toolExecutionNotifications": .array(result.notes.map { .object(notification($0)) }),
                ])
            ]),
            "results": .array(
                result.findings.map { finding in
                    .object(self.result(finding, index: used.firstIndex { $0.id == finding.ruleID }))
                }),
        ]
        let log: JSONObject = [
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0", "runs": .array([.object(run)]),
        ]
        return JSONValue.object(log).serialized
    }

    private static func driver(_ rules: [Rule], _ context: ReportContext) -> JSONObject {
        [
            "name": "buckler-scan", "semanticVersion": .string(context.version),
            "rules": .array(rules.map { .object(descriptor($0)) }),
        ]
    }

    private static func descriptor(_ rule: Rule) -> JSONObject {
        let metadata = rule.metadata
        let tags = ["security", metadata.area] + metadata.cwe + metadata.masvs + metadata.maswe
        let help = "\(metadata.why)\n\n\(metadata.fix)"
        var object: JSONObject = [
            "id": .string(rule.id), "name": .string(name(rule.id)),
            "shortDescription": .object(["text": .string(metadata.title)]),
            "fullDescription": .object(["text": .string(metadata.why)]),
            "help": .object([
                "text": .string(help), "markdown": .string("**Why** \(metadata.why)\n\n**Fix** \(metadata.fix)"),
            ]),
            "defaultConfiguration": .object(["level": .string(rule.severity.name)]),
            "properties": .object([
                "tags": .array(tags.map { .string($0) }), "precision": .string(precision(metadata.confidence)),
                "security-severity": .string(score(rule.severity)),
            ]),
        ]
        if let reference = metadata.references.first { object["helpUri"] = .string(reference) }
        return object
    }

    private static func result(_ finding: Finding, index: Int?) -> JSONObject {
        var object: JSONObject = [
            "ruleId": .string(finding.ruleID), "level": .string(finding.severity.name),
            "message": .object(["text": .string(message(finding))]),
            "locations": .array([.object(location(finding.path, finding.start, finding.end, finding.snippet))]),
            "partialFingerprints": .object(["bucklerScan/v1": .string(finding.fingerprint)]),
            "properties": .object(properties(finding)),
        ]
        if let index { object["ruleIndex"] = .integer(Int64(index)) }
        if !finding.related.isEmpty {
            object["relatedLocations"] = .array(
                finding.related.enumerated().map { number, place in
                    var location = location(place.path, place.start, place.end, [])
                    location["id"] = .integer(Int64(number))
                    location["message"] = .object(["text": .string(place.message)])
                    return .object(location)
                })
        }
        if let suppression = finding.suppression {
            object["suppressions"] = .array([
                .object([
                    "kind": .string(suppression.kind == .inSource ? "inSource" : "external"),
                    "justification": .string(suppression.reason),
                ])
            ])
        }
        return object
    }

    private static func message(_ finding: Finding) -> String {
        finding.commit == nil ? finding.message : "\(finding.message) (\(finding.history))"
    }

    private static func properties(_ finding: Finding) -> JSONObject {
        var object: JSONObject = ["context": .string(finding.context.rawValue)]
        if let commit = finding.commit { object["commit"] = .string(commit) }
        return object
    }

    private static func location(
        _ path: String, _ start: SourcePosition, _ end: SourcePosition, _ snippet: [String]
    ) -> JSONObject {
        var region: JSONObject = [
            "startLine": .integer(Int64(start.line)), "startColumn": .integer(Int64(start.column)),
            "endLine": .integer(Int64(end.line)), "endColumn": .integer(Int64(end.column)),
        ]
        if !snippet.isEmpty { region["snippet"] = .object(["text": .string(snippet.joined(separator: "\n"))]) }
        let artifact: JSONObject = ["uri": .string(uri(path)), "uriBaseId": "PROJECTROOT"]
        return ["physicalLocation": .object(["artifactLocation": .object(artifact), "region": .object(region)])]
    }

    private static func notification(_ note: ScanNote) -> JSONObject {
        var object: JSONObject = [
            "level": .string(note.kind == .ruleLeftOut ? "error" : "note"),
            "message": .object(["text": .string(note.text)]),
            "descriptor": .object(["id": .string(note.kind.rawValue)]),
        ]
        if !note.path.isEmpty {
            let artifact: JSONObject = ["uri": .string(uri(note.path))]
            object["locations"] = .array([
                .object(["physicalLocation": .object(["artifactLocation": .object(artifact)])])
            ])
        }
        return object
    }

    /// A path as a relative URI reference (RFC 3986 §4.2): every byte that may not stand in a path is escaped.
    static func uri(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || (0x30...0x39).contains(byte)
                    || "-._~/!$&'()*+,;=@".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }

    private static func name(_ id: String) -> String {
        id.split { $0 == "-" || $0 == "." }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static func precision(_ confidence: Confidence) -> String {
        switch confidence {
        case .high: "very-high"
        case .medium: "high"
        case .low: "medium"
        }
    }

    private static func score(_ severity: Severity) -> String {
        switch severity {
        case .error: "8.0"
        case .warning: "5.0"
        case .note: "2.0"
        }
    }
}
