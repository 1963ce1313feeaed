#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// The command line of the analyser.
    struct ScanCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "buckler-scan",
            abstract: "Finds weaknesses in the code of mobile apps: no build, no network, no telemetry.",
            discussion: """
                buckler-scan .                          read this project and show what is wrong and how to mend it
                buckler-scan . --report html=report.html  also write a page that can be passed on
                buckler-scan . --changed-since main     only what this branch adds
                buckler-scan explain weak-hash          what a rule means
                """,
            version: ScanVersion.current,
            subcommands: [
                ScanProject.self, InitCommand.self, ExplainCommand.self, RulesCommand.self, TreeCommand.self,
            ],
            defaultSubcommand: ScanProject.self)
    }

    /// The version of the analyser.
    enum ScanVersion {
        static let current = "0.2.0"
    }

    /// `buckler-scan [scan] PATH`.
    struct ScanProject: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scan", abstract: "Scan a project (the default).",
            discussion:
                "Exit codes: 0 nothing at or above the level that fails, 1 findings at or above it, 2 the scan could not be done as asked."
        )

        @Argument(help: "The folder or file to scan.") var path: String = "."
        @OptionGroup var choices: ScanChoices
        @Flag(name: .long, help: "Write JSON to standard output instead of text for people.") var json = false
        @Option(
            name: .long,
            help:
                "Also write a report: sarif=, html=, json=, junit=, gitlab=, markdown= or text=FILE; - is standard output. May be repeated."
        )
        var report: [String] = []
        @Option(name: .long, help: "Fail from this severity: error, warning, note or never.") var failOn: String?
        @Option(name: .long, help: "A file of accepted findings.") var baseline: String?
        @Option(name: .long, help: "Write all findings of this scan as the new baseline and succeed.")
        var writeBaseline: String?
        @Option(
            name: .long, help: "Only findings that are not in this git revision; its configuration and baseline count.")
        var changedSince: String?
        @Flag(name: .long, help: "For CI: suppressions in the code do not count, and a wrong rule file fails the scan.")
        var ci = false
        @Flag(name: .long, help: "Scan again whenever a file changes.") var watch = false
        @Flag(name: .shortAndLong, help: "Print the summary only.") var quiet = false

        mutating func run() throws {
            if watch { try watchForChanges() }
            let code = try runOnce()
            if code != 0 { throw ExitCode(code) }
        }

        /// One scan; the exit code.
        func runOnce() throws -> Int32 {
            let started = ContinuousClock.now
            let requests = try ReportRequest.all(report, json: json)
            let asked = try failOn.map { try level($0) }
            let session = try ScanSession(path: path, choices: choices, changedSince: changedSince)
            let progress = ProgressLine(isShown: !json && !quiet)
            var result = try session.scan(isCI: ci, progress: progress.update)
            progress.clear()
            if writeBaseline == nil, let accepted = try session.baseline(named: baseline) {
                result = accepted.applied(to: result)
            }
            let isAsAsked = !ci || !result.notes.contains { $0.kind == .ruleLeftOut }
            let context = ReportContext(
                version: ScanVersion.current, root: path,
                name: URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent,
                time: Output.timestamp(), duration: ContinuousClock.now - started, pathPrefix: session.place.prefix,
                isSuccessful: isAsAsked)
            for request in requests { try request.write(result, context) }
            if let file = writeBaseline {
                try Output.write(Baseline.bytes(of: result, pathPrefix: session.place.prefix), to: file)
                Output.error("\(Plural.of(result.active.count, "finding")) written to the baseline \(file)\n")
                return 0
            }
            if !requests.contains(where: { $0.file == "-" }) { try show(result, context) }
            if !isAsAsked { return 2 }
            guard let level = asked ?? session.configuration.failsOn else { return 0 }
            return result.active.contains { $0.severity >= level } ? 1 : 0
        }

        private func show(_ result: ScanResult, _ context: ReportContext) throws {
            if json { return try Output.standard(JSONReport.bytes(result, context) + [0x0A]) }
            let report = TerminalReport(hasColour: Output.isTerminal(1) && !choices.noColour)
            let short = (report.requestNotes(result) + [report.summary(result, context), ""]).joined(separator: "\n")
            try Output.standard(Array((quiet ? short : report.text(result, context)).utf8))
        }

        /// The severity of `--fail-on`; nil for `never`.
        private func level(_ text: String) throws -> Severity? {
            if text == "never" { return nil }
            guard let severity = Severity(text) else {
                throw ValidationError("--fail-on is error, warning, note or never, not \(text)")
            }
            return severity
        }

        /// Scans whenever a file changes that the scan does not write itself; what goes wrong is said, and the watch goes on.
        private func watchForChanges() throws -> Never {
            let written = try ReportRequest.all(report, json: json).map(\.file) + (writeBaseline.map { [$0] } ?? [])
            var state: [ProjectFile: Int]?
            while true {
                let now = DiskFiles(root: path).modificationTimes(
                    besides: Set(written.compactMap(ProjectPlace.resolved)))
                if now != state {
                    state = now
                    if Output.isTerminal(1) { try Output.standard(Array("\u{1B}[2J\u{1B}[H".utf8)) }
                    do {
                        _ = try runOnce()
                    } catch {
                        Main.report(error)
                    }
                }
                Thread.sleep(forTimeInterval: 0.5)
            }
        }
    }

    /// What is scanned and with which rules.
    struct ScanChoices: ParsableArguments {
        @Option(name: .long, help: "A folder of rules instead of the built-in ones.") var rules: String?
        @Option(name: .long, help: "A configuration instead of .buckler-scan.yaml at the root.") var config: String?
        @Option(name: .long, help: "Leave out paths by glob. May be repeated.") var exclude: [String] = []
        @Flag(name: .long, help: "Also scan Pods, Carthage and vendored folders.") var vendored = false
        @Flag(name: .long, help: "Leave out test code altogether.") var noTests = false
        @Flag(name: .long, help: "Look for secrets in the git history too; with --changed-since in that branch's.")
        var history = false
        @Option(name: .long, help: "Seconds after which the history is left.") var historySeconds: Int = 120
        @Option(name: .long, help: "Threads; the number of cores by default.") var threads: Int?
        @Flag(name: [.customLong("no-color"), .customLong("no-colour")], help: "No colour even on a terminal.")
        var noColour = false
    }
#endif
