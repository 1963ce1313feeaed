import NIOCore
import NIOHTTP1

/// How a connection ends when one side wants no more exchanges.
extension ExchangeHandler {
    /// The request has come, or begun to come, and its answer has not been written to its end.
    var isAnswering: Bool {
        switch phase {
        case .own, .proxied: true
        case .refused: !progress.hasResponseEnded
        case .idle, .lingering: false
        }
    }

    /// The listener stops: an idle HTTP/1.1 connection ends now, one with a request after its answer.
    func quiesce() {
        // Requests that are read from now on say so themselves.
        gateway.beginDraining()
        if case .idle = phase, !hasQueue, !progress.isReadingHeader { return closeWhenWritten() }
        progress.closesAfterResponse = true
        if case .proxied(let exchange) = phase { exchange.drain() }
    }

    /// The client has closed its half of the connection; it may still read (RFC 9112 §9.6).
    ///
    /// What it has asked for is answered. A request that can never become whole is given up, and so is an answer without
    /// a length that has begun: it could last for ever, and nobody may be there. A client that is gone altogether resets
    /// the connection when the answer is written.
    func inputClosed() {
        isInputClosed = true
        switch phase {
        case .own, .proxied:
            if case .proxied(let exchange) = phase, !exchange.isBounded { return abort() }
            if !progress.hasRequestEnded { abort() }
        case .idle:
            if isHTTP2 { abort() } else { closeIfIdle() }
        // The refusal is on its way, and ends the connection itself.
        case .refused where progress.hasRequestEnded: break
        case .refused, .lingering:
            if !isHTTP2 { context?.close(promise: nil) }
        }
    }

    /// Ends a connection on which nothing more can be asked for.
    func closeIfIdle() {
        guard isInputClosed, case .idle = phase, !hasQueue else { return }
        closeWhenWritten()
    }

    /// Closes an idle connection, but not before the last answer has left: a client may be slow to read.
    func closeWhenWritten() {
        isClosingWhenWritten = true
        progress.deadline = .now() + TimeAmount(gateway.limits.stallTime)
        closeIfWritten()
    }

    /// Looked at whenever deadlines are.
    func closeIfWritten() {
        guard case .idle = phase, let context, context.channel.unwrittenByteCount == 0 else { return }
        isClosingWhenWritten = false
        context.close(promise: nil)
    }
}

extension Channel {
    /// Bytes that the kernel has not taken yet; zero where the channel cannot tell.
    ///
    /// Call on its loop.
    var unwrittenByteCount: Int {
        guard let options = syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }
}
