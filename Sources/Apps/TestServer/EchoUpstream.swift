import BucklerAssembly
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// An upstream that tells what it was sent: `{"method","path","fields":[[name,value]…],"body_bytes"}`.
///
/// `/bytes/<n>` answers n bytes; `/slow` sends a byte every 10 ms until its client leaves; `/status/<code>` answers with it.
struct EchoUpstream {
    /// Runs until its task is cancelled; opens `bound` with the port.
    static func run(bound: Gate) async throws {
        let router = Router()
        router.get("bytes/:count") { _, context -> Response in
            let count = min(context.parameters.get("count", as: Int.self) ?? 0, 1 << 30)
            return Response(
                status: .ok,
                body: .init(contentLength: count) { writer in
                    var left = count
                    let chunk = ByteBuffer(repeating: UInt8(ascii: "x"), count: 65_536)
                    while left > 0 {
                        try await writer.write(chunk.getSlice(at: 0, length: min(left, 65_536)) ?? chunk)
                        left -= min(left, 65_536)
                    }
                    try await writer.finish(nil)
                })
        }
        router.get("slow") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/event-stream"],
                body: .init { writer in
                    while !Task.isCancelled {
                        try await writer.write(ByteBuffer(string: "data: tick\n\n"))
                        try await Task.sleep(for: .milliseconds(10))
                    }
                    try await writer.finish(nil)
                })
        }
        router.on("**", method: .get, use: echo)
        router.on("**", method: .post, use: echo)
        router.on("**", method: .put, use: echo)
        var logger = Logger(label: "upstream")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { bound.open(port: $0.localAddress?.port ?? 0) },
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), logger: logger)
        try await application.run()
    }

    @Sendable private static func echo(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        var count = 0
        for try await part in request.body { count += part.readableBytes }
        let fields = request.headers.map { JSONValue.array([.string($0.name.rawName), .string($0.value)]) }
        let answer: JSONValue = [
            "method": .string(request.method.rawValue), "path": .string(request.uri.string), "fields": .array(fields),
            "body_bytes": .integer(Int64(count)),
        ]
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: answer.serialized)))
    }
}
