import AsyncHTTPClient
import BucklerAssembly
import BucklerPrimitives
import Foundation
import Spawning
import Synchronization
import TestSupport

/// The `buckler` program of this build as a process of its own, in development mode on free ports.
///
/// A process that still runs when the last reference goes is killed.
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
    /// - Throws: `RealServerFailure` if it ended, or was not ready in two minutes.
    @discardableResult
    package func start(_ arguments: [String] = []) async throws -> Duration {
        let begin = ContinuousClock.now
        let process = try RunningProcess(["serve"] + folders + listeners + arguments, launcher: launcher)
        running.withLock { $0 = process }
        for _ in 0..<24_000 {
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

/// A child process of this build's program with its output in a file.
private final class RunningProcess: Sendable {
    private let child: ChildProcess
    private let folder: TemporaryFolder

    init(_ arguments: [String], launcher: [String] = []) throws {
        guard let program = RealServer.program else {
            throw RealServerFailure(exitCode: -1, output: "the program was not built")
        }
        folder = try TemporaryFolder(.disk)
        let output = ChildProcess.Destination.file(folder.path + "/output")
        let words = launcher.isEmpty ? [program] + arguments : ["/usr/bin/env"] + launcher + [program] + arguments
        child = try ChildProcess(
            words, environment: ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUCKLER_") },
            output: output, errors: output)
    }

    /// A test that failed on its way leaves nothing running beside the others.
    deinit {
        child.signal(SIGKILL)
        _ = child.wait()
    }

    var output: String { (try? String(contentsOfFile: folder.path + "/output", encoding: .utf8)) ?? "" }

    var exitCode: Int32? {
        switch child.ending {
        case nil: nil
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }

    func line(containing text: String) -> Substring? { output.split(separator: "\n").first { $0.contains(text) } }

    func kill(_ signal: Int32) { child.signal(signal) }

    func wait() async throws -> Int32 {
        for _ in 0..<12_000 {
            if let exitCode { return exitCode }
            try await Task.sleep(for: .milliseconds(5))
        }
        kill(SIGKILL)
        throw RealServerFailure(exitCode: -1, output: "it did not end in 60 s: \(output)")
    }
}
