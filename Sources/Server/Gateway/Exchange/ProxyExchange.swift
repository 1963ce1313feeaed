import BucklerAPI
import BucklerPrimitives
import NIOCore
import NIOHTTP1
import SecureChannel
import Sessions
import Synchronization

/// One request on its way to the upstream and one answer on its way back, both streamed, all on one event loop.
final class ProxyExchange {
    private var request: ProxyRequest
    private var handler: ExchangeHandler?
    private let pool: UpstreamPool
    private var connection: UpstreamConnection?
    private var registration: ExchangeID?

    /// Parts that came while the connection was being opened; reading is paused, so they are few.
    private var waiting: [ByteBuffer] = []
    private var hasClientEnded = false
    private var hasSentHead = false
    private var hasSentEnd = false
    private var hasSentBody = false
    private var isReused = false
    private var hasAnswerBegun = false
    private var isAnswerReusable = false
    private var hasUnknownLength = false
    private var deadline: NIODeadline?
    /// The upstream's 101, until its end.
    private var switching: HTTPResponseHead?
    private var tunnel: WebSocketTunnel?

    /// True when the connection speaks WebSocket, no HTTP any more.
    var isTunnel: Bool { tunnel != nil }

    init(_ request: ProxyRequest, handler: ExchangeHandler, pool: UpstreamPool) {
        self.request = request
        self.handler = handler
        self.pool = pool
    }

    /// Registers the exchange with its session and finds a connection.
    func start() {
        guard let handler, let loop = handler.context?.eventLoop else { return }
        handler.gateway.metrics.openExchanges.add(1, ordering: .relaxed)
        if let token = request.token {
            let this = NIOLoopBound(self, eventLoop: loop)
            registration = handler.gateway.ended.register(token) { loop.execute { this.value.cut() } }
            guard registration != nil else { return cut() }
        }
        if let idle = pool.takeIdle() {
            isReused = true
            attach(idle)
        } else {
            connect()
        }
    }

    private func connect() {
        guard pool.hasRoom else { return fail(GatewayRefusal(.temporarilyUnavailable, fields: [("retry-after", "1")])) }
        isReused = false
        pool.connect().whenComplete { result in
            switch result {
            case .success(let connection):
                if self.handler == nil { self.pool.giveBack(connection) } else { self.attach(connection) }
            case .failure: self.fail(GatewayRefusal(.upstreamUnreachable))
            }
        }
    }

    private func attach(_ connection: UpstreamConnection) {
        self.connection = connection
        connection.exchange = self
        connection.resume()
        for part in waiting { send(part) }
        waiting = []
        if hasClientEnded { sendEnd() }
        connection.flush()
        if connection.isWritable { handler?.resumeReading() }
    }

    // MARK: From the client

    func clientBody(_ bytes: ByteBuffer) {
        guard handler != nil else { return }
        guard let connection else {
            waiting.append(bytes)
            handler?.pauseReading()
            return
        }
        send(bytes)
        if !connection.isWritable {
            // In this order: the flush may make room at once, and that resumes.
            handler?.pauseReading()
            connection.flush()
        }
    }

    func clientEnd() {
        guard handler != nil else { return }
        hasClientEnded = true
        if connection != nil { sendEnd() }
    }

    func clientReadComplete() { connection?.flush() }

    func clientIsWritable() { connection?.resume() }

    /// The answer comes within the upstream's time, or has begun and states its length.
    var isBounded: Bool { !hasAnswerBegun || !hasUnknownLength }

    /// The client is gone, or its request was refused after all: the upstream's work is not needed.
    func clientLeft() { finish(keepingConnection: false) }

    private func send(_ bytes: ByteBuffer) {
        sendHead(hasBody: true)
        hasSentBody = true
        connection?.write(.body(.byteBuffer(bytes)))
    }

    private func sendEnd() {
        sendHead(hasBody: false)
        hasSentEnd = true
        connection?.write(.end(nil))
        connection?.flush()
        if let limits = handler?.gateway.limits, !hasAnswerBegun {
            deadline = .now() + TimeAmount(limits.upstreamHeaderTime)
        }
    }

