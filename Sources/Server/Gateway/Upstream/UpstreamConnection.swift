import NIOCore
import NIOHTTP1

/// One connection to the upstream; carries one exchange after another.
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    /// The exchange that has the connection now.
    var exchange: ProxyExchange?
    /// When the last exchange ended.
    var idleSince = NIODeadline.uptimeNanoseconds(0)
    /// Where the connection goes when what was read has been looked at.
    var pool: UpstreamPool?
    /// Between the first part of a read and its end.
    private(set) var isReading = false
    /// Told once, when the connection is gone.
    var whenClosed: (() -> Void)?

    private var context: ChannelHandlerContext?
    /// The connection itself; nil when it is gone.
    var channel: (any Channel)? { context?.channel }
    private var isPaused = false
    private var wantsRead = false

    /// Open and without an exchange.
    var isUsable: Bool { exchange == nil && context?.channel.isActive == true }

    /// False while the upstream does not read.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func write(_ part: HTTPClientRequestPart) { context?.write(wrapOutboundOut(part), promise: nil) }

    func flush() { context?.flush() }

    func close() { context?.close(promise: nil) }

    /// Stops reading answers while the client does not.
    func pause() { isPaused = true }

    func resume() {
        isPaused = false
        guard wantsRead else { return }
        wantsRead = false
        context?.read()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func read(context: ChannelHandlerContext) {
        if isPaused { wantsRead = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        // Bytes that nobody asked for: the connection cannot be trusted any more.
        guard let exchange else { return context.close(promise: nil) }
        switch unwrapInboundIn(data) {
        case .head(let head): exchange.upstreamHead(head)
        case .body(let bytes): exchange.upstreamBody(bytes)
        case .end: exchange.upstreamEnd()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        exchange?.upstreamReadComplete()
        if let pool {
            self.pool = nil
            pool.giveBack(self)
        }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { exchange?.upstreamIsWritable() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let whenClosed = whenClosed
        self.whenClosed = nil
        whenClosed?()
        pool = nil
        exchange?.upstreamFailed(isMalformed: false)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        exchange?.upstreamFailed(isMalformed: error is HTTPParserError)
        context.close(promise: nil)
    }
}
