import Synchronization

/// Former versions of files.
///
/// The scanner knows no git: `buckler-scan` gives it one.
package protocol FileHistory: Sendable {
    /// The next version, newer ones before older ones; nil at the end. Called from several threads.
    func next() -> FileVersion?
}

/// A file as it was in a commit.
package struct FileVersion: Sendable {
    /// The commit's id in hexadecimal.
    package let commit: String
    /// Relative to the scanned folder.
    package let path: String
    package let bytes: [UInt8]
    /// Counts the versions; of two the older one has the larger number.
    package let number: Int

    package init(commit: String, path: String, bytes: [UInt8], number: Int) {
        self.commit = commit
        self.path = path
        self.bytes = bytes
        self.number = number
    }
}

extension ScanEngine {
    /// The area whose rules are held against the history: what leaked once stays leaked.
    package static let historyArea = "secrets"

    /// Adds to a result the secrets that stand in the history and no longer in the files, each once, with the oldest commit read.
    package func withHistory(_ history: some FileHistory, of result: ScanResult, options: ScanOptions) -> ScanResult {
        let secrets = ScanEngine(
            rules: rules.filter { $0.metadata.area == Self.historyArea }, pathPrefix: pathPrefix)
        let present = Set(result.findings.map(\.fingerprint))
        let found = Mutex<[String: (number: Int, finding: Finding)]>([:])
        WorkerThreads.run(count: max(1, options.threadCount)) {
            let scanners = ExpressionScanners()
            while let version = history.next() {
                for finding in secrets.findings(in: version, options, scanners)
                where !present.contains(finding.fingerprint) {
                    found.withLock {
                        guard version.number >= $0[finding.fingerprint]?.number ?? 0 else { return }
                        $0[finding.fingerprint] = (version.number, finding)
                    }
                }
            }
        }
        let more = found.withLock { $0.values.map(\.finding) }.sorted { Self.precedes($0, $1) }
        return ScanResult(
            findings: result.findings + more, notes: result.notes, fileCount: result.fileCount,
            byteCount: result.byteCount, parsedFileCount: result.parsedFileCount, rules: result.rules)
    }

    private func findings(
        in version: FileVersion, _ options: ScanOptions, _ scanners: ExpressionScanners
    ) -> [Finding] {
        let file = ProjectFile(path: version.path, byteCount: version.bytes.count)
        guard isChosen(file, options), let language = Language(path: version.path),
            let text = TextEncoding.utf8(version.bytes)
        else { return [] }
        scanners.trim()
        let input = FileInput(
            source: SourceText(path: version.path, bytes: text), language: language,
            context: PathClass(path: version.path).context, vocabulary: vocabulary, scanners: scanners,
            pathPrefix: pathPrefix)
        return passes.flatMap { $0.run(input).findings }.map { finding in
            var finding = finding
            finding.commit = version.commit
            return finding
        }
    }

    private static func precedes(_ left: Finding, _ right: Finding) -> Bool {
        (left.path, left.start.offset, left.ruleID, left.fingerprint)
            < (right.path, right.start.offset, right.ruleID, right.fingerprint)
    }
}
