import NIOCore
import NIOHTTP2

/// Watches an HTTP/2 connection from below: its streams, and whether the client reads.
///
/// Streams have deadlines of their own (`ExchangeHandler`); this one is for a connection that opens none, or that writes and
/// never reads. It asks the client nothing: a client that leaves PING unanswered is closed all the same.
///
/// Connection management closes as soon as the last stream ends. Here that close waits until the answers have left, and
/// a client that has closed its half is let go when its streams are over; nothing above does either.
final class HTTP2Watch: ChannelDuplexHandler, Watchdog.Watched {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let resources: LoopResources
    private let limits: GatewayLimits
    private var context: ChannelHandlerContext?
    private var streams: [HTTP2StreamID: any Channel] = [:]
    /// When the connection is closed unless a stream is opened; nil while there are streams.
    private var silenceEnd: NIODeadline?
    private var stalledSince: NIODeadline?
    private var wantsRead = false
    private var isInputClosed = false
    private var isDraining = false
    /// When a close that waits for unwritten answers waits no longer.
    private var closeEnd: NIODeadline?

    /// How long a client may take to acknowledge the end of an idle connection.
    private static let farewellTime = TimeAmount.seconds(1)

    init(resources: LoopResources, limits: GatewayLimits) {
        self.resources = resources
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        silenceEnd = .now() + TimeAmount(limits.headerTime)
        resources.watchdog.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    private func forget() {
        resources.watchdog.remove(self)
        context = nil
    }

    // MARK: Streams

    func streamOpened(_ id: HTTP2StreamID, _ channel: any Channel) {
        streams[id] = channel
        silenceEnd = nil
    }

    func streamClosed(_ id: HTTP2StreamID) {
        streams[id] = nil
        guard streams.isEmpty else { return }
        if isDraining {
            silenceEnd = .now() + Self.farewellTime
        } else {
            // GOAWAY goes out at the idle time; this is how long a client may take to leave by itself.
            silenceEnd = .now() + TimeAmount(limits.idleTime + min(limits.idleTime, .seconds(2)))
        }
        guard isInputClosed, let context else { return }
        // The stream's last frame is flushed in this tick.
        context.eventLoop.assumeIsolated().execute { self.closeIfOver() }
    }

    // MARK: The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            isDraining = true
            if streams.isEmpty { silenceEnd = .now() + Self.farewellTime }
        }
        context.fireUserInboundEventTriggered(event)
        if let event = event as? ChannelEvent, event == .inputClosed { inputClosed() }
    }

    /// The client sends no more.
    ///
    /// It acknowledges nothing either, so connection management would wait for ever.
    private func inputClosed() {
        isInputClosed = true
        for stream in Array(streams.values) {
            stream.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        closeIfOver()
    }

    private func closeIfOver() {
        guard isInputClosed, streams.isEmpty, let context else { return }
        close(context: context, mode: .all, promise: nil)
    }

    /// TLS or the socket failed: nothing can be read or written any more.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
        context.close(mode: .all, promise: nil)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, !resources.isCut else { return context.close(mode: mode, promise: promise) }
        context.flush()
        guard context.channel.isActive, context.channel.unwrittenByteCount > 0 else {
            return context.close(mode: mode, promise: promise)
        }
        context.channel.closeFuture.cascade(to: promise)
        guard closeEnd == nil else { return }
        closeEnd = .now() + TimeAmount(limits.stallTime)
        closeWhenWritten()
    }

    private func closeWhenWritten() {
        guard let context, let closeEnd else { return }
        guard context.channel.unwrittenByteCount > 0, .now() < closeEnd else {
            return context.close(mode: .all, promise: nil)
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(20)) { self.closeWhenWritten() }
    }

    // MARK: Reading at the client's pace

    /// Answers without a body, and refusals, are not held back by HTTP/2's windows; so nothing more is asked for while the
    /// client does not take what it has asked for already.
    func read(context: ChannelHandlerContext) {
        if context.channel.isWritable { context.read() } else { wantsRead = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        stalledSince = isWritable ? nil : .now()
        if isWritable, wantsRead {
            wantsRead = false
            context.read()
        }
        context.fireChannelWritabilityChanged()
    }

    func check(_ now: NIODeadline) {
        let isStalled = stalledSince.map { now >= $0 + TimeAmount(limits.stallTime) } ?? false
        let isSilent = silenceEnd.map { now >= $0 } ?? false
        guard isStalled || isSilent else { return }
        resources.watchdog.remove(self)
        guard let context else { return }
        if isStalled {
            context.close(mode: .all, promise: nil)
        } else {
            close(context: context, mode: .all, promise: nil)
        }
    }

    /// Tells the watch of streams, and connection management as well.
    func delegate(
        before next: any NIOHTTP2StreamDelegate, on loop: any EventLoop
    ) -> some NIOHTTP2StreamDelegate {
        Delegate(watch: NIOLoopBound(self, eventLoop: loop), next: next)
    }

    private struct Delegate: NIOHTTP2StreamDelegate {
        let watch: NIOLoopBound<HTTP2Watch>
        let next: any NIOHTTP2StreamDelegate

        func streamCreated(_ id: HTTP2StreamID, channel: any Channel) {
            watch.value.streamOpened(id, channel)
            next.streamCreated(id, channel: channel)
        }

        func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
            watch.value.streamClosed(id)
            next.streamClosed(id, channel: channel)
        }
    }
}
