import NIOCore
import NIOPosix
import NIOSSL

/// A TLS connection to a test's server on which a test writes and reads HTTP/1.1 byte by byte.
package actor TLSWire {
    private let channel: any Channel
    private var iterator: AsyncStream<[UInt8]>.Iterator
    private var bytes: [UInt8] = []

    /// Connects, trusting the authority in this file.
    ///
    /// - Parameters:
    ///   - host: an address of this machine.
    ///   - port: the server's port.
    ///   - authority: a PEM file.
    ///   - name: which the certificate must have.
    /// - Returns: the open wire.
    /// - Throws: what the connection or the handshake failed with.
    package static func connect(
        host: String = "127.0.0.1", port: Int, trusting authority: String, name: String = "localhost"
    ) async throws -> TLSWire {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authority)
        let context = try NIOSSLContext(configuration: configuration)
        let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let operations = channel.pipeline.syncOperations
                    try operations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                    try operations.addHandler(ByteCollector(continuation))
                }
            }
            .connect(host: host, port: port).get()
        return TLSWire(channel: channel, stream: stream)
    }

    private init(channel: any Channel, stream: AsyncStream<[UInt8]>) {
        self.channel = channel
        iterator = stream.makeAsyncIterator()
    }

    /// Sends text as it stands.
    package func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// Everything that came since the last call, once it contains `text`; also when the connection ends before.
    package func received(until text: String) async -> String {
        let wanted = Array(text.utf8)
        while bytes.firstRange(of: wanted) == nil, await readMore() {}
        defer { bytes = [] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Everything that came since the last call until the server closed.
    package func receivedAtEnd() async -> String {
        while await readMore() {}
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Closes.
    package func close() async { try? await channel.close() }

    private func readMore() async -> Bool {
        var iterator = iterator
        let next = await iterator.next(isolation: self)
        self.iterator = iterator
        bytes += next ?? []
        return next != nil
    }
}

private final class ByteCollector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<[UInt8]>.Continuation

    init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
