#if Scanner
    import Foundation
    import Synchronization

    /// Runs the user's git in a folder: without a shell, without the network, without programs that the folder's configuration names.
    enum Git {
        /// The output of a command; nil when git is not there or says no.
        static func bytes(_ arguments: [String], in folder: String) -> [UInt8]? {
            let process = process(arguments, in: folder)
            let output = Pipe()
            process.standardOutput = output
            guard (try? process.run()) != nil else { return nil }
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return process.terminationStatus == 0 ? Array(data) : nil
        }

        /// The output of a command as text, without blanks at its ends.
        static func text(_ arguments: [String], in folder: String) -> String? {
            bytes(arguments, in: folder).map {
                String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }

        /// A command that is not started yet.
        static func process(_ arguments: [String], in folder: String) -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["git", "-C", folder] + settings.flatMap { ["-c", $0] } + arguments
            var environment = ProcessInfo.processInfo.environment
            environment["GIT_OPTIONAL_LOCKS"] = "0"
            environment["GIT_NO_LAZY_FETCH"] = "1"
            environment["GIT_TERMINAL_PROMPT"] = "0"
            environment["GIT_ALLOW_PROTOCOL"] = "none"
            process.environment = environment
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            return process
        }

        /// A folder's own configuration can name programs; these are those that the commands here would run.
        private static let settings = [
            "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "log.showSignature=false",
            "diff.external=", "core.quotePath=false",
        ]
    }

    /// Objects of a repository, read through one `git cat-file --batch`.
    final class GitObjects: Sendable {
        private let reader: Mutex<ObjectReader>

        init?(in folder: String) {
            let process = Git.process(["cat-file", "--batch"], in: folder)
            let (input, output) = (Pipe(), Pipe())
            process.standardInput = input
            process.standardOutput = output
            guard (try? process.run()) != nil else { return nil }
            reader = Mutex(ObjectReader(process: process, input: input, output: output))
        }

        deinit { reader.withLock { $0.close() } }

        /// The bytes of a blob, by its id or as `commit:path`; nil when there is none or it is larger.
        func blob(_ name: String, maximumByteCount: Int) -> [UInt8]? {
            guard !name.contains("\n"), !name.contains("\0") else { return nil }
            return reader.withLock { $0.blob(name, maximumByteCount: maximumByteCount) }
        }
    }

    /// The program and its pipes, asked by one caller at a time.
    private struct ObjectReader {
        let process: Process
        let input: Pipe
        let output: Pipe
        var isBroken = false

        func close() {
            try? input.fileHandleForWriting.close()
            try? output.fileHandleForReading.close()
            if process.isRunning { process.terminate() }
        }

        mutating func blob(_ name: String, maximumByteCount: Int) -> [UInt8]? {
            guard !isBroken, write(Array((name + "\n").utf8)), let header = line() else { return nil }
            let words = header.split(separator: UInt8(ascii: " "))
            guard words.count == 3, let size = Int(String(decoding: words[2], as: UTF8.self)), size >= 0 else {
                return nil
            }
            let isWanted = words[1].elementsEqual("blob".utf8) && size <= maximumByteCount
            guard let bytes = take(size, isKept: isWanted), take(1, isKept: false) != nil else {
                isBroken = true
                return nil
            }
            return isWanted ? bytes : nil
        }

        private mutating func write(_ bytes: [UInt8]) -> Bool {
            do {
                try input.fileHandleForWriting.write(contentsOf: Data(bytes))
                return true
            } catch {
                isBroken = true
                return false
            }
        }

        /// One line, byte by byte: it is short, and what follows it must stay in the pipe.
        private mutating func line() -> [UInt8]? {
            var result: [UInt8] = []
            while result.count < 65_536 {
                var byte: UInt8 = 0
                guard read(output.fileHandleForReading.fileDescriptor, &byte, 1) == 1 else { break }
                if byte == 0x0A { return result }
                result.append(byte)
            }
            isBroken = true
            return nil
        }

        private func take(_ count: Int, isKept: Bool) -> [UInt8]? {
            var result: [UInt8] = []
            if isKept { result.reserveCapacity(count) }
            var left = count
            var chunk = [UInt8](repeating: 0, count: min(max(count, 1), 65_536))
            while left > 0 {
                let got = read(output.fileHandleForReading.fileDescriptor, &chunk, min(left, chunk.count))
                guard got > 0 else { return nil }
                if isKept { result += chunk[..<got] }
                left -= got
            }
            return result
        }
    }
#endif
