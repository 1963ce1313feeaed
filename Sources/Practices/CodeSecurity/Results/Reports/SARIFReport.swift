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
                "PROJECTROOT": .object([
                    "description": .object([
                        "text": "The root of the repository, or the scanned folder where there is none."
                    ])
                ])
            ]),
            "invocations": .array([
                .object([
                    "executionSuccessful": .bool(context.isSuccessful), "endTimeUtc": .string(context.time),
                    "toolExecutionNotifications": .array(result.notes.map { .object(notification($0, context)) }),
                ])
            ]),
            "results": .array(
                result.findings.map { finding in
                    .object(self.result(finding, context, index: used.firstIndex { $0.id == finding.ruleID }))
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
            "notifications": .array(
                ScanNote.Kind.allCases.map { kind in
                    .object([
                        "id": .string(kind.rawValue),
                        "shortDescription": .object(["text": .string(kind.meaning)]),
                    ])
                }),
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
                "tags": .array(tags.map { .string($0) }), "precision": .string(metadata.confidence.rawValue),
                "security-severity": .string(score(rule.severity)),
            ]),
        ]
        if let reference = metadata.references.first { object["helpUri"] = .string(reference) }
        return object
    }

    private static func result(_ finding: Finding, _ context: ReportContext, index: Int?) -> JSONObject {
        var object: JSONObject = [
            "ruleId": .string(finding.ruleID), "level": .string(finding.severity.name),
            "message": .object(["text": .string(message(finding))]),
            "locations": .array([
                .object(location(context.pathPrefix + finding.path, finding.start, finding.end, finding.snippet))
            ]),
            "partialFingerprints": .object(["bucklerScan/v1": .string(finding.fingerprint)]),
            "properties": .object(properties(finding)),
        ]
        if let index { object["ruleIndex"] = .integer(Int64(index)) }
        if !finding.related.isEmpty {
            object["relatedLocations"] = .array(
                finding.related.enumerated().map { number, place in
                    var location = location(context.pathPrefix + place.path, place.start, place.end, [])
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

    private static func notification(_ note: ScanNote, _ context: ReportContext) -> JSONObject {
        var object: JSONObject = [
            "level": .string(note.kind == .ruleLeftOut ? "error" : "note"),
            "message": .object(["text": .string(note.text)]),
            "descriptor": .object([
                "id": .string(note.kind.rawValue),
                "index": .integer(Int64(ScanNote.Kind.allCases.firstIndex(of: note.kind) ?? 0)),
            ]),
        ]
        if !note.path.isEmpty {
            // The paths of rules are as they were given; all others lie below the scanned folder.
            let isBelow = !note.isAboutTheRequest
            var artifact: JSONObject = ["uri": .string(uri((isBelow ? context.pathPrefix : "") + note.path))]
            if isBelow { artifact["uriBaseId"] = "PROJECTROOT" }
            var location: JSONObject = ["artifactLocation": .object(artifact)]
            if note.line > 0 { location["region"] = .object(["startLine": .integer(Int64(note.line))]) }
            object["locations"] = .array([.object(["physicalLocation": .object(location)])])
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

    private static func score(_ severity: Severity) -> String {
        switch severity {
        case .error: "8.0"
        case .warning: "5.0"
        case .note: "2.0"
        }
    }
}

extension ScanNote.Kind {
    /// What notes of the kind say, as a sentence.
    fileprivate var meaning: String {
        switch self {
        case .fileTooLarge: "A file is too large to be analysed."
        case .binaryFile: "A file is not text."
        case .unreadableFile: "A file or folder cannot be read, or is not read."
        case .linkCycle: "A link leads back to a folder around it."
        case .readInPart: "A file was read only in part."
        case .budgetSpent: "Something took too much time or too many steps."
        case .ruleLeftOut: "A rule file is wrong and was left out."
        case .suppressionInvalid: "A comment that accepts findings is wrong."
        case .configuration: "The configuration names something that is not there."
        case .suppressionUnused: "A comment accepts findings where there are none."
        case .filesLeftOut: "Files were not read because nobody asked for them."
        }
    }
}
