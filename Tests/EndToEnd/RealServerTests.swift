import AsyncHTTPClient
import BucklerPrimitives
import Foundation
import NIOCore
import NIOHTTP1
import ServerTestSupport
import TestSupport
import Testing

@Suite(
    "The real process", .serialized, .timeLimit(.minutes(4)),
    .enabled(if: RealServer.program != nil, "buckler is not built"))
struct RealServerTests {
    @Test("starts, answers probes and strangers, drains on SIGTERM with exit 0, and starts again")
    func startAndStop() async throws {
        try await withServer { server in
            try await server.start()
            let live = try await text(server, "/health/live")
            #expect(live.status == 200 && live.text == #"{"status":"live"}"#)
            #expect(try await text(server, "/health/ready").status == 200)
            let stranger = try await text(server, "/notes")
            #expect(stranger.status == 401 && stranger.text.contains(#""code":"#))
            #expect(server.output.split(separator: "\n").count == 10)
            #expect(try await server.stop() == 0)
            let again = try await server.start()
            #expect(again < .seconds(5), "a second start took \(again)")
            #expect(try await server.stop(SIGINT) == 0)
        }
    }

    @Test("metrics and details are on the operations listener only")
    func operations() async throws {
        try await withServer { server in
            try await server.start()
            let metrics = try await text(server, "/metrics", operations: true)
            #expect(metrics.status == 200 && metrics.text.contains("buckler_ready 1"))
            #expect(try await text(server, "/health", operations: true).text.contains(#""phase":"ready""#))
            #expect(try await text(server, "/metrics").status == 401)
            try await server.stop()
        }
    }

    @Test("a second server on the same data is refused with 75 and disturbs nothing")
    func secondServer() async throws {
        try await withServer { server in
            try await server.start()
            let other = try RealServer(folder: server.folder)
            let failure = try await other.startAndFail()
            #expect(failure.exitCode == 75 && failure.output.contains("Another buckler process"))
            #expect(try await text(server, "/health/ready").status == 200)
            try await server.stop()
        }
    }

    @Test("keys that others can read stop the start with 78, and the file is named")
    func wideKeys() async throws {
        try await withServer { server in
            try await server.start()
            try await server.stop()
            let key = server.folder + "/keys/root.key"
            #expect(chmod(key, 0o644) == 0)
            let failure = try await server.startAndFail()
            #expect(failure.exitCode == 78 && failure.output.contains("root.key has mode 0644"))
            #expect(chmod(key, 0o600) == 0)
            try await server.start()
            try await server.stop()
        }
    }

    @Test("keys of another root stop the start with 78")
    func foreignKeys() async throws {
        try await withServer { server in
            try await server.start()
            try await server.stop()
            try FileManager.default.removeItem(atPath: server.folder + "/keys")
            let failure = try await server.startAndFail()
            #expect(failure.exitCode == 78 && failure.output.contains("The root key"))
        }
    }

    @Test(
        "a wrong flag stops the start with 78 and tells what is allowed",
        arguments: [
            (["--listen", "0.0.0.0:8443"], "loopback"), (["--upstream", "ftp://x"], "http://host:port"),
            (["--public-url", "https://api.example.com"], "https://localhost:port"),
            (["--log-level", "loud"], "debug or info"),
        ])
    func wrongFlags(arguments: [String], allowed: String) async throws {
        try await withServer { server in
            let failure = try await server.startAndFail(arguments)
            #expect(failure.exitCode == 78 && failure.output.contains(allowed), "\(failure)")
        }
    }

    @Test("a taken port stops the start with 69 and names the key")
    func takenPort() async throws {
        try await withServer { server in
            try await server.start()
            let other = try RealServer(folder: server.folder + "/other")
            try FileManager.default.createDirectory(atPath: other.folder, withIntermediateDirectories: true)
            let failure = try await other.startAndFail(["--operations", "127.0.0.1:\(server.operationsPort)"])
            #expect(failure.exitCode == 69 && failure.output.contains("operations.listen"), "\(failure)")
            try await server.stop()
        }
    }

    @Test("data that cannot be written stops the start with 77", .enabled(if: getuid() != 0, "root writes everywhere"))
    func readOnlyData() async throws {
        try await withServer { server in
            try await server.start()
            try await server.stop()
            #expect(chmod(server.folder + "/data/state.sqlite", 0o400) == 0)
            let failure = try await server.startAndFail()
            #expect(failure.exitCode == 77 && failure.output.contains("cannot be written"), "\(failure)")
        }
    }

    @Test("the operator's verbs work with the server running and without one")
    func admin() async throws {
        try await withServer { server in
            try await server.start()
            let with = try await server.command(["admin", "status", "--json"])
            #expect(with.exitCode == 0 && with.output.contains(#""server":"ready""#), "\(with.output)")
            let rotated = try await server.command(["admin", "keys", "rotate", "--compromised", "--json"])
            #expect(rotated.exitCode == 0, "\(rotated.output)")
            let events = try await server.command(["admin", "events", "tail", "--json"])
            #expect(events.output.contains("sys_keys_rotated"))
            let missing = try await server.command(["admin", "accounts", "show", "nobody@example.org"])
            #expect(missing.exitCode == 66)
            try await server.stop()
            let without = try await server.command(["admin", "status", "--json"])
            #expect(without.exitCode == 0 && without.output.contains(#""server":"not running""#), "\(without.output)")
        }
    }

    @Test("what people read at the terminal comes whole, whatever is in it")
    func tables() async throws {
        try await withServer { server in
            try await server.start()
            for verb in [["status"], ["keys", "list"], ["keys", "rotate"], ["events", "tail"]] {
                let answer = try await server.command(["admin"] + verb)
                #expect(answer.exitCode == 0 && !answer.output.isEmpty, "\(verb): \(answer.output)")
            }
            let keys = try await server.command(["admin", "keys", "list"]).output.split(separator: "\n")
            #expect(keys.first?.split(separator: " ") == ["purpose", "kid", "state", "published_at"])
            #expect(keys.contains { $0.hasPrefix("data ") && $0.hasSuffix(" behind") }, "\(keys)")
        }
    }

    /// A server in a folder of its own; killed and removed afterwards, whatever happened.
    private func withServer(_ body: (RealServer) async throws -> Void) async throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        let server = try RealServer(folder: folder)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
        try await server.stop(SIGKILL)
        try outcome.get()
    }

    private func text(
        _ server: RealServer, _ path: String, operations: Bool = false
    ) async throws -> (status: Int, text: String) {
        let base = operations ? "http://127.0.0.1:\(server.operationsPort)" : server.url
        let response = try await server.http.execute(HTTPClientRequest(url: base + path), timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 1 << 20)
        return (Int(response.status.code), String(buffer: body))
    }
}
