import BucklerSecurityEvents
import NIOCore
import Synchronization

/// How many connections each network has open, so that one cannot take the listener from all others.
final class SourceConnections: Sendable {
    private let limit: Int
    private let counts = Mutex<[[UInt8]: Int]>([:])

    /// Takes the most connections of one network (/32 of IPv4, /56 of IPv6).
    init(limit: Int) { self.limit = limit }

    /// Counts a connection; false if its network has enough.
    func admit(_ source: SourceAddress) -> Bool {
        counts.withLock { counts in
            let count = counts[source.prefix, default: 0]
            guard count < limit else { return false }
            counts[source.prefix] = count + 1
            return true
        }
    }

    /// A counted connection is closed.
    func release(_ source: SourceAddress) {
        counts.withLock { counts in
            let count = counts[source.prefix, default: 1] - 1
            counts[source.prefix] = count > 0 ? count : nil
        }
    }
}

/// Closes a connection as soon as it stands.
final class CloseAtOnce: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
