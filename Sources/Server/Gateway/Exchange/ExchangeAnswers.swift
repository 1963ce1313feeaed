import BucklerAPI
import BucklerPrimitives
import BucklerSecurityEvents
import NIOCore
import NIOHTTP1
import NIOHTTP2
import SecureChannel
import Synchronization

/// Writing answers and ending exchanges.
extension ExchangeHandler {
    /// Answers with a problem document of our own, whatever phase the exchange is in, unless an answer has begun.
    ///
    /// `head` is the request's, where one was read: behind a trusted proxy it says who the client is.
    func refuse(_ refusal: GatewayRefusal, of head: HTTPRequestHead? = nil) {
        guard let context, !progress.hasResponseStarted else { return abort() }
        gateway.metrics.refusals.add(1, ordering: .relaxed)
        let request = RequestID.random(gateway.entropy)
        if let event = refusal.event {
            let source = ClientAddress.resolve(
                peer: peer, trusted: gateway.configuration.trustedProxies,
                forwardedFor: head?.headers["x-forwarded-for"] ?? [])
            gateway.report(
                GatewayIncident(
                    name: event.name, reason: event.reason, request: request, source: source, token: refusal.token))
        }
        // What is left of the body must be small to be read away; a client that waits for 100 may never send it.
        let isSmall =
            !progress.mayHaveBody || (1...gateway.limits.ownBodyByteCount).contains(progress.announcedByteCount)
        if !isHTTP2, !progress.hasRequestEnded, !isSmall || progress.expectsContinue {
            progress.closesAfterResponse = true
        }
        phase = .refused
        progress.deadline = .now() + TimeAmount(gateway.limits.ownRequestTime)
        let body = gateway.problems.body(refusal.code, request: request.text, members: refusal.members)
        let head = refusalHead(refusal, request: request, length: body.count)
        progress.hasResponseStarted = true
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !progress.isHeadRequest {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        writeEnd(nil)
        context.flush()
    }

    private func refusalHead(_ refusal: GatewayRefusal, request: RequestID, length: Int) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        for field in gateway.secure.own { headers.add(name: field.name, value: field.value) }
        headers.add(name: "date", value: resources.dateField())
        headers.add(name: "content-type", value: ProblemDocument.mediaType)
        headers.add(name: "content-length", value: String(length))
        headers.add(name: "buckler-problem", value: refusal.code.text)
        headers.add(name: "request-id", value: request.text)
        for field in refusal.fields { headers.add(name: field.name, value: field.value) }
        if progress.closesAfterResponse, !isHTTP2 { headers.add(name: "connection", value: "close") }
        return HTTPResponseHead(
            version: progress.version, status: HTTPResponseStatus(statusCode: refusal.code.status), headers: headers)
    }

    /// The parser found no request.
    ///
    /// It will not parse further, so the answer is the connection's last.
    func parserRefused(_ error: HTTPParserError) {
        switch phase {
        case .idle: progress = ExchangeProgress()
        case .own, .proxied, .refused: break
        case .lingering: return
        }
        if case .proxied(let exchange) = phase { exchange.clientLeft() }
        guard !progress.hasResponseStarted else { return abort() }
        progress.hasResponseEnded = false
        progress.hasRequestEnded = true
        progress.closesAfterResponse = true
        let code = error == .headerOverflow ? ProblemCode.headerTooLarge : .headerRefused
        refuse(GatewayRefusal(code, event: (.maliciousRequest, EventReason("framing.parser"))))
    }

    /// The header or the body took too long.
    func refuseLate() {
        if case .proxied(let exchange) = phase { exchange.clientLeft() }
        progress.hasResponseEnded = false
        progress.hasRequestEnded = true
        progress.closesAfterResponse = true
        refuse(GatewayRefusal(.requestTimeout))
    }

    /// Adds to a head of Hummingbird's what every answer carries.
    func dress(_ head: HTTPResponseHead) -> HTTPResponseHead {
        guard head.status.code >= 200 else { return head }
        progress.hasResponseStarted = true
        var head = head
        head.version = progress.version
        head.headers.replaceOrAdd(name: "date", value: resources.dateField())
        for field in gateway.secure.own where !head.headers.contains(name: field.name) {
            head.headers.add(name: field.name, value: field.value)
        }
        let hasLength = head.headers.contains(name: "content-length")
        let hasBody = !progress.isHeadRequest && head.status.mayHaveResponseBody
        if head.headers[canonicalForm: "connection"].contains(where: { ASCII.equalIgnoringCase($0, "close") }) {
            progress.closesAfterResponse = true
        }
        if gateway.isDraining { progress.closesAfterResponse = true }
        frame(&head, length: nil, hasLength: hasLength, hasBody: hasBody)
        return head
    }

