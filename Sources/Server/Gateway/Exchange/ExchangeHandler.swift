import BucklerAPI
import BucklerPrimitives
import BucklerSecurityEvents
import NIOCore
import NIOHTTP1
import SecureChannel
import Synchronization

/// Every request of a connection (HTTP/1.1) or the one of a stream (HTTP/2) passes here, before anything of Hummingbird.
///
/// It refuses ambiguous framing, watches sizes and deadlines, sends requests of the upstream's to a `ProxyExchange` on the
/// same event loop, and hands our own endpoints' requests on to the handlers behind it. Every answer passes here too: none
/// leaves without the secure fields.
final class ExchangeHandler: ChannelDuplexHandler, Watchdog.Watched {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Who answers the request at hand.
    enum Phase {
        /// Between two requests.
        case idle
        /// Hummingbird, behind this handler.
        case own
        /// The upstream.
        case proxied(ProxyExchange)
        /// This handler, with a refusal; the rest of the request is read and thrown away.
        case refused
        /// Nobody: the output is closed, input is thrown away until the client leaves.
        case lingering
    }

    let gateway: Gateway
    let isHTTP2: Bool
    let resources: LoopResources
    private let addOwnHandlers: (any Channel) throws -> Void
    private(set) var context: ChannelHandlerContext?

    var phase = Phase.idle
    var progress = ExchangeProgress()
    private var hasOwnHandlers = false
    private var isReadPaused = false
    private var wantsRead = false
    /// What a pipelining client sent behind the request at hand; reading stops then, so it is what one read brought.
    private var queue = CircularBuffer<Queued>(initialCapacity: 0)
    private var isWorkingOff = false
    /// The client has closed its half: what it has asked for is answered, and nothing more comes.
    var isInputClosed = false
    /// The connection ends as soon as what is written has left.
    var isClosingWhenWritten = false
    /// Since when the client reads nothing of our answers; longer than one exchange, as unread answers are.
    private var stalledSince: NIODeadline?

    private enum Queued {
        case part(HTTPServerRequestPart)
        case error(HTTPParserError)
    }
    /// The connection's other end; nil on Unix sockets.
    private(set) lazy var peer = context.flatMap { PeerAddress.of($0.channel) }
    private lazy var peerText = peer.map(PeerAddress.text)

    /// Takes the shared parts and how the handlers of our own endpoints are added when they are first needed.
    init(
        gateway: Gateway, resources: LoopResources, isHTTP2: Bool,
        addOwnHandlers: @escaping (any Channel) throws -> Void
    ) {
        self.gateway = gateway
        self.resources = resources
        self.isHTTP2 = isHTTP2
        self.addOwnHandlers = addOwnHandlers
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        progress.deadline = .now() + TimeAmount(isHTTP2 ? gateway.limits.headerTime : gateway.limits.idleTime)
        resources.watchdog.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        if case .proxied(let exchange) = phase { exchange.clientLeft() }
        phase = .lingering
        resources.watchdog.remove(self)
        context.fireChannelInactive()
    }

    private func forget() {
        resources.watchdog.remove(self)
        context = nil
    }

    /// An address as `X-Forwarded-For` writes it; the peer's is made once per connection.
    func text(of address: SourceAddress) -> String {
        if address == peer, let peerText { return peerText }
        return PeerAddress.text(address)
    }

