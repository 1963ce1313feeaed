import Foundation
import NIOCore
import SecureChannel
import ServerGateway
import Testing

/// What a hostile client may send, byte by byte, and that the connection ends there.
@Suite("Framing of the public listener", .timeLimit(.minutes(5)))
struct FramingTests {
    /// Requests that two servers could read differently.
    ///
    /// Behind each one stands another request that must not be served.
    static let refused: [(name: String, text: String)] = [
        ("unknown transfer encoding", "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"),
        ("transfer encodings in a list", "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n"),
        (
            "doubled transfer encoding",
            "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("transfer encoding on HTTP/1.0", "POST /a HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (
            "length beside transfer encoding",
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("two equal lengths", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab"),
        ("negative length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
        ("signed length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\nab"),
        ("no host", "GET /a HTTP/1.1\r\nAccept: */*\r\n\r\n"),
        ("two hosts", "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("empty host", "GET /a HTTP/1.1\r\nHost: \r\n\r\n"),
        ("host with a path", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        ("host with a user", "GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        ("folded line", "GET /a HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n"),
        ("space before the colon", "GET /a HTTP/1.1\r\nHost : a\r\n\r\n"),
        ("NUL in a value", "GET /a HTTP/1.1\r\nHost: a\r\nX: a\u{0}b\r\n\r\n"),
        ("bare line feeds", "GET /a HTTP/1.1\nHost: a\n\n"),
        ("no HTTP at all", "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n"),
        ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("TRACE", "TRACE /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ]

    @Test(
        "ambiguous framing is refused with secure fields and a problem, and nothing behind it is served",
        arguments: refused.map(\.name))
    func ambiguousFraming(name: String) async throws {
        let text = try #require(Self.refused.first { $0.name == name }).text
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = await wire.receivedAtEnd()
            #expect(answer.hasPrefix("HTTP/1."))
            #expect(answer.contains(" 400 ") || answer.contains(" 501 "))
            #expect(answer.contains("x-content-type-options: nosniff"))
            #expect(answer.contains("strict-transport-security: max-age=0"))
            #expect(answer.contains("content-security-policy: default-src 'none'"))
            #expect(answer.contains("cache-control: no-store"))
            #expect(answer.contains("date: Thu, 01 Jan 2026 00:00:00 GMT"))
            #expect(!answer.lowercased().contains("\r\nserver:"))
            #expect(answer.contains("application/problem+json"))
            #expect(answer.contains("connection: close"))
            #expect(answer.components(separatedBy: "HTTP/1.").count == 2, "exactly one answer")
            #expect(!rig.incidents.reasons.isEmpty)
        }
        #expect(upstream.connectionCount == 0)
        await upstream.stop()
    }

    @Test("a header that is too large is refused by the parser with 431 and secure fields")
    func largeHeader() async throws {
        try await GatewayRig.run(upstream: nil) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 40_000))\r\n\r\n")
            let answer = await wire.receivedAtEnd()
            #expect(answer.contains(" 431 "))
            #expect(answer.contains("x-content-type-options: nosniff"))
        }
    }

    @Test("too many fields are refused")
    func manyFields() async throws {
        try await GatewayRig.run(upstream: nil) { rig in
            let wire = try await rig.connect()
            let fields = (0..<200).map { "X-\($0): 1\r\n" }.joined()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            let answer = await wire.receivedAtEnd()
            #expect(answer.contains(" 431 ") || answer.contains(" 400 "))
        }
    }

    @Test("half a header is answered with 408 and closed, also when a byte comes now and then")
    func drippingHeader() async throws {
        var limits = GatewayLimits()
        limits.headerTime = .milliseconds(200)
        try await GatewayRig.run(upstream: nil, limits: limits) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHo")
            let dripping = Task { while true { try await wire.send("s") } }
            let answer = await wire.receivedAtEnd()
            dripping.cancel()
            #expect(answer.contains(" 408 ") || answer.contains(" 431 "))
            #expect(answer.contains("x-content-type-options: nosniff"))
        }
    }

    @Test("a body that drips longer than the request may take is refused and cut")
    func drippingBody() async throws {
        var limits = GatewayLimits()
        // Long enough for a busy machine to reach the upstream.
        limits.requestTime = .seconds(3)
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, limits: limits) { rig in
            let wire = try await rig.connect()
            try await wire.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\nx")
            let answer = await wire.receivedAtEnd()
            #expect(answer.contains(" 408 "))
            // The upstream sees the end too.
            _ = await behind.receivedAtEnd()
        }
        await upstream.stop()
    }

    @Test("an idle connection is closed without an answer")
    func idle() async throws {
        var limits = GatewayLimits()
        limits.idleTime = .milliseconds(100)
        try await GatewayRig.run(upstream: nil, limits: limits) { rig in
            let wire = try await rig.connect()
            #expect(await wire.receivedAtEnd().isEmpty)
        }
    }

    @Test("a body beyond the limit is refused before it is read, announced or not")
    func largeBody() async throws {
        var limits = GatewayLimits()
        limits.bodyByteCount = 1000
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, limits: limits) { rig in
            let announced = try await rig.connect()
            try await announced.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n")
            #expect(await announced.receivedAtEnd().contains(" 413 "))
            let chunked = try await rig.connect()
            let chunk = String(repeating: "x", count: 0x1FF)
            // One piece: the server closes at the refusal, and a later piece would meet a closed connection.
            try await chunked.send(
                "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + String(repeating: "1ff\r\n\(chunk)\r\n", count: 3))
            #expect(await chunked.received(until: "request.too_large").contains(" 413 "))
        }
        await upstream.stop()
    }

    @Test("pipelined requests are answered one after the other, in their order")
    func pipelining() async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /buckler/hello HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = await wire.receivedAtEnd()
            let order = answer.components(separatedBy: "HTTP/1.1 200 OK")
            #expect(order.count == 4)
            #expect(order.dropFirst(2).first?.contains("hello") == true)
        }
        await upstream.stop()
    }

    @Test("a request that asks for the connection's end gets it", arguments: ["/a", "/buckler/hello"])
    func connectionClose(path: String) async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await wire.receivedAtEnd().contains("connection: close"))
        }
        await upstream.stop()
    }

    @Test("while the server drains, answers announce the connection's end", arguments: ["/a", "/buckler/hello"])
    func draining(path: String) async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            rig.gateway.beginDraining()
            let wire = try await rig.connect()
            try await wire.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await wire.receivedAtEnd().contains("connection: close"))
        }
        await upstream.stop()
    }

    @Test(
        "our own endpoints refuse wrong methods, paths, media types and faults with secure fields and a problem",
        arguments: [
            ("DELETE /buckler/hello", "", "request.method_not_allowed"), ("GET /buckler/none", "", "request.not_found"),
            ("GET /buckler/fault", "", "server.internal"),
            (
                "POST /buckler/echo", "Content-Type: text/plain\r\nContent-Length: 2\r\n",
                "request.unsupported_media_type"
            ),
            ("POST /buckler/echo", "Content-Type: application/json\r\nContent-Length: 2\r\n", "request.invalid"),
        ])
    func ownRefusals(line: String, fields: String, code: String) async throws {
        try await GatewayRig.run(upstream: nil) { rig in
            let wire = try await rig.connect()
            try await wire.send(
                "\(line) HTTP/1.1\r\nHost: a\r\n\(fields)Connection: close\r\n\r\n\(fields.isEmpty ? "" : "[]")")
            let answer = await wire.receivedAtEnd().lowercased()
            #expect(answer.contains(code))
            #expect(answer.contains("x-content-type-options: nosniff"))
            #expect(answer.contains("buckler-problem: \(code)"))
            #expect(answer.contains("application/problem+json"))
        }
    }
}
