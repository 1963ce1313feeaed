import BucklerPrimitives
import Foundation
import SecureChannel
import ServerGateway
import ServiceLifecycle
import Sessions
import TestSupport
import Testing

/// WebSockets through the gateway, in bytes.
@Suite("WebSockets", .timeLimit(.minutes(5)))
struct WebSocketTests {
    static let fields =
        "Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    static let agreed =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    /// The text "hello" as a server sends it, and as a client does with a mask of zeros.
    static let served: [UInt8] = [0x81, 5] + Array("hello".utf8)
    static let asked: [UInt8] = [0x81, 0x85, 0, 0, 0, 0] + Array("hello".utf8)

    static func rules(_ access: RouteAccess = .open) throws -> [RouteRule] {
        [
            RouteRule(
                try RoutePattern(parsing: "/live"), access: access, allowsWebSocket: true, bodyByteCount: 100_000),
            .open,
        ]
    }

    /// An open tunnel and what stands at its two ends.
    static func opened(
        _ rules: [RouteRule], limits: GatewayLimits = GatewayLimits(), token: Bool = false, forgets: Bool = true,
        _ body: @escaping @Sendable (_ rig: GatewayRig, _ client: Wire, _ behind: Wire) async throws -> Void
    ) async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, rules: rules, limits: limits) { rig in
            let proof = token ? try rig.sessions.fields("GET", "/live", token: try rig.sessions.token()) : ""
            let client = try await rig.connect()
            try await client.send("GET /live HTTP/1.1\r\n\(fields)\(proof)\r\n")
            let behind = try #require(await upstream.next())
            let request = await behind.received(until: "\r\n\r\n")
            #expect(request.contains("Upgrade: websocket\r\n") && request.contains("Connection: Upgrade\r\n"))
            #expect(request.contains("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==") && !request.contains("DPoP"))
            #expect(token == request.contains("Buckler-Identity: "))
            try await behind.send(agreed)
            let answer = await client.received(until: "\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 101 ") && answer.lowercased().contains("upgrade: websocket"))
            if forgets { client.forget() }
            behind.forget()
            try await body(rig, client, behind)
            await client.close()
            await behind.close()
        }
        await upstream.stop()
    }

    @Test("frames pass both ways, also those that come with the 101")
    func passing() async throws {
        try await Self.opened(try Self.rules()) { rig, client, behind in
            try await client.send(Self.asked)
            await behind.received(until: "hello")
            try await behind.send(Self.served)
            await client.received(until: "hello")
            try await behind.send([0x88, 2, 0x03, 0xE8])
            #expect(await client.received(count: 4) >= 4)
            try await client.send([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8])
            #expect(await behind.received(count: 8) >= 8)
            await behind.close()
            _ = await client.receivedAtEnd()
        }
    }

    @Test("a megabyte passes while the other end reads slowly, and memory stays bounded by what is under way")
    func large() async throws {
        try await Self.opened(try Self.rules()) { rig, client, behind in
            let payload = [UInt8](repeating: 7, count: 65_535)
            let before = client.receivedCount
            try await client.setReading(false)
            let sending = Task {
                for _ in 0..<64 { try await behind.send([0x82, 126, 0xFF, 0xFF] + payload) }
            }
            try await client.send(Self.asked)
            await behind.received(until: "hello")
            try await client.setReading(true)
            #expect(await client.received(count: before + 64 * 65_539) == before + 64 * 65_539)
            try await sending.value
        }
    }

    @Test("the end of the session closes the socket with 1008 and the code")
    func ended() async throws {
        try await Self.opened(try Self.rules(.session), token: true) { rig, client, behind in
            #expect(rig.sessions.ended.openExchangeCount == 1)
            rig.sessions.ended.end(session: .random(.seeded(21)), reason: .endedByPerson)
            let last = await client.receivedAtEnd()
            #expect(last.contains("session.revoked"))
            _ = await behind.receivedAtEnd()
            #expect(rig.sessions.ended.openExchangeCount == 0)
            #expect(rig.gateway.metrics.snapshot.cutExchanges == 1)
        }
    }

    @Test("within a frame nothing is put between its parts: the connection closes without a word")
    func withinFrame() async throws {
        try await Self.opened(try Self.rules(.session), token: true) { rig, client, behind in
            try await behind.send(Array(Self.served.dropLast(2)))
            await client.received(until: "hel")
            rig.sessions.ended.end(session: .random(.seeded(21)), reason: .endedByPerson)
            #expect(await client.receivedAtEnd().hasSuffix("hel"))
        }
    }

    @Test("bytes that are no frames end the socket, and the upstream never sees them")
    func violation() async throws {
        try await Self.opened(try Self.rules()) { rig, client, behind in
            try await client.send("GET /admin HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = await client.receivedAtEnd()
            #expect(!(await behind.receivedAtEnd()).contains("admin"))
        }
    }

    @Test("when both ends are silent for too long the socket closes")
    func silent() async throws {
        var limits = GatewayLimits()
        limits.upstreamSilence = .milliseconds(200)
        try await Self.opened(try Self.rules(), limits: limits, forgets: false) { _, client, behind in
            #expect(await client.receivedAtEnd().contains("channel.upstream_timeout"))
            _ = await behind.receivedAtEnd()
        }
    }

    @Test("a server that stops says going away")
    func draining() async throws {
        try await Self.opened(try Self.rules()) { rig, client, behind in
            await rig.group.triggerGracefulShutdown()
            // 88 02 03 E9: a close frame of two bytes, 1001.
            #expect(await client.receivedAtEnd() == "\u{FFFD}\u{2}\u{3}\u{FFFD}")
            _ = await behind.receivedAtEnd()
        }
    }

    @Test("an upstream that agrees to something else, or unasked, is answered 502", arguments: 0..<3)
    func wrongAnswer(kind: Int) async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, rules: try Self.rules()) { rig in
            let client = try await rig.connect()
            let path = kind == 0 ? "/other" : "/live"
            let fields = kind == 0 ? "Host: a\r\n" : Self.fields
            try await client.send("GET \(path) HTTP/1.1\r\n\(fields)\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            try await behind.send(
                kind == 1
                    ? Self.agreed.replacingOccurrences(of: "s3p", with: "s3q")
                    : kind == 2
                        ? Self.agreed.replacingOccurrences(of: "websocket", with: "h2c") : Self.agreed)
            #expect(await client.received(until: "upstream_invalid").contains(" 502 "))
        }
        await upstream.stop()
    }

    @Test("an upstream that refuses answers as ever, and the connection ends with the answer")
    func refusedByUpstream() async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
        try await GatewayRig.run(upstream: upstream.port, rules: try Self.rules()) { rig in
            let client = try await rig.connect()
            try await client.send("GET /live HTTP/1.1\r\n\(Self.fields)\r\n")
            let answer = await client.receivedAtEnd()
            #expect(answer.contains(" 403 ") && answer.contains("connection: close") && answer.hasSuffix("no"))
        }
        await upstream.stop()
    }

    @Test("chunks beside the handshake never reach an upstream that would read them as frames")
    func chunked() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, rules: try Self.rules()) { rig in
            let client = try await rig.connect()
            // The chunk's data begins where a server that has switched expects a frame.
            let head = "GET /live HTTP/1.1\r\n\(Self.fields)Transfer-Encoding: chunked\r\n\r\n7\r\n"
            try await client.send(Array(head.utf8) + Self.served + Array("\r\n0\r\n\r\n".utf8))
            let answer = await client.received(until: "\"code\"")
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && !answer.contains(" 101 "))
        }
        #expect(upstream.connectionCount == 0)
        await upstream.stop()
    }

    @Test(
        "a route without WebSockets, and a handshake that is none, are refused",
        arguments: [
            ("/other", "", "501"), ("/live", "Sec-WebSocket-Key: AA==\r\n", "400"),
            ("/live", "Content-Length: 1\r\n", "400"), ("/live", "Transfer-Encoding: chunked\r\n", "400"),
        ])
    func refused(path: String, extra: String, status: String) async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, rules: try Self.rules()) { rig in
            let client = try await rig.connect()
            try await client.send("GET \(path) HTTP/1.1\r\n\(Self.fields)\(extra)\r\n")
            #expect(await client.received(until: "\"code\"").contains(" \(status) "))
        }
        #expect(upstream.connectionCount == 0)
        await upstream.stop()
    }
}
