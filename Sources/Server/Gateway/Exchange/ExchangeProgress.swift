import NIOCore
import NIOHTTP1
import SecureChannel

/// How far the exchange at hand has come.
struct ExchangeProgress {
    /// Nothing of a request is outstanding.
    var hasRequestEnded = true
    var hasResponseStarted = false
    var hasResponseEnded = true
    /// The connection ends with the answer (HTTP/1.1).
    var closesAfterResponse = false
    /// Bytes of a new request have arrived, its header has not.
    var isReadingHeader = false
    /// The client waits for 100 before it sends the body.
    var expectsContinue = false
    var isHeadRequest = false
    var version = HTTPVersion.http1_1
    /// What `Content-Length` says; zero without it.
    var announcedByteCount = 0
    /// The request has a body, or may have one.
    var mayHaveBody = false
    var receivedByteCount = 0
    /// The most that the upstream's rule reads.
    var maximumByteCount = 0
    /// What happens at this instant depends on the phase; nil: nothing.
    var deadline: NIODeadline?

    mutating func begin(_ head: HTTPRequestHead, isHTTP2: Bool, isDraining: Bool) {
        self = ExchangeProgress()
        hasRequestEnded = false
        hasResponseEnded = false
        isHeadRequest = head.method == .HEAD
        version = isHTTP2 ? .http1_1 : head.version
        closesAfterResponse = !isHTTP2 && (!head.isKeepAlive || head.version != .http1_1 || isDraining)
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 6 where ASCII.equal(name, "expect"): expectsContinue = ASCII.equal(value, "100-continue")
            // The parser reads nothing behind a request for another protocol, so the connection ends with the answer.
            case 7 where ASCII.equal(name, "upgrade"): closesAfterResponse = !isHTTP2
            case 14 where ASCII.equal(name, "content-length"): announcedByteCount = Int(value) ?? .max
            case 17 where ASCII.equal(name, "transfer-encoding"): mayHaveBody = true
            default: break
            }
        }
        if announcedByteCount > 0 { mayHaveBody = true }
        if isHTTP2 { mayHaveBody = true }
        if head.version != .http1_1 && !isHTTP2 { expectsContinue = false }
    }
}
