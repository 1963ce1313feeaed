#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// One scan with everything that it needs: rules, configuration, files.
    struct ScanSession {
        let path: String
        let choices: ScanChoices
        let configuration: ScanConfiguration
        /// Where the scanned files lie in their repository.
        let place: ProjectPlace
        /// Where the configuration was found, below the root of the repository; what it names is relative to it.
        private let configurationPrefix: String
        private let rules: [Rule]
        private let switchedOff: Set<String>
        private let ruleErrors: [RuleError]
        private let base: GitRevision?
        /// Ids in the configuration that no rule has.
        private let unknownRules: [String]

        /// Reads configuration and rules.
        init(path: String, choices: ScanChoices, changedSince: String?) throws {
            guard FileManager.default.fileExists(atPath: path) else { throw ValidationError("\(path) does not exist") }
            self.path = path
            self.choices = choices
            place = ProjectPlace(path)
            base = try changedSince.map { try GitRevision($0, at: path) }
            (configuration, configurationPrefix) = try Self.configuration(place, choices, base)
            var (rules, errors) =
                try choices.rules.map { try Self.some(RuleFiles.onDisk($0), $0) } ?? (RulePack.builtIn(), [])
            for folder in configuration.ruleFolders {
                let (more, wrong) = try Self.some(Self.rules(of: folder, place.root, configurationPrefix, base), folder)
                errors += wrong
                for rule in more {
                    if rules.contains(where: { $0.id == rule.id }) {
                        errors.append(RuleError(path: folder, line: 0, reason: "there is a rule \(rule.id) already"))
                    } else {
                        rules.append(rule)
                    }
                }
            }
            let ids = Set(rules.map(\.id))
            unknownRules = configuration.namedRules.subtracting(ids).sorted()
            self.rules = configuration.applied(to: rules)
            switchedOff = ids.subtracting(self.rules.map(\.id))
            ruleErrors = errors
        }

        /// What a folder of rules gave; one that gives no rule is not what was asked for.
        private static func some(_ found: (rules: [Rule], errors: [RuleError]), _ folder: String) throws -> (
            [Rule], [RuleError]
        ) {
            guard found.rules.isEmpty else { return found }
            throw ValidationError(
                (["\(folder) has no rule that can be used"] + found.errors.prefix(10).map(\.sentence)).joined(
                    separator: "\n"))
        }

        /// The rules of a folder that the configuration names: of the base revision when there is one, as the configuration.
        private static func rules(of folder: String, _ root: String, _ prefix: String, _ base: GitRevision?) -> (
            rules: [Rule], errors: [RuleError]
        ) {
            guard let base else {
                guard !folder.hasPrefix("/") else { return RuleFiles.onDisk(folder) }
                let (rules, errors) = RuleFiles.onDisk(root + "/" + prefix + folder)
                let below = errors.map { error in
                    let path =
                        error.path.hasPrefix(root + "/") ? String(error.path.dropFirst(root.count + 1)) : error.path
                    return RuleError(path: path, line: error.line, reason: error.reason)
                }
                return (rules, below)
            }
            let files = RuleFiles(base.files(belowRoot: prefix + folder))
            return (
                files.rules,
                files.errors.map { RuleError(path: folder + "/" + $0.path, line: $0.line, reason: $0.reason) }
            )
        }

        /// The baseline of a file, or the one that the configuration names: then of the base revision when there is one.
        func baseline(named file: String?) throws -> Baseline? {
            if let file { return try Self.baseline(DiskFiles.read(file), file) }
            guard let name = configuration.baseline.map({ configurationPrefix + $0 }) else { return nil }
            if let base {
                return try Self.baseline(base.bytes(fromRoot: name), "\(name) of \(base.commit.prefix(12))")
            }
            return try Self.baseline(DiskFiles.read(place.root + "/" + name), name)
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
            options.excluded = choices.exclude.map { PathGlob($0) }
            options.excludedFromAbove = (
                String(place.prefix.dropFirst(configurationPrefix.count)), configuration.excluded.map { PathGlob($0) }
            )
            options.otherRules = switchedOff
            options.suppression = isCI ? .ignored(today: Output.today()) : .applied(today: Output.today())
            let engine = ScanEngine.complete(rules: rules, pathPrefix: place.prefix)
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
            let before = engine.scan(GitFiles(revision: base, formerPaths: changed), options: options)
            let known = Set(before.findings.map(\.fingerprint))
            return result.filtered { changed[$0.path] != nil && !known.contains($0.fingerprint) }
        }

        private func history(_ result: ScanResult, _ engine: ScanEngine, _ options: ScanOptions) throws -> ScanResult {
            guard
                let history = GitHistory(
                    in: place.folder, since: base?.commit, limit: .seconds(max(1, min(choices.historySeconds, 86_400))))
            else { throw ValidationError("\(path) is in no git repository with a commit; leave out --history") }
            let whole = engine.withHistory(history, of: result, options: options)
            return whole.with(notes: history.note.map { [$0] } ?? [])
        }

        /// The nearest configuration at or above the scanned folder, within its repository, and the folder that has it.
        private static func configuration(_ place: ProjectPlace, _ choices: ScanChoices, _ base: GitRevision?) throws
            -> (ScanConfiguration, prefix: String)
        {
            if let file = choices.config {
                guard let bytes = DiskFiles.read(file) else { throw ValidationError("\(file) cannot be read") }
                return (try configuration(bytes, file), place.prefix)
            }
            for prefix in place.prefixes {
                let name = prefix + ScanConfiguration.fileName
                let bytes = base.map { $0.bytes(fromRoot: name) } ?? DiskFiles.read(place.root + "/" + name)
                if let bytes { return (try configuration(bytes, name), prefix) }
            }
            return (ScanConfiguration(), place.prefix)
        }

        private static func configuration(_ bytes: [UInt8], _ name: String) throws -> ScanConfiguration {
            do throws(RuleError) {
                return try ScanConfiguration(yaml: String(decoding: bytes, as: UTF8.self), path: name)
            } catch {
                throw ValidationError(error.sentence)
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

        /// The built-in rules, or those of a folder; one that gives no rule is not what was asked for.
        static func usable(_ folder: String?) throws -> [Rule] {
            guard let folder else { return try RulePack.builtIn() }
            let (rules, errors) = onDisk(folder)
            for error in errors { Output.error(error.sentence + "\n") }
            guard !rules.isEmpty else { throw ValidationError("\(folder) has no rule that can be used") }
            return rules
        }

        private static func path(of name: String, in folder: String) -> String {
            var status = stat()
            let isFolder = stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            return isFolder && !name.isEmpty ? folder + "/" + name : folder
        }
    }
#endif
