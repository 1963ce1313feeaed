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
            } catch let error as RuleError {
                Output.error("buckler-scan: \(error.path):\(error.line): \(error.reason)\n")
                exit(couldNot)
            } catch let code as ExitCode {
                exit(code.rawValue)
            } catch {
                // Help and version are answers; whatever else comes here was not as asked.
                guard ScanCommand.exitCode(for: error) != .success else { ScanCommand.exit(withError: error) }
                Output.error(ScanCommand.fullMessage(for: error) + "\n")
                exit(couldNot)
            }
        }
    }
#endif
