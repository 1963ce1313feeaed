import NIOCore
import NIOHTTP2

/// Watches an HTTP/2 connection from below: its streams, and whether the client reads.
///
/// Streams have deadlines of their own (`ExchangeHandler`); this one is for a connection that opens none, or that writes and
/// never reads. It asks the client nothing: a client that leaves PING unanswered is closed all the same.
final class HTTP2Watch: ChannelDuplexHandler, Watchdog.Watched {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let resources: LoopResources
    private let limits: GatewayLimits
    private var context: ChannelHandlerContext?
    private var openStreamCount = 0
    /// When the connection is closed unless a stream is opened; nil while there are streams.
    private var silenceEnd: NIODeadline?
    private var stalledSince: NIODeadline?
    private var wantsRead = false

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

    func streamOpened() {
        openStreamCount += 1
        silenceEnd = nil
    }

    func streamClosed() {
        openStreamCount -= 1
        guard openStreamCount <= 0 else { return }
        // GOAWAY goes out at the idle time; this is how long a client may take to leave by itself.
        silenceEnd = .now() + TimeAmount(limits.idleTime + min(limits.idleTime, .seconds(2)))
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
        context?.close(mode: .all, promise: nil)
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
            watch.value.streamOpened()
            next.streamCreated(id, channel: channel)
        }

        func streamClosed(_ id: HTTP2StreamID, channel: any Channel) {
            watch.value.streamClosed()
            next.streamClosed(id, channel: channel)
        }
    }
}
