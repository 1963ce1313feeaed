import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServerHTTP
import Testing

/// Routes behind a listener of their own, for the rigs that test them over HTTP.
enum RouteListener {
    /// Serves on a port of the kernel's choice while `body` runs.
    static func serve(
        _ responder: RouterResponder<AppRequestContext>, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "routes") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            try await body(port)
            tasks.cancelAll()
        }
    }
}
