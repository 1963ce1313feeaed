#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// Where the command line writes.
    enum Output {
        /// Writes to standard output; nobody reading is no error.
        static func standard(_ bytes: [UInt8]) { try? FileHandle.standardOutput.write(contentsOf: Data(bytes)) }
        /// Writes to standard error.
        static func error(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
        static func isTerminal(_ descriptor: Int32) -> Bool {
            isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        }

        /// Writes a whole file or nothing.
        static func write(_ bytes: [UInt8], to path: String) throws {
            do {
                try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                throw ValidationError("\(path) cannot be written")
            }
        }

        /// Now, as RFC 3339 in UTC.
        static func timestamp() -> String { ISO8601DateFormatter().string(from: Date()) }
        /// Today, in UTC.
        static func today() -> String { String(timestamp().prefix(10)) }
    }

    /// A report that was asked for as `format=file`.
    struct ReportRequest {
        private let format: String
        private let file: String

        init(_ text: String) throws {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, Self.formats.contains(parts[0]) else {
                throw ValidationError(
                    "--report is written as FORMAT=FILE; formats are \(Self.formats.joined(separator: ", "))")
            }
            (format, file) = (parts[0], parts[1])
        }

        func write(_ result: ScanResult, _ context: ReportContext) throws {
            let bytes: [UInt8]
            switch format {
            case "sarif": bytes = SARIFReport.bytes(result, context)
            case "html": bytes = Array(HTMLReport.text(result, context).utf8)
            case "json": bytes = JSONReport.bytes(result, context)
            case "junit": bytes = Array(JUnitReport.text(result, context).utf8)
            case "gitlab": bytes = GitLabReport.bytes(result, context)
            case "markdown": bytes = Array(MarkdownReport.text(result, context).utf8)
            default: bytes = Array(TerminalReport(hasColour: false).text(result, context).utf8)
            }
            try Output.write(bytes, to: file)
        }

        private static let formats = ["sarif", "html", "json", "junit", "gitlab", "markdown", "text"]
    }

    /// One line on standard error that says how far the scan is; only on a terminal.
    final class ProgressLine: Sendable {
        private let isShown: Bool

        init(isShown: Bool) { self.isShown = isShown && isatty(2) == 1 }

        var update: @Sendable (Int, Int) -> Void {
            guard isShown else { return { _, _ in } }
            return { done, total in
                guard total > 50, done % max(1, total / 50) == 0 else { return }
                let filled = done * 30 / total
                Output.error(
                    "\r[" + String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
                        + "] \(done)/\(total) files")
            }
        }

        func clear() {
            if isShown { Output.error("\r\u{1B}[K") }
        }
    }
#endif
