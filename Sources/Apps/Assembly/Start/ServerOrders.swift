import Dispatch
import Foundation

/// What a running server can be told from outside.
enum ServerOrder: Sendable {
    /// Finish what runs, then stop (SIGTERM, SIGINT).
    case stop
    /// Read the certificates again (SIGHUP).
    case reload
}

/// Signals and calls of `stop()` in one stream.
final class ServerOrders: Sendable {
    let stream: AsyncStream<ServerOrder>
    private let continuation: AsyncStream<ServerOrder>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(8)) }

    func give(_ order: ServerOrder) { continuation.yield(order) }

    /// Listens to the process's signals as long as the returned sources live.
    func listenToSignals() -> [any DispatchSourceSignal] {
        [(SIGTERM, ServerOrder.stop), (SIGINT, .stop), (SIGHUP, .reload)].map { number, order in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [continuation] in continuation.yield(order) }
            source.resume()
            return source
        }
    }
}
