import NIOCore
import NIOPosix
import SecureChannel
import ServerGateway
import Synchronization
import Testing

/// Large bodies pass through at the slower side's pace; the gateway holds next to nothing of them.
@Suite("Streaming", .serialized, .timeLimit(.minutes(5)))
struct StreamingTests {
    /// Far more than sockets, channels and the gateway may hold together.
    static let length = 64 * 1024 * 1024
    /// What they may hold: kernel buffers of two sockets, and a few hundred kilobytes of ours.
    static let held = 24 * 1024 * 1024

    @Test("a client that does not read stops the upstream, and gets everything when it reads again")
    func download() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            try await wire.setReading(false)
            let sent = Progress()
            let chunk = [UInt8](repeating: 0x61, count: 1 << 20)
            try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: \(Self.length)\r\n\r\n")
            let sending = Task {
                for _ in 0..<(Self.length >> 20) {
                    try await behind.send(chunk)
                    sent.add(chunk.count)
                }
            }
            let stalled = await sent.whenUnchanged()
            #expect(stalled < Self.held)
            try await wire.setReading(true)
            let received = await wire.received(count: Self.length)
            #expect(received > Self.length)
            try await sending.value
        }
        await upstream.stop()
    }

    @Test("an upstream that does not read stops the client's upload")
    func upload() async throws {
        let upstream = try await RawUpstream(keepsBytes: false)
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: \(Self.length)\r\n\r\n")
            let behind = try #require(await upstream.next())
            let sent = Progress()
            let chunk = [UInt8](repeating: 0x61, count: 1 << 20)
            try await wire.send(chunk)
            await behind.received(until: "aaaa")
            try await behind.setReading(false)
            let sending = Task {
                for _ in 1..<(Self.length >> 20) {
                    try await wire.send(chunk)
                    sent.add(chunk.count)
                }
            }
            let stalled = await sent.whenUnchanged()
            #expect(stalled < Self.held)
            try await behind.setReading(true)
            #expect(await behind.received(count: Self.length) > Self.length)
            try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone")
            await wire.received(until: "done")
            try await sending.value
        }
        await upstream.stop()
    }

    @Test("an answer that overtakes its upload reaches the client, and the connection ends")
    func earlyAnswer() async throws {
        let upstream = try await RawUpstream(keepsBytes: false)
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nfirst")
            let behind = try #require(await upstream.next())
            await behind.received(until: "first")
            try await behind.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
            let answer = await wire.receivedAtEnd()
            #expect(answer.contains(" 413 ") && answer.hasSuffix("no"))
            #expect(answer.contains("connection: close"))
        }
        await upstream.stop()
    }
}

/// How much was sent, and when that stops growing.
private final class Progress: Sendable {
    private let total = LockedNumber()

    func add(_ count: Int) { total.add(count) }

    /// The sum, once it has stayed the same for a number of turns of the event loop.
    func whenUnchanged() async -> Int {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var last = -1
        var turns = 0
        while turns < 20 {
            try? await loop.scheduleTask(in: .milliseconds(10)) {}.futureResult.get()
            let now = total.value
            turns = now == last ? turns + 1 : 0
            last = now
        }
        return last
    }
}

private final class LockedNumber: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func add(_ count: Int) { number.withLock { $0 += count } }
}