    /// The head goes out with the first part of the body or with the end, when its framing is known.
    private func sendHead(hasBody: Bool) {
        guard !hasSentHead else { return }
        hasSentHead = true
        var fields = request.fields
        fields.append(("Host", pool.target.hostField))
        if request.webSocket != nil {
            fields.append(("Connection", "Upgrade"))
            fields.append(("Upgrade", "websocket"))
        }
        if let length = request.contentLength {
            fields.append(("Content-Length", String(length)))
        } else if hasBody {
            fields.append(("Transfer-Encoding", "chunked"))
        } else if request.method == .POST || request.method == .PUT || request.method == .PATCH {
            fields.append(("Content-Length", "0"))
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: request.method, uri: request.uri, headers: HTTPHeaders(fields))
        connection?.write(.head(head))
    }

    // MARK: From the upstream

    func upstreamIsWritable() { handler?.resumeReading() }

    func upstreamHead(_ head: HTTPResponseHead) {
        guard let handler else { return }
        if head.status == .switchingProtocols, let handshake = request.webSocket, hasSentEnd {
            guard handshake.isAnswered(by: head.headers) else { return fail(GatewayRefusal(.upstreamInvalid)) }
            switching = head
            return
        }
        // An answer may overtake the request; another 101 was never asked for.
        guard head.status.code >= 200, head.version.major == 1 else { return fail(GatewayRefusal(.upstreamInvalid)) }
        let hygiene: ResponseHygiene
        do {
            hygiene = try ResponseHygiene(head.headers, secure: handler.gateway.secure, isPage: request.rule.isPage)
        } catch {
            return fail(GatewayRefusal(.upstreamInvalid))
        }
        if let refusal = refusal(for: hygiene.requirement, handler) { return fail(refusal) }
        hasAnswerBegun = true
        deadline = .now() + TimeAmount(handler.gateway.limits.upstreamSilence)
        isAnswerReusable = !hygiene.closesConnection && head.version == .http1_1
        // An upstream that answers HEAD with a body all the same would send it into the next exchange.
        if request.method == .HEAD, hygiene.contentLength ?? 0 > 0 { isAnswerReusable = false }
        handler.gateway.metrics.countAnswer(UInt(head.status.code))
        write(head, hygiene, handler)
    }

    private func write(_ head: HTTPResponseHead, _ hygiene: ResponseHygiene, _ handler: ExchangeHandler) {
        var answer = HTTPResponseHead(
            version: handler.progress.version, status: head.status, headers: HTTPHeaders(hygiene.fields))
        if let nonce = request.nonce { answer.headers.add(name: "dpop-nonce", value: nonce) }
        if handler.gateway.isDraining { handler.progress.closesAfterResponse = true }
        // What is passed on has a date, the upstream's or that of its arrival (RFC 9110 §6.6.1).
        if !answer.headers.contains(name: "date") {
            answer.headers.add(name: "date", value: handler.resources.dateField())
        }
        let hasBody = !handler.progress.isHeadRequest && head.status.mayHaveResponseBody
        let statesLength = hasBody || handler.progress.isHeadRequest || head.status == .notModified
        hasUnknownLength = hasBody && hygiene.contentLength == nil
        handler.frame(
            &answer, length: statesLength ? hygiene.contentLength : nil, hasLength: false, hasBody: hasBody)
        handler.writeHead(answer)
    }

    private func refusal(
        for requirement: ResponseHygiene.Requirement, _ handler: ExchangeHandler
    ) -> GatewayRefusal? {
        switch requirement {
        case .none: return nil
        case .unreadable: return GatewayRefusal(.upstreamInvalid)
        case .stepUp(let requirement):
            if let token = request.token, requirement.isMet(by: token, at: handler.gateway.clock.now) { return nil }
            return GatewayRefusal(.stepUpRequired, fields: [("www-authenticate", requirement.challenge)])
        }
    }

    func upstreamBody(_ bytes: ByteBuffer) {
        guard let handler, hasAnswerBegun else { return }
        if !handler.writeBody(bytes) {
            // In this order: the flush may make room at once, and that resumes.
            connection?.pause()
            handler.flush()
        }
    }

    func upstreamReadComplete() {
        guard let handler else { return }
        handler.flush()
        if hasAnswerBegun { deadline = .now() + TimeAmount(handler.gateway.limits.upstreamSilence) }
    }

    func upstreamEnd() {
        guard let handler else { return }
        if let switching { return openTunnel(switching, handler) }
        finish(keepingConnection: isAnswerReusable && hasSentEnd)
        handler.writeEnd(nil)
        handler.flush()
    }

