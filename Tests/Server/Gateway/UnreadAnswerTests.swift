import NIOCore
import NIOPosix
import SecureChannel
import ServerGateway
import Testing

/// A client that writes and never reads gets as many answers as the kernel holds, not as many as memory holds.
@Suite("Answers nobody reads", .serialized, .timeLimit(.minutes(5)))
struct UnreadAnswerTests {
    static let request = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
    /// Answers of a kilobyte: 32 MB of them.
    static let requestCount = 32_000
    /// What the kernel's buffers and one read may hold.
    static let answeredCount = 12_000

    @Test("pipelined requests wait unread, and all are answered once the client reads")
    func pipelining() async throws {
        try await GatewayRig.run(upstream: nil) { rig in
            let wire = try await Self.deafWire(rig)
            let sending = Task { try await wire.send(String(repeating: Self.request, count: Self.requestCount)) }
            let answered = await Self.whenUnchanged(below: Self.answeredCount) { rig.gateway.metrics.snapshot.refusals }
            #expect(answered > 0 && answered < Self.answeredCount)
            try await wire.setReading(true)
            try await sending.value
            try await wire.send("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            _ = await wire.receivedAtEnd()
            #expect(rig.gateway.metrics.snapshot.refusals == Self.requestCount + 1)
        }
    }

    @Test("the connection ends after the stall time, whatever request comes next")
    func stall() async throws {
        var limits = GatewayLimits()
        limits.stallTime = .milliseconds(400)
        try await GatewayRig.run(upstream: nil, limits: limits) { rig in
            let wire = try await Self.deafWire(rig)
            // The write fails when the server has closed; that is what the test waits for.
            await #expect(throws: (any Error).self) {
                while true { try await wire.send(String(repeating: Self.request, count: 1000)) }
            }
        }
    }

    /// A connection that takes little into the kernel and nothing out of it.
    private static func deafWire(_ rig: GatewayRig) async throws -> Wire {
        let wire = try await rig.connect()
        try await wire.channel.setOption(.socketOption(.so_rcvbuf), value: 65_536).get()
        try await wire.setReading(false)
        return wire
    }

    /// A number, once it has stayed the same for a while or has grown too large.
    private static func whenUnchanged(below limit: Int, _ value: () -> Int) async -> Int {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var (last, turns) = (0, 0)
        while turns < 30, last < limit {
            try? await loop.scheduleTask(in: .milliseconds(20)) {}.futureResult.get()
            let now = value()
            turns = now == last && now > 0 ? turns + 1 : 0
            last = now
        }
        return last
    }
}
