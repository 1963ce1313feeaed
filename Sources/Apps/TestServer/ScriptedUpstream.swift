import NIOCore
import NIOPosix
import Synchronization

/// An upstream that answers bare bytes: whatever a broken or hostile API could say, and when.
package final class ScriptedUpstream: Sendable {
    /// One thing that it does once the header of a request is there.
    package enum Step: Sendable {
        /// Sends text as it stands.
        case send(String)
        /// Sends the same text so many times, no faster than it is read.
        case repeated(String, times: Int)
        /// Waits until `release()`.
        case hold
        /// Closes the connection.
        case close
    }

    /// Where it listens; 0 on a Unix socket.
    package let port: Int
    private let server: any Channel
    private let log: RequestLog

    /// Listens on loopback, or on a Unix socket; `script` decides by the path what happens.
    package init(unixPath: String? = nil, _ script: @escaping @Sendable (String) -> [Step]) async throws {
        let log = RequestLog()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(script, log))
                }
            }
        if let unixPath {
            server = try await bootstrap.bind(unixDomainSocketPath: unixPath).get()
        } else {
            server = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        }
        port = server.localAddress?.port ?? 0
        self.log = log
    }

    /// The headers of all requests so far, as they came.
    package var requests: [String] { log.heads }

    /// Returns once so many requests have come, or when the task is cancelled.
    package func received(_ count: Int) async { await log.wait(for: count) }

    /// Lets every answer that is held go on, now and later.
    package func release() { log.release() }

    /// Stops listening.
    package func stop() async { try? await server.close() }
}

/// What came, who waits for it, and which answers are held.
private final class RequestLog: Sendable {
    private struct State {
        var heads: [String] = []
        var isReleased = false
        var held: [@Sendable () -> Void] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var isCancelled = false
    }

    private let state = Mutex(State())

    var heads: [String] { state.withLock { $0.heads } }

    func add(_ head: String) {
        let ready = state.withLock { state in
            state.heads.append(head)
            let count = state.heads.count
            defer { state.waiting.removeAll { $0.count <= count } }
            return state.waiting.filter { $0.count <= count }
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func wait(for count: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    let isOver = state.isCancelled || state.heads.count >= count
                    if !isOver { state.waiting.append((count, continuation)) }
                    return isOver
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.isCancelled = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for waiter in waiting { waiter.continuation.resume() }
        }
    }

    /// True if nothing is held any more; otherwise `goOn` is called at the release.
    func isReleased(orElse goOn: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if !state.isReleased { state.held.append(goOn) }
            return state.isReleased
        }
    }

    func release() {
        let held = state.withLock { state in
            state.isReleased = true
            defer { state.held = [] }
            return state.held
        }
        for goOn in held { goOn() }
    }
}

/// Looks for headers in what comes, and runs the script for each.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: @Sendable (String) -> [ScriptedUpstream.Step]
    private let log: RequestLog
    private var pending: [UInt8] = []
    private var steps: [ScriptedUpstream.Step] = []
    private var isHeld = false

    init(_ script: @escaping @Sendable (String) -> [ScriptedUpstream.Step], _ log: RequestLog) {
        self.script = script
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pending += unwrapInboundIn(data).readableBytesView
        while let range = pending.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = String(decoding: pending[..<range.lowerBound], as: UTF8.self)
            pending.removeSubrange(..<range.upperBound)
            let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
            guard words.count == 3, words[2].hasSuffix("HTTP/1.1") else { continue }
            log.add(head)
            steps += script(String(words[1]))
        }
        run(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        run(context)
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func goOn(_ context: ChannelHandlerContext) {
        isHeld = false
        steps.removeFirst()
        run(context)
    }

    private func run(_ context: ChannelHandlerContext) {
        while !isHeld, let step = steps.first {
            switch step {
            case .send(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .repeated(let text, let times):
                guard context.channel.isWritable else { return }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                if times > 1 {
                    steps[0] = .repeated(text, times: times - 1)
                    continue
                }
            case .hold:
                let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                let loop = context.eventLoop
                let isReleased = log.isReleased { loop.execute { bound.value.0.goOn(bound.value.1) } }
                if !isReleased { return isHeld = true }
            case .close: context.close(promise: nil)
            }
            steps.removeFirst()
        }
    }
}
