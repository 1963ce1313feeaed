#if Scanner
    import CodeSecurity
    import Foundation
    import Synchronization

    /// Every version of every file in the history of a repository, the newest first, each content once.
    ///
    /// `git log` names the versions and runs beside the scan; `git cat-file` reads them. Bounded by a time and by the number of versions.
    final class GitHistory: FileHistory {
        private let reader: Mutex<LogReader>
        private let objects: GitObjects

        static let maximumVersionCount = 1_000_000
        static let maximumByteCount = 1_048_576

        /// Starts reading; nil when the folder is in no git repository.
        ///
        /// - Parameters:
        ///   - folder: Whose repository is read, and below which its paths lie.
        ///   - commit: Only what came after this commit.
        ///   - limit: When the time is over, reading ends and ``note`` says so.
        init?(in folder: String, since commit: String?, limit: Duration) {
            guard Git.text(["rev-parse", "--verify", "--quiet", "HEAD"], in: folder) != nil,
                let objects = GitObjects(in: folder)
            else { return nil }
            self.objects = objects
            let range = commit.map { ["\($0)..HEAD"] } ?? ["--all"]
            let format = [
                "--format=tformat:%x02%H", "--raw", "-z", "--no-renames", "--no-abbrev", "--diff-filter=AM",
                "--diff-merges=first-parent", "--no-ext-diff", "--no-show-signature", "--relative",
            ]
            let log = Git.process(["log"] + range + format + ["--", "."], in: folder)
            let output = Pipe()
            log.standardOutput = output
            guard (try? log.run()) != nil else { return nil }
            reader = Mutex(LogReader(log: log, output: output, deadline: .now + limit))
        }

        deinit { reader.withLock { $0.close() } }

        /// What was left out, if anything.
        var note: ScanNote? {
            reader.withLock { $0.stopReason }.map {
                ScanNote(kind: .budgetSpent, path: "", text: "the git history was not read to its end: \($0)")
            }
        }

        func next() -> FileVersion? {
            while let place = reader.withLock({ $0.next() }) {
                guard let bytes = objects.blob(place.object, maximumByteCount: Self.maximumByteCount) else { continue }
                return FileVersion(commit: place.commit, path: place.path, bytes: bytes, number: place.number)
            }
            return nil
        }
    }

    /// The log of a repository, read by one caller at a time.
    private struct LogReader {
        private let log: Process
        private let output: Pipe
        private let deadline: ContinuousClock.Instant
        private var tokens: NULTokens
        private var commit = ""
        /// Hashes of content id and path.
        private var seen: Set<UInt64> = []
        private(set) var stopReason: String?

        init(log: Process, output: Pipe, deadline: ContinuousClock.Instant) {
            self.log = log
            self.output = output
            self.deadline = deadline
            tokens = NULTokens(descriptor: output.fileHandleForReading.fileDescriptor)
        }

        func close() {
            try? output.fileHandleForReading.close()
            if log.isRunning { log.terminate() }
        }

        struct Place {
            let commit: String
            let path: String
            let object: String
            let number: Int
        }

        /// The next content that was not seen yet under its path.
        mutating func next() -> Place? {
            while stopReason == nil, let token = tokens.next() {
                let text = token.drop { $0 == 0x0A }
                if text.first == 0x02 {
                    commit = String(decoding: text.dropFirst(), as: UTF8.self)
                } else if text.first == UInt8(ascii: ":"), let path = tokens.next() {
                    if let place = place(text, String(decoding: path, as: UTF8.self)) { return place }
                }
                if ContinuousClock.now > deadline { stopReason = "the time for it is over" }
                if seen.count >= GitHistory.maximumVersionCount {
                    stopReason = "there are more than \(GitHistory.maximumVersionCount) versions"
                }
            }
            if stopReason == nil { stopReason = tokens.failure }
            return nil
        }

        /// `:100644 100644 old new M`, with a path that some rule may speak about.
        private mutating func place(_ change: ArraySlice<UInt8>, _ path: String) -> Place? {
            let words = change.split(separator: UInt8(ascii: " "))
            guard words.count == 5, words[1].starts(with: "100".utf8), Language(path: path) != nil else { return nil }
            let object = String(decoding: words[3], as: UTF8.self)
            guard seen.insert(CodeTree.hash(object + path)).inserted else { return nil }
            return Place(commit: commit, path: path, object: object, number: seen.count)
        }
    }

    /// Cuts what comes out of a pipe at its NUL bytes.
    struct NULTokens {
        private let descriptor: Int32
        private var buffer: [UInt8] = []
        private var start = 0
        private(set) var failure: String?
        private static let maximumByteCount = 1_048_576

        init(descriptor: Int32) { self.descriptor = descriptor }

        /// The next piece; nil at the end.
        mutating func next() -> ArraySlice<UInt8>? {
            var searched = start
            while true {
                if let end = buffer[searched...].firstIndex(of: 0) {
                    defer { start = end + 1 }
                    return buffer[start..<end]
                }
                guard buffer.count - start <= Self.maximumByteCount else {
                    failure = "a name in it is too long"
                    return nil
                }
                searched = buffer.count - start
                buffer.removeSubrange(..<start)
                start = 0
                guard fill() else { return nil }
            }
        }

        private mutating func fill() -> Bool {
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let got = read(descriptor, &chunk, chunk.count)
            guard got > 0 else { return false }
            buffer += chunk[..<got]
            return true
        }
    }
#endif
