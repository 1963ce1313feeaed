#if Scanner
    import Foundation

    /// Feeds the analyser's parsers with made-up files, each subject for some seconds of CPU.
    ///
    /// `BucklerFuzz [SUBJECT …] [--seconds N] [--seed N] [--samples FOLDER] [--failures FOLDER]`, or `BucklerFuzz SUBJECT --file PATH`
    /// to repeat one input. A subject runs in a process of its own. What ends that process, takes ``Worker/inputSeconds`` of CPU
    /// or breaks a rule of ``Subject`` is written to a file, and the exit code is 1.
    @main
    enum BucklerFuzz {
        static func main() {
            do {
                try run(Options(Array(CommandLine.arguments.dropFirst())))
            } catch {
                FileHandle.standardError.write(Data("BucklerFuzz: \(error)\n".utf8))
                exit(2)
            }
        }

        private static func run(_ options: Options) throws {
            if let file = options.file, let subject = options.subjects.first {
                let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
                return Worker.onDeepStack { report(Worker.check(bytes, subject, isThorough: true), file) }
            }
            if let progress = options.progress, let subject = options.subjects.first {
                let samples = Samples(folder: options.samples, subject: subject)
                return Worker.onDeepStack { Worker(subject, samples, options).run(progress: progress) }
            }
            var failed = false
            for subject in options.subjects where try Supervisor(subject, options).run() { failed = true }
            exit(failed ? 1 : 0)
        }

        private static func report(_ complaint: String?, _ file: String) {
            print("\(file): \(complaint ?? "nothing wrong")")
            if complaint != nil { exit(1) }
        }
    }

    /// What the command line says.
    struct Options {
        var subjects: [Subject] = []
        var seconds = 60
        var seed: UInt64 = 1
        var samples = "Rules"
        var failures = "fuzz-failures"
        var file: String?
        /// Where a worker writes the number of the input at hand; nil in the process that starts the workers.
        var progress: String?

        init(_ arguments: [String]) throws {
            var rest = arguments[...]
            while let word = rest.popFirst() {
                switch word {
                case "--seconds": seconds = Int(rest.popFirst() ?? "") ?? seconds
                case "--seed": seed = UInt64(rest.popFirst() ?? "") ?? seed
                case "--samples": samples = rest.popFirst() ?? samples
                case "--failures": failures = rest.popFirst() ?? failures
                case "--file": file = rest.popFirst()
                case "--progress": progress = rest.popFirst()
                default:
                    guard let subject = Subject(rawValue: word) else { throw UnknownSubject(word: word) }
                    subjects.append(subject)
                }
            }
            if subjects.isEmpty { subjects = Subject.allCases }
        }
    }

    /// A word that names no subject.
    struct UnknownSubject: Error, CustomStringConvertible {
        let word: String
        var description: String {
            "there is no subject \(word); there are \(Subject.allCases.map(\.rawValue).joined(separator: ", "))"
        }
    }

    /// Runs a worker and writes down what ended it.
    struct Supervisor {
        private let subject: Subject
        private let options: Options

        init(_ subject: Subject, _ options: Options) {
            self.subject = subject
            self.options = options
        }

        /// Whether an input failed.
        func run() throws -> Bool {
            try FileManager.default.createDirectory(atPath: options.failures, withIntermediateDirectories: true)
            let progress = "\(options.failures)/\(subject.rawValue).progress"
            try Data().write(to: URL(fileURLWithPath: progress))
            defer { try? FileManager.default.removeItem(atPath: progress) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
            process.arguments = [
                subject.rawValue, "--seconds", "\(options.seconds)", "--seed", "\(options.seed)", "--samples",
                options.samples, "--progress", progress,
            ]
            try process.run()
            process.waitUntilExit()
            guard process.terminationReason != .exit || process.terminationStatus != 0 else { return false }
            let number = Array((try? Data(contentsOf: URL(fileURLWithPath: progress))) ?? Data())
                .reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let name = "\(options.failures)/\(subject.rawValue)-\(options.seed)-\(number).\(subject.fileExtension)"
            let samples = Samples(folder: options.samples, subject: subject)
            let input = samples.input(number, seed: options.seed)
            try Data(input).write(to: URL(fileURLWithPath: name))
            let reason = process.terminationReason == .exit ? "exit" : "signal"
            print(
                "\(subject.rawValue): input \(number) of seed \(options.seed) ended in \(reason) \(process.terminationStatus)"
            )
            print("  repeat: BucklerFuzz \(subject.rawValue) --file \(name)")
            return true
        }
    }
#else
    /// Without the trait `Scanner` there is nothing to feed.
    @main
    enum BucklerFuzz {
        static func main() { print("build with --traits Scanner") }
    }
#endif
