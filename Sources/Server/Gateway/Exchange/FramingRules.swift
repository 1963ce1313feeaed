import BucklerAPI
import BucklerSecurityEvents
import NIOHTTP1
import SecureChannel

/// Why a request's framing is refused.
///
/// The connection is closed: where its next request begins is in doubt.
enum FramingRefusal: Error, Equatable {
    /// Neither HTTP/1.0 nor HTTP/1.1 on a connection that negotiated neither.
    case version
    /// A transfer encoding that is not exactly `chunked`, doubled, or on HTTP/1.0.
    case transferEncoding
    /// `Host` is missing, doubled or no host.
    case authority
    /// `CONNECT`, `TRACE`, or anything but 1 to 20 capital letters and hyphens.
    case method

    var code: ProblemCode { self == .method ? .methodRefused : .headerRefused }

    var reason: EventReason {
        switch self {
        case .version: EventReason("framing.version")
        case .transferEncoding: EventReason("framing.transfer_encoding")
        case .authority: EventReason("framing.authority")
        case .method: EventReason("framing.method")
        }
    }
}

/// What the HTTP/1.1 parser lets through and we do not (RFC 9112 §3.2, §6.1, §11.2).
///
/// The parser itself refuses `Content-Length` beside `Transfer-Encoding`, doubled or signed lengths, folded lines, bare
/// line feeds, white space before a colon and control characters.
enum FramingRules {
    /// Checks the header of a request; `isHTTP2` where framing is HTTP/2's own.
    static func check(_ head: HTTPRequestHead, isHTTP2: Bool) throws(FramingRefusal) {
        switch head.method {
        case .GET, .HEAD, .POST, .PUT, .PATCH, .DELETE, .OPTIONS: break
        case .CONNECT, .TRACE: throw .method
        default: guard isMethod(head.method.rawValue) else { throw .method }
        }
        var hosts = 0
        var encodings = 0
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where ASCII.equal(name, "host"):
                hosts += 1
                guard isHost(value) else { throw .authority }
            case 17 where ASCII.equal(name, "transfer-encoding"):
                encodings += 1
                guard ASCII.equal(value, "chunked") else { throw .transferEncoding }
            default: break
            }
        }
        guard hosts == 1 else { throw .authority }
        if isHTTP2 { return }
        guard head.version == .http1_1 || head.version == .http1_0 else { throw .version }
        guard encodings == 0 || (encodings == 1 && head.version == .http1_1) else { throw .transferEncoding }
    }

    /// Methods are compared as they stand (RFC 9110 §9.1), but not by every server: `get` would pass a rule for `GET`.
    private static func isMethod(_ text: String) -> Bool {
        (1...20).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// A host and an optional port, without user information, spaces, paths or lists.
    private static func isHost(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                    UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
