import ArgumentParser
import Authentication
import Foundation

/// `buckler password-filter`: makes and checks files of breached passwords (Docs/BreachedPasswords.md).
struct PasswordFilterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password-filter", abstract: "Makes and checks a filter of breached passwords.",
        subcommands: [Build.self, Check.self])

    /// `buckler password-filter build`: from a published list to a filter file.
    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Builds a filter file from a list.",
            discussion: """
                The list has one SHA-1 per line, as the published downloads do, or with --plain one password per line. \
                A list that is sorted by hash is read as a stream.
                """)

        @Argument(help: "The list.") var source: String
        @Argument(help: "The filter file; an older one is replaced at the end.") var target: String
        @Flag(help: "The list holds passwords instead of SHA-1 digests.") var plain = false

        func run() throws {
            do throws(BreachedPasswordBuildError) {
                let report = try BreachedPasswordFilter.build(
                    from: source, as: plain ? .passwordLines : .sha1Lines, to: target)
                Terminal.print("\(report.passwordCount) passwords, \(report.byteCount) bytes")
            } catch {
                throw Terminal.end(Self.message(error, source), exitCode: 65)
            }
        }

        private static func message(_ error: BreachedPasswordBuildError, _ source: String) -> String {
            switch error {
            case .file(let number): "a file cannot be read or written: \(String(cString: strerror(number)))"
            case .line(let line): "\(source):\(line): not a line of the expected form; is --plain missing or too much?"
            case .empty: "\(source) holds no password"
            case .unsorted: "\(source) is not sorted and has more than 64 million lines; sort it first (LC_ALL=C sort)"
            case .arrangement: "internal fault: no arrangement was found"
            }
        }
    }

    /// `buckler password-filter check`: reads the whole file and compares its digests.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reads a filter file and compares its digests.")

        @Argument(help: "The filter file.") var file: String

        func run() throws {
            do throws(BreachedPasswordFilterError) {
                let filter = try BreachedPasswordFilter(path: file)
                try filter.verifyCells()
                Terminal.print("\(filter.passwordCount) passwords; the file is whole")
            } catch {
                throw Terminal.end(Self.message(error, file), exitCode: 65)
            }
        }

        private static func message(_ error: BreachedPasswordFilterError, _ file: String) -> String {
            switch error {
            case .unreadable(let number): "\(file): \(String(cString: strerror(number)))"
            case .malformed(let fault): "\(file) is not a whole filter file: \(fault.rawValue)"
            }
        }
    }
}
