import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

@testable import ServerGateway

/// Connections that negotiate HTTP/2 and then say nothing, or stop saying anything, and sources that open too many.
@Suite("Silent connections", .timeLimit(.minutes(5)))
struct SilentConnectionTests {
    /// The preface and empty SETTINGS (RFC 9113 §3.4).
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

    /// `GET https://localhost/` as the only HEADERS of stream 1.
    static let request: [UInt8] =
        [0, 0, 14, 1, 5, 0, 0, 0, 1, 0x82, 0x87, 0x84, 0x41, 9] + Array("localhost".utf8)

    @Test("HTTP/2 without a preface is closed", arguments: [[], preface, Array(preface.prefix(30))])
    func silent(sent: [UInt8]) async throws {
        var limits = GatewayLimits()
        limits.headerTime = .milliseconds(300)
        try await Self.run(limits) { _, wire in
            // A busy machine may come too late with it; the connection is closed then, which is what is waited for.
            if !sent.isEmpty { try? await wire.send(sent) }
            _ = await wire.receivedAtEnd()
        }
    }

    @Test("HTTP/2 that is idle after its answer is closed, although PING is never acknowledged")
    func noAcknowledgement() async throws {
        var limits = GatewayLimits()
        limits.headerTime = .seconds(60)
        // Long enough for the request itself on a busy machine.
        limits.idleTime = .seconds(3)
        try await Self.run(limits) { rig, wire in
            try await wire.send(Self.preface + Self.request)
            _ = await wire.receivedAtEnd()
            #expect(rig.gateway.metrics.snapshot.refusals == 1)
        }
    }

    @Test("a client that leaves an idle HTTP/2 connection is let go at once, with a goodbye")
    func leaving() async throws {
        try await Self.run(GatewayLimits()) { _, wire in
            try await wire.send(Self.preface)
            // Fails if the server's half of the goodbye does not come.
            try await wire.channel.close()
        }
    }

    @Test("one network gets its share of connections and no more, and gets it again when they are closed")
    func share() async throws {
        var limits = GatewayLimits()
        limits.sourceConnectionCount = 2
        try await GatewayRig.run(upstream: nil, limits: limits) { rig in
            let first = try await rig.connect()
            let second = try await rig.connect()
            for wire in [first, second] {
                try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
                await wire.received(until: " 404 ")
            }
            let third = try await rig.connect()
            #expect(await third.receivedAtEnd().isEmpty)
            try await first.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            _ = await first.receivedAtEnd()
            var answer = ""
            while answer.isEmpty {
                let next = try await rig.connect()
                try? await next.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                answer = await next.receivedAtEnd()
            }
            #expect(answer.contains(" 404 "))
        }
    }

    @Test("a trusted proxy may have all connections")
    func trusted() async throws {
        var limits = GatewayLimits()
        limits.sourceConnectionCount = 1
        try await GatewayRig.run(upstream: nil, limits: limits, trusted: TrustedProxies { _ in true }) { rig in
            let wires = [try await rig.connect(), try await rig.connect()]
            for wire in wires {
                try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
                await wire.received(until: " 404 ")
            }
        }
    }

    /// Runs a listener with short times and one connection that negotiated `h2`.
    private static func run(
        _ limits: GatewayLimits, _ body: @escaping @Sendable (GatewayRig, Wire) async throws -> Void
    ) async throws {
        let certificate = try TLSTests.certificate()
        try await GatewayRig.run(upstream: nil, tls: try TLSTests.tls(certificate), limits: limits) { rig in
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.authority.utf8)))
            tls.applicationProtocols = ["h2"]
            let context = try NIOSSLContext(configuration: tls)
            let log = ByteLog()
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let operations = channel.pipeline.syncOperations
                        try operations.addHandler(NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                        try operations.addHandler(ByteLogHandler(log))
                    }
                }
                .connect(host: "127.0.0.1", port: rig.port).get()
            let wire = Wire(channel: channel, log: log)
            // The server's SETTINGS: the handshake is over.
            _ = await wire.received(count: 9)
            try await body(rig, wire)
        }
    }
}

/// What a method may look like.
@Suite("Methods")
struct MethodRuleTests {
    @Test(
        "a method that is not capital letters is refused, on every version",
        arguments: ["get", "Post", "GET ", "G\u{E9}T", "M1", "", String(repeating: "A", count: 21), "TRACE", "CONNECT"])
    func refused(text: String) {
        for isHTTP2 in [true, false] {
            let head = HTTPRequestHead(
                version: .http1_1, method: HTTPMethod(rawValue: text), uri: "/", headers: ["host": "a"])
            #expect(throws: FramingRefusal.method) { try FramingRules.check(head, isHTTP2: isHTTP2) }
        }
    }

    @Test("methods of standards pass", arguments: ["GET", "HEAD", "PATCH", "PROPFIND", "M-SEARCH", "QUERY"])
    func passed(text: String) {
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: text), uri: "/", headers: ["host": "a"])
        #expect(throws: Never.self) { try FramingRules.check(head, isHTTP2: true) }
    }
}
