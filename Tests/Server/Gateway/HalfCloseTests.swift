import NIOCore
import ServiceLifecycle
import Testing

@testable import ServerGateway

/// Clients that close their half of a connection and go on reading (RFC 9112 §9.6).
@Suite("Half-closed connections", .timeLimit(.minutes(5)))
struct HalfCloseTests {
    @Test("an answer that is held at the upstream reaches a client that has closed its half, and ends the connection")
    func held() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connectHalf()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            try await wire.channel.close(mode: .output)
            try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
            #expect(await wire.receivedAtEnd().hasSuffix("whole"))
        }
        await upstream.stop()
    }

    @Test("all pipelined requests are answered before the connection ends", arguments: ["/a", "/buckler/hello"])
    func pipelined(path: String) async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connectHalf()
            let request = "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
            try await wire.send(request + request + request)
            try await wire.channel.close(mode: .output)
            let answers = await wire.receivedAtEnd().split(separator: "HTTP/1.1 200").count
            #expect(answers == 3)
        }
        await upstream.stop()
    }

    @Test("half a request is given up at once, and the upstream hears it")
    func halfRequest() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connectHalf()
            try await wire.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nwh")
            let behind = try #require(await upstream.next())
            await behind.received(until: "wh")
            try await wire.channel.close(mode: .output)
            _ = await behind.receivedAtEnd()
            _ = await wire.receivedAtEnd()
        }
        await upstream.stop()
    }

    @Test("an idle connection is closed, with its last answer whole")
    func idle() async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connectHalf()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            await wire.received(until: "ok")
            try await wire.channel.close(mode: .output)
            #expect(await wire.receivedAtEnd().hasSuffix("ok"))
        }
        await upstream.stop()
    }

    @Test("a stop closes an idle connection at once, and another only after its answer has been read to its end")
    func stopWhileUnread() async throws {
        let length = 16 << 20
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let idle = try await rig.connect()
            try await idle.send("GET /buckler/hello HTTP/1.1\r\nHost: a\r\n\r\n")
            await idle.received(until: "world")
            let wire = try await rig.connect()
            try await wire.setReading(false)
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            await rig.group.triggerGracefulShutdown()
            _ = await idle.receivedAtEnd()
            async let sent: Void = behind.send(
                "HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n" + String(repeating: "a", count: length))
            try await wire.setReading(true)
            #expect(await wire.received(count: length) >= length)
            try await sent
            try await wire.channel.closeFuture.get()
        }
        await upstream.stop()
    }
}

extension GatewayRig {
    /// A connection that goes on reading after it has closed its half.
    fileprivate func connectHalf() async throws -> Wire {
        let wire = try await connect()
        try await wire.channel.setOption(.allowRemoteHalfClosure, value: true).get()
        return wire
    }
}
