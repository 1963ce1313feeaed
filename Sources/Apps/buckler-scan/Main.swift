#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// Starts the command line and turns what went wrong into exit codes.
    @main struct Main {
        /// The exit code when a scan could not be done as asked.
        static let couldNot: Int32 = 2

        static func main() {
            // A reader that goes away is an error of the write, not the end of the process.
            signal(SIGPIPE, SIG_IGN)
            do {
                var command = try ScanCommand.parseAsRoot()
                try command.run()
            } catch let code as ExitCode {
                exit(code.rawValue)
            } catch {
                // Help and version are answers; whatever else comes here was not as asked.
                guard ScanCommand.exitCode(for: error) != .success else { ScanCommand.exit(withError: error) }
                report(error)
                exit(couldNot)
            }
        }

        /// Says on standard error what went wrong.
        static func report(_ error: any Error) {
            if let error = error as? RuleError { return Output.error("buckler-scan: \(error.sentence)\n") }
            Output.error(ScanCommand.fullMessage(for: error) + "\n")
        }
    }
#endif
