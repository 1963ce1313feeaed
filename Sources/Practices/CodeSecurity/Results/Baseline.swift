import BucklerPrimitives

/// Findings that were there when a project began to use the analyser: known by fingerprint, not counted, still shown.
package struct Baseline: Sendable {
    private let fingerprints: Set<String>

    /// The number of findings it knows.
    package var count: Int { fingerprints.count }

    /// Reads a baseline file; nil when it is none.
    package init?(_ bytes: [UInt8]) {
        let limits = StrictJSON.Limits(maximumByteCount: 67_108_864, maximumDepth: 8, maximumValueCount: 4_000_000)
        guard let value = try? StrictJSON.parse(bytes, limits: limits), let object = value.object,
            object["format"]?.string == "buckler-scan-baseline-1", let findings = object["findings"]?.array
        else { return nil }
        fingerprints = Set(findings.compactMap { $0.object?["fingerprint"]?.string })
    }

    /// Marks the findings that it knows.
    package func applied(to result: ScanResult) -> ScanResult {
        let findings = result.findings.map { finding -> Finding in
            guard finding.suppression == nil, fingerprints.contains(finding.fingerprint) else { return finding }
            var known = finding
            known.suppression = Suppression(kind: .baseline, reason: "in the baseline", expires: nil)
            return known
        }
        return ScanResult(
            findings: findings, notes: result.notes, fileCount: result.fileCount, byteCount: result.byteCount,
            parsedFileCount: result.parsedFileCount, rules: result.rules)
    }

    /// A baseline of everything that a scan found, one finding a line, so that a review shows what is added.
    ///
    /// `pathPrefix` is where the scanned folder lies in its repository.
    package static func bytes(of result: ScanResult, pathPrefix: String = "") -> [UInt8] {
        let lines = result.active.map { finding -> String in
            let object: JSONObject = [
                "fingerprint": .string(finding.fingerprint), "rule": .string(finding.ruleID),
                "path": .string(pathPrefix + finding.path),
            ]
            return "  " + JSONValue.object(object).text
        }
        let text =
            "{\"format\":\"buckler-scan-baseline-1\",\"findings\":[\n" + lines.joined(separator: ",\n") + "\n]}\n"
        return Array(text.utf8)
    }
}
