import NIOCore

/// Sizes, counts and times that bound what a stranger or a broken upstream can make the gateway hold.
package struct GatewayLimits: Sendable {
    /// One header field, name and value.
    package var headerFieldByteCount = 16_384
    /// All header fields of a request.
    package var headerByteCount = 32_768
    /// Header fields of a request.
    package var headerFieldCount = 128
    /// From a request's first byte to the end of its header.
    package var headerTime = Duration.seconds(10)
    /// Between two requests of a connection.
    package var idleTime = Duration.seconds(75)
    /// From a request's header to the end of its body, when the upstream reads it.
    package var requestTime = Duration.seconds(300)
    /// The same, when one of our own endpoints reads it.
    package var ownRequestTime = Duration.seconds(20)
    /// A body for the upstream.
    package var bodyByteCount = 128 * 1024 * 1024
    /// A body for our own endpoints.
    package var ownBodyByteCount = 65_536
    /// How long a client may leave an answer unread.
    package var stallTime = Duration.seconds(60)
    /// From a connection's first byte to the end of the TLS handshake.
    package var handshakeTime = Duration.seconds(10)
    /// Connections of the listener; further ones wait in the kernel's queue.
    package var connectionCount = 4096
    /// Of these, an eighth: connections of one network (/32 of IPv4, /56 of IPv6); trusted proxies may have all.
    package var sourceConnectionCount = 512
    /// Streams of one HTTP/2 connection.
    package var streamCount = 100
    /// To open a connection to the upstream.
    package var upstreamConnectTime = Duration.seconds(5)
    /// From the end of the request to the upstream's header.
    package var upstreamHeaderTime = Duration.seconds(60)
    /// Between two parts of the upstream's body; event streams must say something in this time.
    package var upstreamSilence = Duration.seconds(300)
    /// Connections to the upstream, per event loop.
    package var upstreamConnectionCount = 512
    /// Of these, idle ones that are kept.
    package var idleUpstreamConnectionCount = 64
    /// How long an idle connection to the upstream is used again.
    package var idleUpstreamTime = Duration.seconds(20)

    /// The defaults of Docs/Defaults.md.
    package init() {}

    /// How often deadlines are looked at: a quarter of the shortest, at most once in 10 ms.
    var watchInterval: TimeAmount {
        let shortest =
            [
                headerTime, idleTime, requestTime, ownRequestTime, stallTime, handshakeTime, upstreamHeaderTime,
                upstreamSilence,
            ].min() ?? .seconds(1)
        return max(.milliseconds(10), min(.seconds(1), TimeAmount(shortest / 4)))
    }
}