    // MARK: The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if isHolding || !queue.isEmpty { queue.append(.part(part)) } else { process(part, context) }
    }

    /// The request has been read; the next one waits until its answer is written, and until the client has read enough
    /// of the answers before: who only writes must not fill memory with what we write.
    private var isHolding: Bool {
        guard !isHTTP2, progress.hasRequestEnded else { return false }
        switch phase {
        case .proxied(let exchange): return !exchange.isTunnel
        case .own, .refused: return true
        case .idle: return context?.channel.isWritable == false
        case .lingering: return false
        }
    }

    /// Requests wait behind the one at hand.
    var hasQueue: Bool { !queue.isEmpty }

    /// Takes up what waited behind the request that is now answered.
    func continueWithQueue() {
        guard !isWorkingOff, !queue.isEmpty else { return }
        isWorkingOff = true
        while !isHolding, let next = queue.popFirst(), let context {
            switch next {
            case .part(let part): process(part, context)
            case .error(let error): parserRefused(error)
            }
        }
        isWorkingOff = false
        // The handlers behind take up what they were given at the end of a read.
        if let context { channelReadComplete(context: context) }
    }

    private func process(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): begin(head, context)
        case .body(let bytes): receive(bytes, context)
        case .end(let trailers): receiveEnd(trailers, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .proxied(let exchange) = phase { exchange.clientReadComplete() }
        context.fireChannelReadComplete()
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        switch phase {
        case .idle: break
        case .lingering: return
        default: return abort()
        }
        progress.begin(head, isHTTP2: isHTTP2, isDraining: gateway.isDraining)
        if isHTTP2, stalledSince == nil, !context.channel.isWritable { stalledSince = .now() }
        do throws(FramingRefusal) {
            try FramingRules.check(head, isHTTP2: isHTTP2)
        } catch {
            progress.closesAfterResponse = true
            return refuse(GatewayRefusal(error.code, event: (.maliciousRequest, error.reason)), of: head)
        }
        do throws(GatewayRefusal) {
            switch try gateway.route(head, from: self) {
            case .own: try beginOwn(head, context)
            case .upstream(let request): try beginProxied(request)
            }
        } catch {
            refuse(error, of: head)
        }
    }

    private func beginOwn(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) throws(GatewayRefusal) {
        gateway.metrics.ownRequests.add(1, ordering: .relaxed)
        guard progress.announcedByteCount <= gateway.limits.ownBodyByteCount else {
            progress.closesAfterResponse = true
            throw GatewayRefusal(.requestTooLarge)
        }
        if !hasOwnHandlers {
            do { try addOwnHandlers(context.channel) } catch { throw GatewayRefusal(.internalError) }
            hasOwnHandlers = true
        }
        phase = .own
        progress.deadline = .now() + TimeAmount(gateway.limits.ownRequestTime)
        if progress.expectsContinue { writeContinue() }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func beginProxied(_ request: ProxyRequest) throws(GatewayRefusal) {
        progress.maximumByteCount = request.rule.bodyByteCount ?? gateway.limits.bodyByteCount
        guard progress.announcedByteCount <= progress.maximumByteCount else {
            progress.closesAfterResponse = true
            throw GatewayRefusal(.requestTooLarge)
        }
        guard let pool = resources.upstream else { throw GatewayRefusal(.notFound) }
        let exchange = ProxyExchange(request, handler: self, pool: pool)
        phase = .proxied(exchange)
        progress.deadline = .now() + TimeAmount(request.rule.requestTime ?? gateway.limits.requestTime)
        if progress.expectsContinue { writeContinue() }
        exchange.start()
    }

    private func receive(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        progress.receivedByteCount += bytes.readableBytes
        switch phase {
        case .own:
            guard progress.receivedByteCount <= gateway.limits.ownBodyByteCount else { return refuseBody() }
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .proxied(let exchange):
            guard progress.receivedByteCount <= progress.maximumByteCount else {
                exchange.clientLeft()
                return refuseBody()
            }
            exchange.clientBody(bytes)
        case .refused:
            if progress.receivedByteCount > gateway.limits.ownBodyByteCount { closeOutput() }
        case .idle, .lingering: break
        }
    }

    private func receiveEnd(_ trailers: HTTPHeaders?, _ context: ChannelHandlerContext) {
        progress.hasRequestEnded = true
        switch phase {
        case .own:
            progress.deadline = nil
            // Request trailers are dropped: no endpoint of ours reads any.
            context.fireChannelRead(wrapInboundOut(.end(nil)))
            settle()
        case .proxied(let exchange):
            progress.deadline = nil
            exchange.clientEnd()
            settle()
        case .refused: settle()
        case .idle, .lingering: break
        }
    }

    private func refuseBody() {
        progress.closesAfterResponse = true
        guard !progress.hasResponseStarted else { return abort() }
        refuse(GatewayRefusal(.requestTooLarge))
    }

    // MARK: Reading and writing at the other side's pace

    func read(context: ChannelHandlerContext) {
        if isReadPaused || isHolding { wantsRead = true } else { context.read() }
    }

    /// Reads no more of the request until `resumeReading()`.
    func pauseReading() { isReadPaused = true }

    func resumeReading() {
        isReadPaused = false
        readIfWanted()
    }

    private func readIfWanted() {
        guard wantsRead, !isReadPaused, !isHolding else { return }
        wantsRead = false
        context?.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        stalledSince = isWritable ? nil : .now()
        if isWritable {
            if case .proxied(let exchange) = phase { exchange.clientIsWritable() }
            continueWithQueue()
            readIfWanted()
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Answers of our own endpoints

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .own = phase else {
            // A refusal has taken the exchange over, or the client is gone.
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head): context.write(wrapOutboundOut(.head(dress(head))), promise: promise)
        // An answer to HEAD ends with its header (RFC 9110 §9.3.2); a body would be read as the next answer.
        case .body where progress.isHeadRequest: promise?.succeed(())
        case .body: context.write(data, promise: promise)
        case .end: writeEnd(promise)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if case .own = phase, mode != .input, !progress.hasResponseEnded {
            return context.close(mode: mode, promise: promise)
        }
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        // Hummingbird closes its half after a request with `Connection: close`; the answer is on its way already.
        promise?.succeed(())
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { return inputClosed() }
        if event is ChannelShouldQuiesceEvent, !isHTTP2 { return quiesce() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            if case .proxied(let exchange) = phase { exchange.clientLeft() }
            if case .own = phase { context.fireErrorCaught(error) }
            return context.close(promise: nil)
        }
        if isHolding || !queue.isEmpty { queue.append(.error(error)) } else { parserRefused(error) }
    }

    // MARK: Time

    /// A byte of a new request arrived; from now on its header has a deadline.
    func headerBegan() {
        guard case .idle = phase, !progress.isReadingHeader else { return }
        progress.isReadingHeader = true
        progress.deadline = .now() + TimeAmount(gateway.limits.headerTime)
    }

    func check(_ now: NIODeadline) {
        if let stalled = stalledSince, now >= stalled + TimeAmount(gateway.limits.stallTime) { return abort() }
        if case .proxied(let exchange) = phase { exchange.check(now) }
        if isClosingWhenWritten { closeIfWritten() }
        guard let deadline = progress.deadline, now >= deadline else { return }
        progress.deadline = nil
        switch phase {
        case .idle where progress.isReadingHeader: refuseLate()
        case .idle, .lingering: context?.close(promise: nil)
        case .own, .proxied:
            progress.closesAfterResponse = true
            progress.hasResponseStarted ? abort() : refuseLate()
        case .refused: closeOutput()
        }
    }
}
