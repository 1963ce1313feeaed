import Synchronization

/// Reads the files of a project.
///
/// The scanner knows no disk: `buckler-scan` gives it one, tests give it a dictionary.
package protocol ProjectFiles: Sendable {
    /// Every file, sorted by path, and what was noticed on the way.
    func list() -> (files: [ProjectFile], notes: [ScanNote])
    /// The bytes of a file; nil when it cannot be read.
    func bytes(of file: ProjectFile) -> [UInt8]?
}

/// One file of a project.
package struct ProjectFile: Hashable, Sendable {
    /// Relative to the root, with `/` between names.
    package let path: String
    package let byteCount: Int

    package init(path: String, byteCount: Int) {
        self.path = path
        self.byteCount = byteCount
    }
}

/// Bounds and choices of one scan.
package struct ScanOptions: Sendable {
    /// Larger files are named in the notes and not read.
    package var maximumFileByteCount = 4_194_304
    package var includesVendored = false
    package var includesTests = true
    package var threadCount = 2
    package var excluded: [PathGlob] = []
    /// Globs of paths that are relative to a folder further out, and the scanned folder's path below that one.
    package var excludedFromAbove: (prefix: String, globs: [PathGlob]) = ("", [])
    package var suppression = SuppressionMode.applied(today: "0000-00-00")
    /// Ids that comments may name beside those of the engine's rules: rules that are switched off.
    package var otherRules: Set<String> = []

    package init() {}
}

/// What comments that accept findings do.
package enum SuppressionMode: Sendable {
    /// They suppress; `today` is `YYYY-MM-DD`.
    case applied(today: String)
    /// They are read and noted when wrong, and suppress nothing.
    case ignored(today: String)

    var today: String {
        switch self {
        case .applied(let today), .ignored(let today): today
        }
    }
}

