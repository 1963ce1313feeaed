import AsyncHTTPClient
import BucklerAssembly
import BucklerPrimitives
import Foundation
import NIOCore
import NIOHTTP1
import ServerGateway
import ServerTestSupport
import TestSupport
import Testing

@Suite(
    "Signals to the real process", .serialized, .timeLimit(.minutes(3)),
    .enabled(if: RealServer.program != nil, "buckler is not built"))
struct SignalTests {
    private static let open = """
        mode: development
        limits: { drain_time: 3s }
        routes:
          - { path: "/**", auth: none }

        """
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"

    @Test(
        "an upstream that never answers does not hold a stopping server: it ends by the deadline",
        arguments: [false, true])
    func deadline(http2: Bool) async throws {
        let upstream = try await ScriptedUpstream { _ in [.hold] }
        try await Self.withServer(upstream.port) { server in
            let client = TestSite.client(trusting: server.folder + "/data/dev-ca.pem", http2: http2)
            let waiting = Task { try? await Self.get(client, server.url + "/slow") }
            await upstream.received(1)
            let begin = ContinuousClock.now
            #expect(try await server.stop() == 0)
            #expect(begin.duration(to: .now) < .seconds(20), "three seconds were allowed")
            #expect(await waiting.value != "whole")
            try await client.shutdown()
        }
        await upstream.stop()
    }

    @Test("a renewed certificate is taken on SIGHUP under load; no request is lost, and new clients see the new one")
    func reload() async throws {
        let upstream = try await ScriptedUpstream { _ in [.send(Self.ok)] }
        try await Self.withServer(upstream.port) { server in
            // The second start reads the certificate from its files.
            #expect(try await server.stop() == 0)
            try await server.start()
            let old = TestSite.client(trusting: server.folder + "/data/dev-ca.pem")
            let renewed = try DevelopmentCertificateAuthority.issue(
                furtherNames: [], clock: .system, entropy: .system)
            let authority = server.folder + "/renewed-ca.pem"
            try renewed.authority.write(toFile: authority, atomically: true, encoding: .utf8)
            let over = Gate()
            let load = Task {
                var count = 0
                while !over.isOpen {
                    guard try await Self.get(old, server.url + "/a") == "whole" else { return -1 }
                    count += 1
                }
                return count
            }
            let tls = server.folder + "/keys/tls"
            try renewed.chain.write(toFile: tls + "/development-chain.pem", atomically: true, encoding: .utf8)
            try renewed.key.write(toFile: tls + "/development-key.pem", atomically: true, encoding: .utf8)
            #expect(chmod(tls + "/development-key.pem", 0o600) == 0)
            server.signal(SIGHUP)
            #expect(try await Self.connects(authority, server))
            over.open()
            #expect(try await load.value > 0)
            try await old.shutdown()
            #expect(try await server.stop() == 0)
        }
        await upstream.stop()
    }

    /// True once a client that trusts only the renewed authority gets an answer.
    private static func connects(_ authority: String, _ server: RealServer) async throws -> Bool {
        for _ in 0..<400 {
            let client = TestSite.client(trusting: authority)
            let answer = try? await get(client, server.url + "/a")
            try await client.shutdown()
            if answer == "whole" { return true }
        }
        return false
    }

    private static func untilUnready(_ server: RealServer) async throws {
        let url = "http://127.0.0.1:\(server.operationsPort)/health"
        while let text = try? await get(server.http, url), text.contains(#""phase":"ready""#) {}
    }

    private static func get(_ client: HTTPClient, _ url: String) async throws -> String {
        let answer = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
        return String(buffer: try await answer.body.collect(upTo: 1 << 16))
    }

    /// A server without doors in front of this upstream; killed and removed afterwards.
    private static func withServer(_ upstreamPort: Int, _ body: (RealServer) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let server = try RealServer(folder: folder.path, upstreamPort: upstreamPort, configuration: open)
        try await server.start()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
        try await server.stop(SIGKILL)
        try outcome.get()
    }
}
