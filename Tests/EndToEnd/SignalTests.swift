import AsyncHTTPClient
import BucklerAssembly
import BucklerPrimitives
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import ServerGateway
import ServerTestSupport
import TestSupport
import Testing

@Suite(
    "Signals to the real process", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: RealServer.program != nil, "buckler is not built"))
struct SignalTests {
    private static func open(_ drainTime: String) -> String {
        """
        mode: development
        limits: { drain_time: \(drainTime) }
        routes:
          - { path: "/**", auth: none }

        """
    }

    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"

    @Test("SIGTERM under load: every request that was begun is answered whole, then exit 0", arguments: [false, true])
    func drain(http2: Bool) async throws {
        let upstream = try await ScriptedUpstream { $0 == "/slow" ? [.hold, .send(Self.ok)] : [.send(Self.ok)] }
        // Longer than `stop()` waits: nothing may be cut, however busy the machine is.
        try await Self.withServer(upstream.port, drainTime: "5m") { server in
            let client = TestSite.client(trusting: server.folder + "/data/dev-ca.pem", http2: http2, connections: 20)
            let answers = Collected<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let text = try await Self.get(client, server.url + "/slow")
                        answers.add(text)
                    }
                }
                await upstream.received(20)
                server.signal(SIGTERM)
                try await Self.untilUnready(server)
                upstream.release()
                try await group.waitForAll()
            }
            #expect(answers.all == [String](repeating: "whole", count: 20))
            #expect(try await server.stop() == 0)
            try await client.shutdown()
        }
        await upstream.stop()
    }

    @Test(
        "an idle client does not hold a stopping server, whether it stays or has left", arguments: [false, true],
        [false, true])
    func idle(http2: Bool, leaves: Bool) async throws {
        let upstream = try await ScriptedUpstream { _ in [.send(Self.ok)] }
        // The drain time is longer than `stop()` waits.
        try await Self.withServer(upstream.port, drainTime: "5m") { server in
            let client = TestSite.client(trusting: server.folder + "/data/dev-ca.pem", http2: http2)
            #expect(try await Self.get(client, server.url + "/a") == "whole")
            if leaves { try await client.shutdown() }
            #expect(try await server.stop() == 0)
            #expect(!server.output.contains("drain time"))
            if !leaves { try await client.shutdown() }
        }
        await upstream.stop()
    }

    @Test("a connection whose handshake never ends does not hold a stopping server")
    func handshake() async throws {
        let upstream = try await ScriptedUpstream { _ in [.send(Self.ok)] }
        try await Self.withServer(upstream.port, drainTime: "5m") { server in
            let silent = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: server.port).get()
            // The listener takes connections in order: when this one is answered, the silent one is the server's.
            #expect(try await Self.get(server.http, server.url + "/a") == "whole")
            #expect(try await server.stop() == 0)
            try await silent.closeFuture.get()
        }
        await upstream.stop()
    }

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
            #expect(server.output.contains("exchanges=1"), "\(server.output)")
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
            let renewed = try DevelopmentCertificateAuthority.issue(
                furtherNames: [], clock: .system, entropy: .system)
            let authority = server.folder + "/renewed-ca.pem"
            try renewed.authority.write(toFile: authority, atomically: true, encoding: .utf8)
            let (begun, over) = (Gate(), Gate())
            let load = Task {
                defer { begun.open() }
                return try await Self.withClient(server.folder + "/data/dev-ca.pem") { old in
                    var count = 0
                    while !over.isOpen {
                        guard try await Self.get(old, server.url + "/a") == "whole" else { return -1 }
                        count += 1
                        begun.open()
                    }
                    return count
                }
            }
            // From the first answer on, the load has a connection of the old certificate.
            await begun.pass()
            let tls = server.folder + "/keys/tls"
            try renewed.chain.write(toFile: tls + "/development-chain.pem", atomically: true, encoding: .utf8)
            try renewed.key.write(toFile: tls + "/development-key.pem", atomically: true, encoding: .utf8)
            #expect(chmod(tls + "/development-key.pem", 0o600) == 0)
            server.signal(SIGHUP)
            #expect(try await Self.connects(authority, server))
            over.open()
            #expect(try await load.value > 0)
            #expect(try await server.stop() == 0)
        }
        await upstream.stop()
    }

    /// True once a client that trusts only the renewed authority gets an answer.
    private static func connects(_ authority: String, _ server: RealServer) async throws -> Bool {
        for _ in 0..<400 {
            let answer = try? await withClient(authority) { try await get($0, server.url + "/a") }
            if answer == "whole" { return true }
        }
        return false
    }

    /// Lends a client that trusts this authority; it is shut down afterwards, also after a failure.
    private static func withClient<Result>(
        _ authority: String, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let client = TestSite.client(trusting: authority)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private static func untilUnready(_ server: RealServer) async throws {
        let url = "http://127.0.0.1:\(server.operationsPort)/health"
        while let text = try? await get(server.http, url), text.contains(#""phase":"ready""#) {}
    }

    private static func get(_ client: HTTPClient, _ url: String) async throws -> String {
        let answer = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(60))
        return String(buffer: try await answer.body.collect(upTo: 1 << 16))
    }

    /// A server without doors in front of this upstream; killed and removed afterwards.
    private static func withServer(
        _ upstreamPort: Int, drainTime: String = "3s", _ body: (RealServer) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let server = try RealServer(folder: folder.path, upstreamPort: upstreamPort, configuration: open(drainTime))
        try await server.start()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(server)) } catch { outcome = .failure(error) }
        try await server.stop(SIGKILL)
        try outcome.get()
    }
}