    /// States the framing of an answer: its length, `chunked`, or the connection's end.
    func frame(_ head: inout HTTPResponseHead, length: Int?, hasLength: Bool, hasBody: Bool) {
        if let length { head.headers.add(name: "content-length", value: String(length)) }
        guard !isHTTP2 else { return }
        if hasBody, length == nil, !hasLength {
            if progress.version == .http1_1 {
                head.headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
            } else {
                progress.closesAfterResponse = true
            }
        }
        if !progress.hasRequestEnded, progress.mayHaveBody, !isHTTP2 { progress.closesAfterResponse = true }
        if progress.closesAfterResponse { head.headers.replaceOrAdd(name: "connection", value: "close") }
    }

    /// Writes a head of the upstream's answer.
    func writeHead(_ head: HTTPResponseHead) {
        progress.hasResponseStarted = true
        context?.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// Writes a part of the upstream's answer; false if the client reads more slowly than we write.
    func writeBody(_ bytes: ByteBuffer) -> Bool {
        guard let context else { return true }
        context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        return context.channel.isWritable
    }

    func flush() { context?.flush() }

    func writeContinue() {
        guard !isHTTP2, let context else { return }
        progress.expectsContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// Ends the answer.
    ///
    /// Trailers are never sent.
    func writeEnd(_ promise: EventLoopPromise<Void>?) {
        guard let context else { return }
        progress.hasResponseEnded = true
        if isInputClosed, !isHTTP2, !hasQueue { progress.closesAfterResponse = true }
        // Where the answer's end ends more than the exchange, that has to wait until the end is written.
        guard progress.closesAfterResponse || !progress.hasRequestEnded else {
            context.write(wrapOutboundOut(.end(nil)), promise: promise)
            return settle()
        }
        let written = promise ?? context.eventLoop.makePromise()
        context.write(wrapOutboundOut(.end(nil)), promise: written)
        written.futureResult.assumeIsolated().whenComplete { _ in self.settle() }
        context.flush()
    }

    /// After each half of the exchange: becomes ready for the next request, or ends the connection.
    func settle() {
        guard progress.hasResponseEnded else { return }
        if case .idle = phase { return }
        if case .lingering = phase { return }
        if progress.hasRequestEnded {
            if isHTTP2 {
                phase = .lingering
                progress.deadline = .now() + TimeAmount(gateway.limits.stallTime)
            } else if progress.closesAfterResponse {
                phase = .lingering
                context?.close(promise: nil)
            } else {
                phase = .idle
                progress.isReadingHeader = false
                progress.deadline = .now() + TimeAmount(gateway.limits.idleTime)
                continueWithQueue()
                closeIfIdle()
            }
            return resumeReading()
        }
        if isHTTP2 { return resetStream(.noError) }
        if progress.closesAfterResponse { closeOutput() } else { phase = .refused }
    }

    /// Closes our half and waits for the client's: an immediate close would reset the connection and lose the answer.
    func closeOutput() {
        phase = .lingering
        resumeReading()
        progress.deadline = .now() + .seconds(2)
        if isHTTP2 { return resetStream(.noError) }
        context?.close(mode: .output, promise: nil)
    }

    /// A WebSocket is over; its last frames are being written.
    func lingerAfterTunnel() {
        phase = .lingering
        progress.deadline = .now() + .seconds(2)
    }

    /// Breaks the exchange off, so that the client notices that its answer is not whole.
    func abort() {
        if case .proxied(let exchange) = phase { exchange.clientLeft() }
        phase = .lingering
        if isHTTP2 { resetStream(.cancel) } else { context?.close(promise: nil) }
    }

    private func resetStream(_ code: HTTP2ErrorCode) {
        phase = .lingering
        guard let context else { return }
        if let codec = try? context.pipeline.syncOperations.context(
            handlerType: HTTP2FramePayloadToHTTP1ServerCodec.self)
        {
            codec.writeAndFlush(NIOAny(HTTP2Frame.FramePayload.rstStream(code)), promise: nil)
        }
        context.close(promise: nil)
    }
}
