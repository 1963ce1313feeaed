import Foundation
import Spawning

/// Runs programs of others: judges of what we wrote, and tools that prepare a test.
public enum ForeignProgram {
    /// What came of it.
    public struct Answer: Sendable {
        /// Its exit status; minus the signal that ended it.
        public let status: Int32
        /// What it printed to its standard output.
        public let output: Data
        /// What it printed to its standard errors.
        public let errors: Data

        /// The output as text, without white space at its ends.
        public var text: String {
            String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Runs a program and waits for its end.
    ///
    /// - Parameters:
    ///   - words: The program, looked up in `PATH`, and its arguments.
    ///   - folder: Where it works; nil for our folder.
    /// - Returns: Its status and what it printed.
    /// - Throws: An error if there was no room for it; a program that is not there answers 127.
    public static func run(_ words: [String], in folder: String? = nil) throws -> Answer {
        let scratch = try TemporaryFolder()
        let (output, errors) = (scratch.path + "/output", scratch.path + "/errors")
        let child = try ChildProcess(
            ["/usr/bin/env"] + words, folder: folder, output: .file(output), errors: .file(errors))
        let status: Int32 =
            switch child.wait() {
            case .exited(let code): code
            case .signalled(let signal): -signal
            }
        return Answer(
            status: status, output: try Data(contentsOf: URL(filePath: output)),
            errors: try Data(contentsOf: URL(filePath: errors)))
    }

    /// The first of these files that can be run.
    public static func first(of paths: [String]) -> String? {
        paths.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
