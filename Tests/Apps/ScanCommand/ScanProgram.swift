#if Scanner
    import Foundation
    import TestSupport

    /// The program of this build, in a folder of its own.
    final class ScanProgram {
        struct Answer {
            let code: Int32
            let output: String
            let errors: String

            /// The findings of `--json` as `rule path:line`.
            var findings: [String] {
                get throws {
                    let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
                    return (object?["findings"] as? [[String: Any]] ?? []).compactMap { finding in
                        guard finding["suppression"] == nil else { return nil }
                        let line = (finding["start"] as? [String: Int])?["line"] ?? 0
                        return "\(finding["rule"] ?? "") \(finding["path"] ?? ""):\(line)"
                    }
                }
            }

            /// The notes of `--json` as `kind path`.
            var notes: [String] {
                get throws {
                    let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
                    return (object?["notes"] as? [[String: Any]] ?? []).map {
                        "\($0["kind"] ?? "") \($0["path"] ?? "")"
                    }
                }
            }
        }

        struct NotBuilt: Error {}

        private let scratch: TemporaryFolder
        var folder: String { scratch.path }

        /// The path of the program; nil where it was not built.
        static let path: String? = {
            let tests = CommandLine.arguments.first.map { URL(filePath: $0).deletingLastPathComponent() }
            let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            let candidates = [tests, own, URL(filePath: ".build/debug")].compactMap { $0 }
            return candidates.map { $0.appending(path: "buckler-scan").path(percentEncoded: false) }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
        }()

        /// Whether the system has a device that is always full.
        static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

        init() throws { scratch = try TemporaryFolder() }

        /// Writes a file below the folder.
        func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

        func write(_ path: String, _ bytes: [UInt8]) throws {
            let url = URL(filePath: folder).appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }

        func text(_ path: String) throws -> String {
            try String(contentsOf: URL(filePath: folder).appending(path: path), encoding: .utf8)
        }

        /// Makes a link below the folder.
        func link(_ path: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(atPath: folder + "/" + path, withDestinationPath: target)
        }

        /// Makes a named pipe below the folder.
        func pipe(_ path: String) throws { try shell("mkfifo '\(path)'") }

        /// Runs a line of bash in the folder; `$0` is the program.
        @discardableResult
        func shell(_ line: String) throws -> Answer {
            try start("bash", ["-c", line, Self.path ?? ""])
        }

        /// Commits everything; the commit's id.
        @discardableResult
        func commit(_ message: String) throws -> String {
            try git("add", "-A")
            try git("commit", "-q", "-m", message)
            return try git("rev-parse", "HEAD").output.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        /// Runs the program in the folder.
        @discardableResult
        func run(_ arguments: String...) throws -> Answer { try run(arguments) }

        /// Runs the program in the folder.
        @discardableResult
        func run(_ arguments: [String]) throws -> Answer {
            guard let path = Self.path else { throw NotBuilt() }
            return try start(path, arguments)
        }

        /// Runs git in the folder.
        @discardableResult
        func git(_ arguments: String...) throws -> Answer {
            let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
            return try start("git", identity + arguments)
        }

        private func start(_ program: String, _ arguments: [String]) throws -> Answer {
            let answer = try ForeignProgram.run([program] + arguments, in: folder)
            return Answer(
                code: answer.status, output: String(decoding: answer.output, as: UTF8.self),
                errors: String(decoding: answer.errors, as: UTF8.self))
        }
    }
#endif
