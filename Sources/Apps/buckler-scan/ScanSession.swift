#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// One scan with everything that it needs: rules, configuration, files.
    struct ScanSession {
        let path: String
        let choices: ScanChoices
        let configuration: ScanConfiguration
        private let rules: [Rule]
        private let ruleErrors: [RuleError]
        private let base: GitRevision?
        /// Ids in the configuration that no rule has.
        private let unknownRules: [String]

        /// Reads configuration and rules.
        init(path: String, choices: ScanChoices, changedSince: String?) throws {
            guard FileManager.default.fileExists(atPath: path) else { throw ValidationError("\(path) does not exist") }
            self.path = path
            self.choices = choices
            base = try changedSince.map { try GitRevision($0, at: path) }
            configuration = try Self.configuration(path, choices, base)
            var (rules, errors) = try choices.rules.map { RuleFiles.onDisk($0) } ?? (RulePack.builtIn(), [])
            for folder in configuration.ruleFolders {
                let (more, wrong) = Self.rules(of: folder, path, base)
                errors += wrong
                for rule in more {
                    if rules.contains(where: { $0.id == rule.id }) {
                        errors.append(RuleError(path: folder, line: 0, reason: "there is a rule \(rule.id) already"))
                    } else {
                        rules.append(rule)
                    }
                }
            }
            unknownRules = configuration.namedRules.subtracting(rules.map(\.id)).sorted()
            self.rules = configuration.applied(to: rules)
            ruleErrors = errors
        }

        /// The rules of a folder that the configuration names: of the base revision when there is one, as the configuration.
        private static func rules(of folder: String, _ path: String, _ base: GitRevision?) -> ([Rule], [RuleError]) {
            guard let base else { return RuleFiles.onDisk(path + "/" + folder) }
            let files = RuleFiles(base.files(below: folder))
            return (
                files.rules,
                files.errors.map { RuleError(path: folder + "/" + $0.path, line: $0.line, reason: $0.reason) }
            )
        }

        /// The baseline of a file, or the one that the configuration names: then of the base revision when there is one.
        func baseline(named file: String?) throws -> Baseline? {
            if let file { return try Self.baseline(DiskFiles.read(file), file) }
            guard let name = configuration.baseline else { return nil }
            if let base { return try Self.baseline(base.bytes(of: name), "\(name) of \(base.commit.prefix(12))") }
            return try Self.baseline(DiskFiles.read(path + "/" + name), path + "/" + name)
        }

        private static func baseline(_ bytes: [UInt8]?, _ name: String) throws -> Baseline {
            guard let bytes, let baseline = Baseline(bytes) else {
                throw ValidationError("\(name) is not a baseline; write one with --write-baseline")
            }
            return baseline
        }

        /// Scans, and applies what suppresses findings.
        func scan(isCI: Bool, progress: @escaping @Sendable (Int, Int) -> Void) throws -> ScanResult {
            var options = ScanOptions()
            options.threadCount = max(1, min(choices.threads ?? ProcessInfo.processInfo.activeProcessorCount, 256))
            options.includesVendored = choices.vendored || configuration.includesVendored
            options.includesTests = !choices.noTests && configuration.includesTests
            options.excluded = (choices.exclude + configuration.excluded).map { PathGlob($0) }
            options.suppression = isCI ? .ignored(today: Output.today()) : .applied(today: Output.today())
            let engine = ScanEngine.complete(rules: rules)
            var result = engine.scan(DiskFiles(root: path), options: options, progress: progress)
            if let base { result = try changes(result, since: base, engine, options) }
            if choices.history { result = try history(result, engine, options) }
            return result.with(notes: notes)
        }

        private var notes: [ScanNote] {
            let wrong = ruleErrors.map {
                ScanNote(kind: .ruleLeftOut, path: $0.path, line: $0.line, text: "left out: \($0.reason)")
            }
            return wrong
                + unknownRules.map {
                    ScanNote(kind: .configuration, path: ScanConfiguration.fileName, text: "there is no rule \($0)")
                }
        }

        /// The findings in changed files that the base revision did not have.
        private func changes(
            _ result: ScanResult, since base: GitRevision, _ engine: ScanEngine, _ options: ScanOptions
        ) throws -> ScanResult {
            let changed = try base.changedPaths()
            let before = engine.scan(GitFiles(revision: base, paths: changed.sorted()), options: options)
            let known = Set(before.findings.map(\.fingerprint))
            return result.filtered { changed.contains($0.path) && !known.contains($0.fingerprint) }
        }

        private func history(_ result: ScanResult, _ engine: ScanEngine, _ options: ScanOptions) throws -> ScanResult {
            guard
                let history = GitHistory(
                    in: path, since: base?.commit, limit: .seconds(max(1, min(choices.historySeconds, 86_400))))
            else { throw ValidationError("\(path) is in no git repository with a commit; leave out --history") }
            let whole = engine.withHistory(history, of: result, options: options)
            return whole.with(notes: history.note.map { [$0] } ?? [])
        }

        private static func configuration(_ path: String, _ choices: ScanChoices, _ base: GitRevision?) throws
            -> ScanConfiguration
        {
            let bytes: [UInt8]?
            if let file = choices.config {
                bytes = DiskFiles.read(file)
                guard bytes != nil else { throw ValidationError("\(file) cannot be read") }
            } else if let base {
                bytes = base.bytes(of: ScanConfiguration.fileName)
            } else {
                bytes = DiskFiles.read(path + "/" + ScanConfiguration.fileName)
            }
            guard let bytes else { return ScanConfiguration() }
            do throws(RuleError) {
                return try ScanConfiguration(yaml: String(decoding: bytes, as: UTF8.self))
            } catch {
                throw ValidationError("\(error.path):\(error.line): \(error.reason)")
            }
        }
    }

    extension RuleFiles {
        /// The rule files of a folder on disk; errors name their paths as a person can open them.
        static func onDisk(_ folder: String) -> (rules: [Rule], errors: [RuleError]) {
            let files = RuleFiles(DiskFiles(root: folder))
            return (
                files.rules,
                files.errors.map { RuleError(path: path(of: $0.path, in: folder), line: $0.line, reason: $0.reason) }
            )
        }

        private static func path(of name: String, in folder: String) -> String {
            var status = stat()
            let isFolder = stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            return isFolder && !name.isEmpty ? folder + "/" + name : folder
        }
    }
#endif
