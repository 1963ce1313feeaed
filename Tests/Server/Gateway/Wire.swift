import NIOCore
import NIOPosix
import Synchronization

/// One end of a connection as bare bytes: what was received so far, and what to send.
final class Wire: Sendable {
    let channel: any Channel
    private let log: ByteLog

    init(channel: any Channel, log: ByteLog) {
        self.channel = channel
        self.log = log
    }

    /// Opens a TCP connection to a port of loopback.
    static func connect(port: Int) async throws -> Wire {
        let log = ByteLog()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteLogHandler(log))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Wire(channel: channel, log: log)
    }

    /// Sends text as it stands.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Everything received so far, once it contains `text`; also when the connection is closed before.
    @discardableResult
    func received(until text: String) async -> String { await log.wait { $0.contains(text) } }

    /// Everything received, once `count` bytes are there or the connection is closed.
    func received(count: Int) async -> Int { await log.waitForCount(count) }

    /// Everything received when the other end has closed.
    func receivedAtEnd() async -> String { await log.wait { _ in false } }

    /// Forgets what was received.
    func forget() { log.forget() }

    /// How many bytes were received.
    var receivedCount: Int { log.count }

    /// Stops or starts taking bytes from the socket.
    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }

    func close() async { try? await channel.close() }
}

/// Received bytes and who waits for more.
final class ByteLog: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var count = 0
        var isClosed = false
        var waiters: [(isDone: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let keepsBytes: Bool

    init(keepsBytes: Bool = true) { self.keepsBytes = keepsBytes }

    var count: Int { state.withLock { $0.count } }

    func append(_ buffer: ByteBuffer) {
        update { state in
            if keepsBytes || state.bytes.count < 65_536 { state.bytes += buffer.readableBytesView }
            state.count += buffer.readableBytes
        }
    }

    func close() { update { $0.isClosed = true } }

    func forget() { update { $0.bytes = [] } }

    func wait(until isDone: @escaping @Sendable (String) -> Bool) async -> String {
        await suspend { state in isDone(String(decoding: state.bytes, as: UTF8.self)) }
        return state.withLock { String(decoding: $0.bytes, as: UTF8.self) }
    }

    func waitForCount(_ count: Int) async -> Int {
        await suspend { $0.count >= count }
        return state.withLock { $0.count }
    }

    private func suspend(until isDone: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.isClosed || isDone(state) { return true }
                state.waiters.append((isDone, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    private func update(_ change: (inout State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            let snapshot = state
            let ready = state.waiters.filter { snapshot.isClosed || $0.isDone(snapshot) }
            state.waiters.removeAll { snapshot.isClosed || $0.isDone(snapshot) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }
}

final class ByteLogHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let log: ByteLog

    init(_ log: ByteLog) { self.log = log }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { log.append(unwrapInboundIn(data)) }

    func channelInactive(context: ChannelHandlerContext) {
        log.close()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// An upstream that shows every byte it gets and answers what the test says.
final class RawUpstream: Sendable {
    let port: Int
    private let server: any Channel
    private let connections: AsyncStream<Wire>
    private let counter: OpenedCounter

    /// Listens.
    ///
    /// With `answer`, each complete header is answered at once with that text.
    init(answering answer: String? = nil, keepsBytes: Bool = true) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Wire.self)
        connections = stream
        let opened = OpenedCounter()
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    opened.count.add(1, ordering: .relaxed)
                    let log = ByteLog(keepsBytes: keepsBytes)
                    if let answer { try channel.pipeline.syncOperations.addHandler(CannedAnswers(answer)) }
                    try channel.pipeline.syncOperations.addHandler(ByteLogHandler(log))
                    continuation.yield(Wire(channel: channel, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = server.localAddress?.port ?? 0
        counter = opened
    }

    /// The next connection in the order of their opening.
    func next() async -> Wire? {
        for await wire in connections { return wire }
        return nil
    }

    /// How many connections were accepted so far.
    var connectionCount: Int { counter.count.load(ordering: .relaxed) }

    func stop() async { try? await server.close() }
}

final class OpenedCounter: Sendable {
    let count = Atomic<Int>(0)
}

/// Answers every complete header with the same text.
private final class CannedAnswers: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: String
    private var pending: [UInt8] = []

    init(_ answer: String) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending += unwrapInboundIn(data).readableBytesView
        let end = Array("\r\n\r\n".utf8)
        while let range = pending.firstRange(of: end) {
            pending.removeSubrange(..<range.upperBound)
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
        context.fireChannelRead(data)
    }
}
