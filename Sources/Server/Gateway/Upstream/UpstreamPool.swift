import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The connections of one event loop to the upstream.
///
/// Nothing of it changes threads.
final class UpstreamPool {
    let target: UpstreamTarget
    private let loop: any EventLoop
    private let limits: GatewayLimits
    private let metrics: GatewayMetrics
    private var idle = CircularBuffer<UpstreamConnection>()
    private var openCount = 0

    init(_ target: UpstreamTarget, loop: any EventLoop, limits: GatewayLimits, metrics: GatewayMetrics) {
        self.target = target
        self.loop = loop
        self.limits = limits
        self.metrics = metrics
    }

    /// The connection that has been idle longest; nil if there is none that is young enough.
    ///
    /// Not the one used last: what an upstream sends beyond its answer is noticed while a connection is idle, and then it
    /// is closed. Between two uses there should be time for that.
    func takeIdle() -> UpstreamConnection? {
        let now = NIODeadline.now()
        while let connection = idle.popFirst() {
            if connection.isUsable, now < connection.idleSince + TimeAmount(limits.idleUpstreamTime) {
                return connection
            }
            connection.close()
        }
        return nil
    }

    /// True if another connection may be opened.
    var hasRoom: Bool { openCount < limits.upstreamConnectionCount }

    /// Opens a connection; the future completes on this loop.
    func connect() -> EventLoopFuture<UpstreamConnection>.Isolated {
        openCount += 1
        metrics.upstreamConnections.add(1, ordering: .relaxed)
        let limits = limits
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limits.upstreamConnectTime))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try Self.configure(channel, limits) }
            }
        let opened: EventLoopFuture<any Channel>
        switch target {
        case .tcp(let host, let port):
            if let address = try? SocketAddress(ipAddress: host, port: port) {
                opened = bootstrap.connect(to: address)
            } else {
                opened = bootstrap.connect(host: host, port: port)
            }
        case .unix(let path): opened = Self.unixBootstrap(loop, limits).connect(unixDomainSocketPath: path)
        }
        let isolated = opened.assumeIsolated()
        isolated.whenFailure { _ in self.openCount -= 1 }
        return isolated.flatMapThrowing { channel in
            let connection = try channel.pipeline.syncOperations.handler(type: UpstreamConnection.self)
            connection.whenClosed = { [weak self, weak connection] in
                self?.openCount -= 1
                if let connection { self?.idle.removeAll { $0 === connection } }
            }
            if !channel.isActive { connection.whenClosed?() }
            return connection
        }
    }

    /// Keeps a connection whose exchange ended cleanly, or closes it if there are enough.
    func giveBack(_ connection: UpstreamConnection) {
        if connection.isReading {
            // The rest of what was read may be more than the answer: wait until it has been looked at.
            connection.pool = self
            return
        }
        guard connection.isUsable, idle.count < limits.idleUpstreamConnectionCount else { return connection.close() }
        connection.idleSince = .now()
        // Idle connections read, so that the upstream's close is noticed.
        connection.resume()
        idle.append(connection)
    }

    private static func unixBootstrap(_ loop: any EventLoop, _ limits: GatewayLimits) -> ClientBootstrap {
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(limits.upstreamConnectTime))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel, limits) }
            }
    }

    private static func configure(_ channel: any Channel, _ limits: GatewayLimits) throws {
        // We state the framing of every request ourselves.
        var encoding = HTTPRequestEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.headerFieldByteCount
        decoding.maxHeaderListSize = 4 * limits.headerByteCount
        decoding.maxHeaderFieldCount = limits.headerFieldCount
        // Bytes behind a 101 are a WebSocket's; the decoder is taken out for nothing else.
        let decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop, limitConfiguration: decoding)
        let operations = channel.pipeline.syncOperations
        try operations.addHandler(HTTPRequestEncoder(configuration: encoding))
        try operations.addHandler(ByteToMessageHandler(decoder))
        try operations.addHandler(UpstreamConnection())
    }
}
