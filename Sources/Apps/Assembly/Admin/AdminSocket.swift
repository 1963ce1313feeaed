import BucklerPrimitives
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The socket `data/admin.sock`: line-delimited JSON for the operator on this machine (PD-16).
///
/// Mode 0600 in a folder of mode 0700, and every peer's user id is asked of the kernel: only the server's own user and
/// root are heard. One order per connection, whole within five seconds; at most eight connections at once, of which six may
/// follow something: two places are left for orders that end. A follow ends with its peer, or with the server.
package struct AdminSocket: Service {
    private let path: String
    private let desk: any AdminDesk
    private let group: any EventLoopGroup
    private let logger: Logger
    private let lineDeadline: TimeAmount

    /// The socket's name inside the data folder.
    package static let fileName = "admin.sock"
    /// The longest order in bytes.
    static let maximumLineByteCount = 16_384
    /// Connections that may be open at once.
    static let maximumConnections = 8
    /// Connections that may follow something at once.
    static let maximumFollows = 6

    /// Takes the socket's path, which must be shorter than 108 bytes.
    ///
    /// `lineDeadline` is the time for the whole order, however it drips in: silent connections give their places back.
    package init(
        path: String, desk: any AdminDesk, group: any EventLoopGroup, logger: Logger,
        lineDeadline: TimeAmount = .seconds(5)
    ) {
        self.path = path
        self.desk = desk
        self.group = group
        self.logger = logger
        self.lineDeadline = lineDeadline
    }

    /// Listens until graceful shutdown.
    package func run() async throws {
        let server = try await bind()
        try await withGracefulShutdownHandler {
            try await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    let gate = AdminGate(maximum: Self.maximumConnections)
                    let follows = AdminGate(maximum: Self.maximumFollows)
                    for try await connection in connections {
                        let hasPlace = gate.enter()
                        group.addTask {
                            guard hasPlace else { return await refuse(connection) }
                            await serve(connection, follows)
                            gate.leave()
                        }
                    }
                }
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
        }
        unlink(path)
    }

    private func bind() async throws -> NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never> {
        guard path.utf8.count < 108 else { throw StartFailure.socketPathTooLong(path) }
        let server = try await ServerBootstrap(group: group)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(LineDecoder()))
                    try channel.pipeline.syncOperations.addHandler(LineDeadline(lineDeadline))
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: false))
                }
            }
        guard chmod(path, 0o600) == 0 else { throw StartFailure.socketMode(path) }
        return server
    }

    /// Closes a connection without an answer.
    ///
    /// Like every connection it must be closed by `executeThenClose`: one that is dropped instead stops the process.
    private func refuse(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { _, _ in }
        } catch {
            logger.debug("a refused admin connection ended early")
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ follows: AdminGate) async {
        do {
            try await connection.executeThenClose { lines, writer in
                guard try await PeerCredentials.mayAdminister(connection.channel) else {
                    logger.warning("refused a peer of another user on the admin socket")
                    return
                }
                var iterator = lines.makeAsyncIterator()
                guard let line = try await iterator.next() else { return }
                let answer = await answer(to: Array(line.readableBytesView), connection.channel, follows) { item in
                    try await writer.write(ByteBuffer(bytes: AdminAnswer.item(item)))
                }
                guard let answer else { return }
                try await writer.write(ByteBuffer(bytes: answer))
            }
        } catch {
            // A peer that went away early is its own business.
            logger.debug("an admin connection ended early")
        }
    }

    /// The last line of the answer; nil if nobody reads it.
    private func answer(
        to line: [UInt8], _ channel: any Channel, _ follows: AdminGate,
        emit: @escaping @Sendable (JSONObject) async throws -> Void
    ) async -> [UInt8]? {
        guard let request = AdminRequest(line: line) else { return AdminAnswer.refusal(.argument("order")) }
        guard request.follows else { return await carryOut(request, emit) }
        guard follows.enter() else { return AdminAnswer.refusal(.tooManyFollow) }
        defer { follows.leave() }
        return await untilGone(channel) { await carryOut(request, emit) }
    }

    private func carryOut(
        _ request: AdminRequest, _ emit: @escaping @Sendable (JSONObject) async throws -> Void
    ) async -> [UInt8] {
        do throws(AdminError) {
            return AdminAnswer.result(try await desk.carryOut(request, emit: emit))
        } catch {
            return AdminAnswer.refusal(error)
        }
    }

    /// Runs what does not end by itself; cancels it when its peer goes away or the server stops.
    ///
    /// A peer that does not read gets no last line: waiting for it would hold up the stop.
    private func untilGone(
        _ channel: any Channel, _ body: @escaping @Sendable () async -> [UInt8]
    ) async -> [UInt8]? {
        let (gone, continuation) = AsyncStream<Void>.makeStream()
        channel.closeFuture.whenComplete { _ in continuation.finish() }
        let answer = await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { await cancelWhenGracefulShutdown(body) }
            group.addTask {
                for await _ in gone {}
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        return channel.isWritable ? answer : nil
    }
}

/// Splits a byte stream into lines of bounded length.
private struct LineDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let end = buffer.readableBytesView.firstIndex(of: 0x0A) else {
            if buffer.readableBytes > AdminSocket.maximumLineByteCount { throw AdminLineTooLong() }
            return .needMoreData
        }
        let length = end - buffer.readableBytesView.startIndex
        guard let line = buffer.readSlice(length: length) else { return .needMoreData }
        buffer.moveReaderIndex(forwardBy: 1)
        context.fireChannelRead(wrapInboundOut(line))
        return .continue
    }
}

/// Closes a connection whose first line is not there in time.
private final class LineDeadline: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let deadline: TimeAmount
    private var watch: Scheduled<Void>?

    init(_ deadline: TimeAmount) { self.deadline = deadline }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        watch = context.eventLoop.scheduleTask(in: deadline) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        watch?.cancel()
        context.fireChannelRead(data)
    }

    func handlerRemoved(context: ChannelHandlerContext) { watch?.cancel() }
}

private struct AdminLineTooLong: Error {}

/// Counts what is open.
private final class AdminGate: Sendable {
    private let free: Mutex<Int>

    init(maximum: Int) { free = Mutex(maximum) }

    func enter() -> Bool {
        free.withLock { count in
            guard count > 0 else { return false }
            count -= 1
            return true
        }
    }

    func leave() { free.withLock { $0 += 1 } }
}
