import BucklerPrimitives
import DataProtection
import Foundation
import Spawning

/// The program that hands the root key over: a key manager's, or a script around one (PD-14).
///
/// Run once per start, without a shell, with nothing on its standard input and an environment of `PATH` alone; its
/// standard error is the server's. It prints one line, the form of `root.key`, and ends with 0.
package struct KeysCommand: Sendable {
    /// The configuration key, named in every refusal.
    package static let key = "keys_command"
    /// The configuration key of the root key that is to take over.
    package static let nextKey = "keys_command_next"

    private let configurationKey: String
    private let program: String
    private let arguments: [String]
    private let timeLimit: Duration

    /// Takes program and arguments; nil for an empty list.
    package init?(_ words: [String], key: String = Self.key, timeLimit: Duration = .seconds(30)) {
        guard let program = words.first else { return nil }
        configurationKey = key
        self.program = program
        arguments = Array(words.dropFirst())
        self.timeLimit = timeLimit
    }

    /// Runs the program and reads the key.
    ///
    /// Waits at most the time limit, on a thread of its own. Nothing of the output stands in a refusal.
    package func rootKey() async throws(StartFailure) -> RootKey {
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: run()) }
        }
        switch outcome {
        case .failure(let problem): throw .command(key: configurationKey, program: program, problem: problem.text)
        case .success(let output):
            let text = output.withExposedBytes { String(validating: $0, as: UTF8.self).map { SecretString($0) } }
            guard let text, let root = RootKey(parsing: text) else {
                throw .command(
                    key: configurationKey, program: program,
                    problem: "did not print one line of the form “buckler-root-key v1 <key id> <base64url of 32 bytes>”"
                )
            }
            return root
        }
    }

    private struct Problem: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    private func run() -> Result<SecretBytes, Problem> {
        let deadline = ContinuousClock.now + timeLimit
        let pipe = Pipe()
        let child: ChildProcess
        do {
            child = try ChildProcess(
                [program] + arguments, environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
                output: .descriptor(pipe.fileHandleForWriting.fileDescriptor), leadsGroup: true)
        } catch {
            return .failure(Problem("cannot be started; is it there and executable?"))
        }
        // Our copy of the writing end has to go, or the end of the output is never seen.
        try? pipe.fileHandleForWriting.close()
        let output = read(pipe.fileHandleForReading.fileDescriptor, until: deadline)
        guard case .success = output, let ending = child.wait(until: deadline) else {
            child.signalGroup(SIGKILL)
            _ = child.wait()
            if case .failure = output { return output }
            return .failure(tooSlow)
        }
        switch ending {
        case .signalled(let signal): return .failure(Problem("was ended by signal \(signal)"))
        case .exited(0): return output
        case .exited(let status): return .failure(Problem("ended with status \(status), not 0"))
        }
    }

    private var tooSlow: Problem { Problem("did not end within \(timeLimit.wholeSeconds) s") }

    /// Everything that is written until the end, at most 4096 bytes.
    private func read(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> Result<SecretBytes, Problem> {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.maximumByteCount + 1)
        var buffer = [UInt8](repeating: 0, count: 512)
        defer {
            for index in buffer.indices { buffer[index] = 0 }
            for index in bytes.indices { bytes[index] = 0 }
        }
        while bytes.count <= Self.maximumByteCount {
            let left = ContinuousClock.now.duration(to: deadline).wholeMilliseconds
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > 0 else { return .failure(tooSlow) }
            guard poll(&waiting, 1, Int32(clamping: left)) > 0 else { continue }
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count == 0 { return .success(SecretBytes(bytes)) }
            if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
        }
        return .failure(Problem("printed more than \(Self.maximumByteCount) bytes"))
    }

    private static let maximumByteCount = 4096
}