    /// The upstream agreed: what follows on both connections are frames (RFC 6455).
    private func openTunnel(_ head: HTTPResponseHead, _ handler: ExchangeHandler) {
        switching = nil
        guard let client = handler.context?.channel, let upstream = connection?.channel, !handler.gateway.isDraining
        else { return fail(GatewayRefusal(.temporarilyUnavailable, fields: [("retry-after", "1")])) }
        do {
            let hygiene = try ResponseHygiene(head.headers, secure: handler.gateway.secure, isPage: false)
            if let refusal = refusal(for: hygiene.requirement, handler) { return fail(refusal) }
            var fields = HTTPHeaders(hygiene.fields)
            fields.replaceOrAdd(name: "date", value: handler.resources.dateField())
            fields.add(name: "connection", value: "Upgrade")
            fields.add(name: "upgrade", value: "websocket")
            if let nonce = request.nonce { fields.add(name: "dpop-nonce", value: nonce) }
            let tunnel = WebSocketTunnel(
                client: client, upstream: upstream,
                maximumByteCount: request.rule.bodyByteCount ?? handler.gateway.limits.bodyByteCount,
                silence: handler.gateway.limits.upstreamSilence, entropy: handler.gateway.entropy
            ) { [weak self] in self?.tunnelEnded() }
            deadline = nil
            hasAnswerBegun = true
            handler.writeHead(HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: fields))
            handler.flush()
            self.tunnel = tunnel
            try tunnel.open()
            // From now on the client speaks when it likes.
            handler.resumeReading()
        } catch {
            fail(GatewayRefusal(.upstreamInvalid))
        }
    }

    private func tunnelEnded() {
        handler?.lingerAfterTunnel()
        finish(keepingConnection: false)
    }

    /// The connection is gone, or what came is no HTTP.
    func upstreamFailed(isMalformed: Bool) {
        guard handler != nil else { return }
        if !hasAnswerBegun, !isMalformed, isReused, !hasSentBody, isRepeatable {
            connection?.exchange = nil
            connection = nil
            hasSentHead = false
            hasSentEnd = false
            handler?.gateway.metrics.upstreamRetries.add(1, ordering: .relaxed)
            return connect()
        }
        fail(GatewayRefusal(isMalformed ? .upstreamInvalid : .upstreamUnreachable))
    }

    /// Methods that may be sent twice (RFC 9110 §9.2.2): an idle connection was closed while the request was under way.
    private var isRepeatable: Bool {
        switch request.method {
        case .GET, .HEAD, .OPTIONS, .PUT, .DELETE: true
        default: false
        }
    }

    // MARK: The end

    func check(_ now: NIODeadline) {
        if let tunnel { return tunnel.check(now) }
        guard let limit = deadline, now >= limit else { return }
        // While the client does not read, silence is ours, not the upstream's; `stallTime` ends that.
        if let handler, handler.context?.channel.isWritable == false {
            let limits = handler.gateway.limits
            deadline = now + TimeAmount(hasAnswerBegun ? limits.upstreamSilence : limits.upstreamHeaderTime)
            return
        }
        deadline = nil
        fail(GatewayRefusal(.upstreamTimeout))
    }

    /// The session ended.
    private func cut() {
        guard let handler, let token = request.token else { return }
        handler.gateway.metrics.cutExchanges.add(1, ordering: .relaxed)
        registration = nil
        let refusal = handler.gateway.authenticator.refusal(endedDuring: token)
        if let tunnel { tunnel.end(status: 1008, reason: refusal.code.text) } else { fail(refusal) }
    }

    /// The server stops: a WebSocket has no end of its own to wait for.
    func drain() { tunnel?.end(status: 1001, reason: "") }

    private func fail(_ refusal: GatewayRefusal) {
        guard let handler else { return }
        finish(keepingConnection: false)
        if handler.progress.hasResponseStarted { handler.abort() } else { handler.refuse(refusal) }
    }

    private func finish(keepingConnection: Bool) {
        guard let handler else { return }
        self.handler = nil
        deadline = nil
        waiting = []
        if let registration { handler.gateway.ended.finish(registration) }
        handler.gateway.metrics.openExchanges.subtract(1, ordering: .relaxed)
        handler.resumeReading()
        guard let connection else { return }
        self.connection = nil
        connection.exchange = nil
        // The tunnel closes both connections itself, when its last frames are written.
        if let tunnel { return tunnel.left() }
        if keepingConnection { pool.giveBack(connection) } else { connection.close() }
    }
}
