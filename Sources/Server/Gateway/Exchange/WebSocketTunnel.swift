import BucklerPrimitives
import NIOCore
import NIOHTTP1
import SecureChannel

/// A WebSocket on its way through: two connections of one event loop, bytes passed on as they come, frames followed.
final class WebSocketTunnel {
    private let client: TunnelEnd
    private let upstream: TunnelEnd
    private let entropy: Entropy
    private let silence: TimeAmount
    private var deadline: NIODeadline
    private var isOver = false
    /// Told once, when the tunnel is over.
    private var whenOver: (() -> Void)?

    /// Takes both ends' channels, the most that a frame may carry and how long both ends may be silent.
    init(
        client: any Channel, upstream: any Channel, maximumByteCount: Int, silence: Duration, entropy: Entropy,
        whenOver: @escaping () -> Void
    ) {
        self.client = TunnelEnd(channel: client, sender: .client, maximumByteCount: maximumByteCount)
        self.upstream = TunnelEnd(channel: upstream, sender: .server, maximumByteCount: maximumByteCount)
        self.entropy = entropy
        self.silence = TimeAmount(silence)
        self.deadline = .now() + TimeAmount(silence)
        self.whenOver = whenOver
        self.client.tunnel = self
        self.upstream.tunnel = self
    }

    /// Puts both ends in the place of their HTTP coders, after the 101 was written to the client.
    func open() throws {
        let clients = client.channel.pipeline.syncOperations
        let decoder = try clients.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try clients.addHandler(client, position: .after(decoder))
        let encoder = try clients.context(handlerType: HTTPResponseEncoder.self)
        clients.removeHandler(context: encoder, promise: nil)
        clients.removeHandler(context: try clients.context(handler: decoder), promise: nil)

        let upstreams = upstream.channel.pipeline.syncOperations
        let answers = try upstreams.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
        try upstreams.addHandler(upstream, position: .after(answers))
        let requests = try upstreams.context(handlerType: HTTPRequestEncoder.self)
        upstreams.removeHandler(context: requests, promise: nil)
        upstreams.removeHandler(context: try upstreams.context(handler: answers), promise: nil)
    }

    /// Ends both halves with close frames (RFC 6455 §7.4.1) where they fit between two frames, and closes.
    ///
    /// - Parameters:
    ///   - status: 1001 when the server stops, 1008 when the session ends, 1002 and 1009 for frames that are none.
    ///   - reason: A problem code, or nothing.
    func end(status: UInt16, reason: String) {
        guard !isOver else { return }
        if upstream.frames.isAtBoundary, !upstream.frames.isClosed {
            client.write(WebSocketFrames.close(from: .server, status: status, reason: reason, mask: []))
        }
        if client.frames.isAtBoundary, !client.frames.isClosed {
            upstream.write(
                WebSocketFrames.close(from: .client, status: status, reason: reason, mask: entropy.bytes(4)))
        }
        finish()
    }

    /// Ends the tunnel if both ends have been silent for too long.
    func check(_ now: NIODeadline) {
        if now >= deadline { end(status: 1001, reason: "channel.upstream_timeout") }
    }

    /// Bytes of one end for the other.
    fileprivate func pass(_ bytes: ByteBuffer, from end: TunnelEnd) {
        guard !isOver else { return }
        deadline = .now() + silence
        do throws(WebSocketViolation) {
            try end.frames.follow(bytes.readableBytesView)
        } catch {
            // What was read before it has been passed on; of this nothing is.
            return self.end(status: error.status, reason: "")
        }
        let other = other(than: end)
        other.write(bytes)
        if !other.isWritable {
            end.pause()
            other.flush()
        }
    }

    fileprivate func flush(after end: TunnelEnd) {
        if !isOver { other(than: end).flush() }
    }

    fileprivate func resume(before end: TunnelEnd) { other(than: end).resume() }

    /// One end is gone, or will send nothing more.
    func left() { finish() }

    private func other(than end: TunnelEnd) -> TunnelEnd { end === client ? upstream : client }

    private func finish() {
        guard !isOver else { return }
        isOver = true
        client.closeAfterWriting()
        upstream.closeAfterWriting()
        let whenOver = whenOver
        self.whenOver = nil
        whenOver?()
    }
}

/// One end of a tunnel, between the network and what spoke HTTP before.
final class TunnelEnd: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The connection.
    let channel: any Channel
    /// Nil when the connection is gone.
    fileprivate var tunnel: WebSocketTunnel?
    /// What this end sends.
    fileprivate var frames: WebSocketFrames
    private var context: ChannelHandlerContext?
    private var isPaused = false
    private var wantsRead = false

    init(channel: any Channel, sender: WebSocketFrames.Sender, maximumByteCount: Int) {
        self.channel = channel
        frames = WebSocketFrames(from: sender, maximumByteCount: maximumByteCount)
    }

    fileprivate var isWritable: Bool { channel.isWritable }

    fileprivate func write(_ bytes: ByteBuffer) { context?.write(wrapOutboundOut(bytes), promise: nil) }

    fileprivate func write(_ bytes: [UInt8]) { write(ByteBuffer(bytes: bytes)) }

    fileprivate func flush() { context?.flush() }

    fileprivate func pause() { isPaused = true }

    fileprivate func resume() {
        isPaused = false
        guard wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    /// Closes when everything is written, or after two seconds.
    fileprivate func closeAfterWriting() {
        resume()
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) { self.context?.close(promise: nil) }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        tunnel = nil
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { tunnel?.pass(unwrapInboundIn(data), from: self) }

    func channelReadComplete(context: ChannelHandlerContext) { tunnel?.flush(after: self) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { tunnel?.resume(before: self) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            tunnel?.left()
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        tunnel?.left()
        tunnel = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
