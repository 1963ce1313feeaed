import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOTLS
import ServiceLifecycle
import Synchronization

/// What a connection of the public listener is made of: TLS, HTTP/1.1 or HTTP/2 by ALPN, and the gateway before
/// Hummingbird's handling of our own endpoints.
///
/// The asynchronous machinery is added to a connection or stream only when one of our own endpoints is asked for; requests
/// for the upstream stay on their event loop.
package struct PublicChannel: HTTPChannelHandler {
    /// A channel on which Hummingbird answers.
    typealias OwnChannel = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    /// A connection and the channels of it that want answers of ours.
    package struct Value: ServerChildChannelValue {
        /// The connection.
        package let channel: any Channel
        let own: AsyncStream<OwnChannel>
    }

    /// Answers our own endpoints.
    package let responder: Responder
    private let gateway: Gateway
    private let tls: ServerTLS?

    /// Takes the gateway and the certificate's context; without one the listener speaks plain HTTP/1.1 (tests, and behind
    /// a proxy on the same machine).
    package init(gateway: Gateway, tls: ServerTLS?, responder: @escaping Responder) {
        self.gateway = gateway
        self.tls = tls
        self.responder = responder
    }

    /// Adds the handlers of a new connection.
    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        gateway.metrics.openConnections.add(1, ordering: .relaxed)
        let metrics = gateway.metrics
        let (own, continuation) = AsyncStream.makeStream(of: OwnChannel.self)
        channel.closeFuture.whenComplete { _ in
            metrics.openConnections.subtract(1, ordering: .relaxed)
            continuation.finish()
        }
        return channel.eventLoop.makeCompletedFuture {
            gateway.resources(of: channel.eventLoop).add(channel)
            guard admits(channel) else {
                try channel.pipeline.syncOperations.addHandler(CloseAtOnce())
                return Value(channel: channel, own: own)
            }
            if let tls {
                try addTLS(tls.context, to: channel, continuation)
            } else {
                try addHTTP1(to: channel, continuation)
            }
            return Value(channel: channel, own: own)
        }
    }

    /// Answers what a connection asks of our own endpoints, until it is closed.
    package func handle(value: Value, logger: Logger) async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await channel in value.own {
                    group.addTask { await handleHTTP(asyncChannel: channel, logger: logger) }
                }
            }
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }

    /// Counts the connection with its network's; false if that has enough.
    private func admits(_ channel: any Channel) -> Bool {
        guard let peer = PeerAddress.of(channel), !gateway.configuration.trustedProxies.contains(peer) else {
            return true
        }
        let sources = gateway.sources
        guard sources.admit(peer) else { return false }
        channel.closeFuture.whenComplete { _ in sources.release(peer) }
        return true
    }

    private func addTLS(
        _ tls: NIOSSLContext, to channel: any Channel, _ own: AsyncStream<OwnChannel>.Continuation
    ) throws {
        let handler = NIOSSLServerHandler(context: tls)
        let negotiation = ApplicationProtocolNegotiationHandler { result, channel -> EventLoopFuture<Void> in
            channel.eventLoop.makeCompletedFuture {
                switch result {
                case .negotiated("h2"): try addHTTP2(to: channel, own)
                case .negotiated("http/1.1"), .fallback: try addHTTP1(to: channel, own)
                case .negotiated: channel.close(promise: nil)
                }
                try HandshakeDeadline.passOn(in: channel)
            }
        }
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(handler)
        try operations.addHandler(HandshakeDeadline(TimeAmount(gateway.limits.handshakeTime)))
        try operations.addHandler(FlushBeforeClose())
        try operations.addHandler(negotiation)
    }

    private func addHTTP1(to channel: any Channel, _ own: AsyncStream<OwnChannel>.Continuation) throws {
        var encoding = HTTPResponseEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = gateway.limits.headerFieldByteCount
        decoding.maxHeaderListSize = gateway.limits.headerByteCount
        decoding.maxHeaderFieldCount = gateway.limits.headerFieldCount
        let exchanges = exchangeHandler(channel, isHTTP2: false, own)
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: decoding)
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(HeaderWatch(exchanges))
        try operations.addHandler(HTTPResponseEncoder(configuration: encoding))
        try operations.addHandler(ByteToMessageHandler(decoder))
        try operations.addHandler(exchanges)
    }

    private func addHTTP2(to channel: any Channel, _ own: AsyncStream<OwnChannel>.Continuation) throws {
        let limits = gateway.limits
        let manager = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: .init(
                maxIdleTime: TimeAmount(limits.idleTime), maxAge: nil, maxGraceTime: TimeAmount(limits.stallTime),
                keepalive: nil))
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.streamCount),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.headerByteCount),
        ]
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.outboundBufferSizeHighWatermark = 65_536
        stream.outboundBufferSizeLowWatermark = 32_768
        let watch = HTTP2Watch(resources: gateway.resources(of: channel.eventLoop), limits: limits)
        try channel.pipeline.syncOperations.addHandler(watch)
        _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: connection, streamConfiguration: stream,
            streamDelegate: watch.delegate(before: manager.http2StreamDelegate, on: channel.eventLoop)
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let operations = stream.pipeline.syncOperations
                try operations.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
                try operations.addHandler(exchangeHandler(stream, isHTTP2: true, own))
            }
        }
        try channel.pipeline.syncOperations.addHandler(manager)
    }

    private func exchangeHandler(
        _ channel: any Channel, isHTTP2: Bool, _ own: AsyncStream<OwnChannel>.Continuation
    ) -> ExchangeHandler {
        let isSecure = tls != nil
        return ExchangeHandler(
            gateway: gateway, resources: gateway.resources(of: channel.eventLoop), isHTTP2: isHTTP2
        ) { channel in
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: isSecure))
            own.yield(
                try OwnChannel(
                    wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
        }
    }
}

/// Flushes what is written before a close overtakes it: HTTP/2's connection management closes as soon as the last stream
/// ends, before its frames are flushed, and the answer would be lost.
final class FlushBeforeClose: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.flush()
        context.close(mode: mode, promise: promise)
    }
}

/// Tells the exchange handler when the first bytes of a header arrive.
final class HeaderWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let exchanges: ExchangeHandler

    init(_ exchanges: ExchangeHandler) { self.exchanges = exchanges }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        exchanges.headerBegan()
        context.fireChannelRead(data)
    }
}

/// Closes a connection that does not finish its TLS handshake in time.
///
/// When the listener stops during the handshake, there is nobody yet who would hear of it: the time becomes short, and a
/// connection that stands all the same may make its request, and hears of the stop then.
final class HandshakeDeadline: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let time: TimeAmount
    private var timer: Scheduled<Void>?
    private var isOver = false
    private var isStopping = false

    /// What is left to a handshake, and then to the first request, when the listener stops.
    private static let shortTime = TimeAmount.seconds(1)

    init(_ time: TimeAmount) { self.time = time }

    func handlerAdded(context: ChannelHandlerContext) { start(time, context) }

    private func start(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event {
            isOver = true
            timer?.cancel()
        }
        if event is ChannelShouldQuiesceEvent, !isOver {
            isStopping = true
            start(Self.shortTime, context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Tells the handlers that were added after the handshake of a stop that came during it.
    static func passOn(in channel: any Channel) throws {
        guard try channel.pipeline.syncOperations.handler(type: Self.self).isStopping else { return }
        channel.eventLoop.scheduleTask(in: shortTime) {
            channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }
}