/// Runs passes over every file of a project, in parallel, with results in a stable order.
package struct ScanEngine: Sendable {
    let rules: [Rule]
    let passes: [any FilePass]
    private let projectPasses: [any ProjectPass]
    let vocabulary: Vocabulary
    /// Where the scanned folder lies in its repository, with a `/` at its end: fingerprints are the same from wherever it is scanned.
    let pathPrefix: String

    package init(
        rules: [Rule], passes: [any FilePass] = [], projectPasses: [any ProjectPass] = [], pathPrefix: String = ""
    ) {
        self.rules = rules
        self.pathPrefix = pathPrefix
        self.projectPasses = projectPasses
        vocabulary = Vocabulary(RulePass.words(of: rules) + passes.flatMap(\.words) + [Suppressions.word])
        self.passes = [RulePass(rules: rules, vocabulary: vocabulary)] + passes
    }

    /// The engine with everything that the product has: rules, secrets, configuration files, facts across files.
    package static func complete(rules: [Rule], pathPrefix: String = "") -> ScanEngine {
        let facts = FactRules(rules, pathPrefix: pathPrefix)
        guard !facts.isEmpty else { return ScanEngine(rules: rules, pathPrefix: pathPrefix) }
        return ScanEngine(
            rules: rules, passes: [CodeFactPass(), DeclarationFactPass()],
            projectPasses: [DeclarationPass(rules: facts)], pathPrefix: pathPrefix)
    }

    /// Scans a project; `progress` hears how many of how many files are done, from any thread.
    package func scan(
        _ project: some ProjectFiles, options: ScanOptions = ScanOptions(),
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) -> ScanResult {
        let listing = project.list()
        let chosen = listing.files.filter { isChosen($0, options) }
        let outcomes = run(chosen, project, options, progress)
        var findings: [Finding] = []
        var facts: [Fact] = []
        var notes = listing.notes
        for outcome in outcomes {
            findings += outcome.result.findings
            facts += outcome.result.facts
            notes += outcome.result.notes
        }
        let overall = projectFindings(facts, listing.files.map(\.path), outcomes, options)
        findings += SecretLines(of: findings, rules: rules).hidden(in: overall)
        notes += unusedSuppressions(outcomes, findings) + leftOut(listing.files, options)
        return ScanResult(
            findings: Self.sorted(findings), notes: notes, fileCount: chosen.count,
            byteCount: outcomes.reduce(0) { $0 + $1.byteCount }, parsedFileCount: outcomes.count(where: \.isParsed),
            rules: rules)
    }

    private struct Outcome: Sendable {
        var result = FilePassResult()
        var byteCount = 0
        var isParsed = false
        var suppressions: Suppressions?
    }

    /// What follows from the facts of all files, with the comments of the files that it is said about.
    private func projectFindings(_ facts: [Fact], _ paths: [String], _ outcomes: [Outcome], _ options: ScanOptions)
        -> [Finding]
    {
        var findings = projectPasses.flatMap { $0.run(facts: facts, paths: paths) }
        guard case .applied = options.suppression else { return findings }
        let commented = outcomes.compactMap(\.suppressions)
        for index in findings.indices where findings[index].suppression == nil {
            findings[index].suppression = commented.lazy.compactMap { $0.suppression(of: findings[index]) }.first
        }
        return findings
    }

    private func unusedSuppressions(_ outcomes: [Outcome], _ findings: [Finding]) -> [ScanNote] {
        let commented = outcomes.compactMap(\.suppressions)
        guard !commented.isEmpty else { return [] }
        let byPath = Dictionary(grouping: findings, by: \.path)
        let ran = Set(rules.map(\.id))
        return commented.flatMap { $0.unused(among: byPath[$0.path] ?? [], ran: ran) }
    }

    func isChosen(_ file: ProjectFile, _ options: ScanOptions) -> Bool {
        Language(path: file.path) != nil && omission(of: file, options) == nil
    }

    /// Why a file that could be read is not.
    private enum Omission: CaseIterable {
        case vendored, test, excluded

        func text(_ count: Int) -> String {
            let files = Plural.of(count, "file")
            switch self {
            case .vendored: return "\(files) in vendored folders left out; --vendored reads them"
            case .test: return "\(files) of tests left out, as asked"
            case .excluded: return "\(files) left out by `exclude`"
            }
        }
    }

    private func omission(of file: ProjectFile, _ options: ScanOptions) -> Omission? {
        if options.excluded.contains(where: { $0.matches(file.path) }) { return .excluded }
        let above = options.excludedFromAbove
        if above.globs.contains(where: { $0.matches(above.prefix + file.path) }) { return .excluded }
        switch PathClass(path: file.path).context {
        case .vendored: return options.includesVendored ? nil : .vendored
        case .test: return options.includesTests ? nil : .test
        case .production, .debug, .preview: return nil
        }
    }

    /// How much of the project was not read because nobody asked for it: a clean report says of how much.
    private func leftOut(_ files: [ProjectFile], _ options: ScanOptions) -> [ScanNote] {
        var counts: [Omission: Int] = [:]
        for file in files where Language(path: file.path) != nil {
            if let omission = omission(of: file, options) { counts[omission, default: 0] += 1 }
        }
        return Omission.allCases.compactMap { omission in
            counts[omission].map { ScanNote(kind: .filesLeftOut, path: "", text: omission.text($0)) }
        }
    }

    private func run(
        _ files: [ProjectFile], _ project: some ProjectFiles, _ options: ScanOptions,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) -> [Outcome] {
        let next = Atomic<Int>(0)
        let outcomes = Mutex<[Outcome]>(Array(repeating: Outcome(), count: files.count))
        // The largest first, so that no thread ends with a long file alone.
        let order = files.indices.sorted { files[$0].byteCount > files[$1].byteCount }
        let work: @Sendable () -> Void = {
            let scanners = ExpressionScanners()
            while true {
                let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard position < order.count else { return }
                let outcome = self.scan(files[order[position]], project, options, scanners)
                outcomes.withLock { $0[order[position]] = outcome }
                progress(position + 1, files.count)
            }
        }
        WorkerThreads.run(count: max(1, min(options.threadCount, files.count)), work)
        return outcomes.withLock { $0 }
    }

    /// What a file is by its path and by what it imports, or nil when it is test code and that is not wanted.
    private func context(of text: [UInt8], _ language: Language, _ file: ProjectFile, _ options: ScanOptions)
        -> CodeContext?
    {
        let context = PathClass(path: file.path).context
        guard context == .production, PathClass.isTestCode(text, language) else { return context }
        return options.includesTests ? .test : nil
    }

    private func scan(
        _ file: ProjectFile, _ project: some ProjectFiles, _ options: ScanOptions, _ scanners: ExpressionScanners
    ) -> Outcome {
        var outcome = Outcome()
        guard let language = Language(path: file.path) else { return outcome }
        guard file.byteCount <= options.maximumFileByteCount else {
            outcome.result.notes = [Self.tooLarge(file.path, file.byteCount, options)]
            return outcome
        }
        guard let bytes = project.bytes(of: file) else {
            outcome.result.notes = [ScanNote(kind: .unreadableFile, path: file.path, text: "cannot be read")]
            return outcome
        }
        guard bytes.count <= options.maximumFileByteCount else {
            outcome.result.notes = [Self.tooLarge(file.path, bytes.count, options)]
            return outcome
        }
        outcome.byteCount = bytes.count
        guard let text = TextEncoding.utf8(bytes) else {
            outcome.result.notes = [ScanNote(kind: .binaryFile, path: file.path, text: "is not text; not analysed")]
            return outcome
        }
        guard let context = context(of: text, language, file, options) else { return outcome }
        scanners.trim()
        let input = FileInput(
            source: SourceText(path: file.path, bytes: text), language: language,
            context: context, vocabulary: vocabulary, scanners: scanners, pathPrefix: pathPrefix)
        for pass in passes {
            let result = pass.run(input)
            outcome.result.findings += result.findings
            outcome.result.facts += result.facts
            outcome.result.notes += result.notes
        }
        outcome.suppressions = suppressions(in: input, options)
        if let suppressions = outcome.suppressions {
            suppress(&outcome.result, suppressions, options.suppression)
        }
        outcome.isParsed = input.isParsed
        outcome.result.notes += input.notes
        return outcome
    }

    private static func tooLarge(_ path: String, _ count: Int, _ options: ScanOptions) -> ScanNote {
        ScanNote(
            kind: .fileTooLarge, path: path,
            text: "\(count) bytes are more than \(options.maximumFileByteCount); not analysed")
    }

    /// The comments of a file that accept findings; nil when it has none.
    private func suppressions(in input: FileInput, _ options: ScanOptions) -> Suppressions? {
        guard input.has(Suppressions.word) else { return nil }
        return Suppressions(
            in: input.source, today: options.suppression.today,
            tree: Language.code.contains(input.language) ? input.analysis.tree : nil,
            knownRules: options.otherRules.union(rules.map(\.id)))
    }

    private func suppress(_ result: inout FilePassResult, _ suppressions: Suppressions, _ mode: SuppressionMode) {
        result.notes += suppressions.notes
        guard case .applied = mode else { return }
        result.findings = result.findings.map { finding in
            var finding = finding
            finding.suppression = suppressions.suppression(of: finding)
            return finding
        }
    }

    private static func sorted(_ findings: [Finding]) -> [Finding] {
        findings.sorted {
            ($0.path, $0.start.offset, $0.end.offset, $0.ruleID) < ($1.path, $1.start.offset, $1.end.offset, $1.ruleID)
        }
    }
}
