import AsyncHTTPClient
import BucklerAssembly
import BucklerPrimitives
import Foundation
import Synchronization
import TestSupport

/// The `buckler` program of this build as a process of its own, in development mode on free ports.
package final class RealServer: Sendable {
    /// `data` and `keys` stand here.
    package let folder: String
    /// The public port.
    package let port: Int
    /// The operations port.
    package let operationsPort: Int
    /// Trusts its certificate.
    package let http: HTTPClient
    private let upstreamPort: Int
    private let configuration: String?
    private let launcher: [String]
    private let running = Mutex<RunningProcess?>(nil)

    /// Chooses ports; starts nothing.
    ///
    /// `configuration` becomes the text of a configuration file; `launcher` are words before the program's own, which end
    /// by becoming it.
    package init(
        folder: String, upstreamPort: Int = 9, configuration: String? = nil, launcher: [String] = []
    ) throws {
        self.folder = folder
        self.launcher = launcher
        self.configuration = configuration
        if let configuration {
            try configuration.write(toFile: folder + "/buckler.yaml", atomically: true, encoding: .utf8)
        }
        self.upstreamPort = upstreamPort
        port = try FreePort.next()
        operationsPort = try FreePort.next()
        http = TestSite.client(trusting: folder + "/data/dev-ca.pem")
    }

    deinit { http.shutdown { _ in } }

    /// The program of this build; nil where it was not built.
    package static let program: String? = {
        let tests = CommandLine.arguments.first.map { URL(filePath: $0).deletingLastPathComponent() }
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates = [tests, own, URL(filePath: ".build/debug")].compactMap { $0 }
        return candidates.map { $0.appending(path: "buckler").path(percentEncoded: false) }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Its public URL, `https://localhost:port`.
    package var url: String { "https://localhost:\(port)" }

    /// What its phones need.
    package var site: TestSite {
        TestSite(url: url, http: http, mail: MailFolder(folder + "/data/mail")) { WallClock.system.now }
    }

    /// Starts it and waits until it is ready.
    ///
    /// - Parameter arguments: Further flags of `serve`.
    /// - Returns: The time from the start of the process to the first positive answer.
    /// - Throws: `RealServerFailure` if it ended, or was not ready in 30 s.
    @discardableResult
    package func start(_ arguments: [String] = []) async throws -> Duration {
        let begin = ContinuousClock.now
        let process = try RunningProcess(["serve"] + folders + listeners + arguments, launcher: launcher)
        running.withLock { $0 = process }
        for _ in 0..<6000 {
            if process.line(containing: "ready in") != nil { return begin.duration(to: .now) }
            if let code = process.exitCode { throw RealServerFailure(exitCode: code, output: process.output) }
            try await Task.sleep(for: .milliseconds(5))
        }
        process.kill(SIGKILL)
        throw RealServerFailure(exitCode: -1, output: process.output)
    }

    /// Runs `serve` and answers how it ended; for starts that must fail.
    package func startAndFail(_ arguments: [String] = []) async throws -> RealServerFailure {
        do {
            try await start(arguments)
        } catch let failure as RealServerFailure {
            return failure
        }
        try await stop(SIGKILL)
        return RealServerFailure(exitCode: 0, output: "it started")
    }

    /// Sends a signal and waits for the end.
    @discardableResult
    package func stop(_ signal: Int32 = SIGTERM) async throws -> Int32 {
        guard let process = running.withLock({ $0 }) else { return 0 }
        process.kill(signal)
        return try await process.wait()
    }

    /// Sends a signal and returns at once.
    package func signal(_ number: Int32) { running.withLock { $0 }?.kill(number) }

    /// Everything that the running process printed.
    package var output: String { running.withLock { $0 }?.output ?? "" }

    /// Runs another verb of the program on the same folders.
    package func command(_ arguments: [String]) async throws -> (exitCode: Int32, output: String) {
        let process = try RunningProcess(arguments + folders)
        let code = try await process.wait()
        return (code, process.output)
    }

    private var folders: [String] {
        let file = configuration == nil ? [] : ["--config", folder + "/buckler.yaml"]
        return ["--data", folder + "/data", "--keys", folder + "/keys"] + file
    }

    private var listeners: [String] {
        [
            "--listen", "127.0.0.1:\(port)", "--operations", "127.0.0.1:\(operationsPort)", "--upstream",
            "http://127.0.0.1:\(upstreamPort)",
        ]
    }
}

/// A process that ended when it should not have, or the other way round.
package struct RealServerFailure: Error, CustomStringConvertible {
    /// sysexits.h; −1 for none.
    package let exitCode: Int32
    /// What it printed.
    package let output: String

    /// A failure that a test found itself.
    package init(exitCode: Int32, output: String) {
        self.exitCode = exitCode
        self.output = output
    }

    /// Both.
    package var description: String { "exit \(exitCode): \(output)" }
}

/// A child process with its output in a file.
///
/// Spawned without Foundation: its `Process` watches children by `select`, which fails once a test process has a thousand
/// descriptors open.
private final class RunningProcess: Sendable {
    private enum State {
        case running(pid_t)
        case ended(Int32)
    }

    private let state: Mutex<State>
    private let outputPath: String

    init(_ arguments: [String], launcher: [String] = []) throws {
        guard let program = RealServer.program else {
            throw RealServerFailure(exitCode: -1, output: "the program was not built")
        }
        outputPath = try TestServer.makeFolder() + "/output"
        let words = launcher.isEmpty ? [program] + arguments : ["/usr/bin/env"] + launcher + [program] + arguments
        let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUCKLER_") }
        let child = try Self.spawn(words, environment.map { "\($0.key)=\($0.value)" }, output: outputPath)
        state = Mutex(.running(child))
    }

    private static func spawn(_ words: [String], _ environment: [String], output: String) throws -> pid_t {
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        #if os(Linux)
            // The child gets none of ours; one that is closed meanwhile is no error.
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
                if let number = Int32(name), number > 2 { posix_spawn_file_actions_addclose(&actions, number) }
            }
        #endif
        var argumentList: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environmentList: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { (argumentList + environmentList).forEach { free($0) } }
        var child = pid_t()
        let status = posix_spawn(&child, words[0], &actions, nil, &argumentList, &environmentList)
        guard status == 0 else {
            throw RealServerFailure(exitCode: -1, output: "\(words[0]) cannot be started: \(status)")
        }
        return child
    }

    deinit { try? FileManager.default.removeItem(atPath: URL(filePath: outputPath).deletingLastPathComponent().path) }

    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    var exitCode: Int32? {
        state.withLock { state in
            guard case .running(let child) = state else {
                if case .ended(let code) = state { return code }
                return nil
            }
            var status: Int32 = 0
            guard waitpid(child, &status, WNOHANG) == child else { return nil }
            // The macros of wait(2): the low seven bits are the signal, the next byte the code.
            let signal = status & 0x7F
            let code = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            state = .ended(code)
            return code
        }
    }

    func line(containing text: String) -> Substring? { output.split(separator: "\n").first { $0.contains(text) } }

    func kill(_ signal: Int32) {
        state.withLock { state in
            if case .running(let child) = state { _ = Foundation.kill(child, signal) }
        }
    }

    func wait() async throws -> Int32 {
        for _ in 0..<12_000 {
            if let exitCode { return exitCode }
            try await Task.sleep(for: .milliseconds(5))
        }
        kill(SIGKILL)
        throw RealServerFailure(exitCode: -1, output: "it did not end in 60 s: \(output)")
    }
}
