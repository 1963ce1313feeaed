#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// Where the command line writes.
    enum Output {
        /// Writes to standard output; nobody reading is no error.
        static func standard(_ bytes: [UInt8]) throws {
            guard let problem = write(bytes, to: 1), problem != EPIPE else { return }
            throw ValidationError("standard output cannot be written: \(String(cString: strerror(problem)))")
        }

        /// Writes to standard error.
        static func error(_ text: String) { _ = write(Array(text.utf8), to: 2) }

        static func isTerminal(_ descriptor: Int32) -> Bool {
            isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        }

        /// Writes a whole file or nothing.
        ///
        /// Into a pipe, a device or an open file of a process it writes as into a stream. `-` is standard output.
        static func write(_ bytes: [UInt8], to path: String) throws {
            if path == "-" { return try standard(bytes) }
            var status = stat()
            let exists = stat(path, &status) == 0
            let isStream = path.hasPrefix("/proc/") || path.hasPrefix("/dev/")
            if exists, isStream || status.st_mode & S_IFMT != S_IFREG { return try overwrite(path, bytes) }
            // A link stays a link: what it leads to is written.
            guard let target = ProjectPlace.resolved(path) ?? (lstat(path, &status) == 0 ? nil : path) else {
                return try overwrite(path, bytes)
            }
            guard (try? Data(bytes).write(to: URL(fileURLWithPath: target), options: .atomic)) == nil else { return }
            try overwrite(path, bytes)
        }

        private static func overwrite(_ path: String, _ bytes: [UInt8]) throws {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw ValidationError("\(path) cannot be written") }
            defer { close(descriptor) }
            if let problem = write(bytes, to: descriptor) {
                throw ValidationError("\(path) cannot be written: \(String(cString: strerror(problem)))")
            }
        }

        /// The error that ended the writing; nil when all was written.
        private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
            var written = 0
            while written < bytes.count {
                let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }

        /// Now, as RFC 3339 in UTC.
        static func timestamp() -> String { ISO8601DateFormatter().string(from: Date()) }
        /// Today, in UTC.
        static func today() -> String { String(timestamp().prefix(10)) }
    }

    /// A report that was asked for as `format=file`.
    struct ReportRequest {
        private let format: String
        /// Where it goes; `-` is standard output.
        let file: String

        init(_ text: String) throws {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, Self.formats.contains(parts[0]) else {
                throw ValidationError(
                    "--report is written as FORMAT=FILE; formats are \(Self.formats.joined(separator: ", "))")
            }
            (format, file) = (parts[0], parts[1])
        }

        /// Reads what was asked for; standard output has room for one.
        static func all(_ texts: [String], json: Bool) throws -> [ReportRequest] {
            let requests = try texts.map { try ReportRequest($0) }
            guard requests.count(where: { $0.file == "-" }) + (json ? 1 : 0) <= 1 else {
                throw ValidationError("only one report can go to standard output")
            }
            return requests
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
