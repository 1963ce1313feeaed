import BucklerPrimitives
import Logging
import NIOCore
import ServerConfiguration
import ServiceLifecycle
import Synchronization

/// A listener that tells when it is bound, and whose failure to bind is a `StartFailure`.
struct Listener: Service {
    /// The configuration key of its address, for messages.
    let key: String
    /// Where it was told to listen.
    let address: ListenAddress
    /// Fulfilled once it is bound.
    let bound: Gate
    /// Runs it; gets the gate to open.
    let body: @Sendable (Gate) async throws -> Void

    func run() async throws {
        do {
            try await body(bound)
        } catch let failure as StartFailure {
            throw failure
        } catch  where !bound.isOpen {
            throw StartFailure.address(key: key, address: address.description)
        }
    }
}

/// Opens once; everybody who waits goes on.
///
/// Carries the port that was bound.
package final class Gate: Sendable {
    private struct State {
        var port: Int?
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Makes a closed gate.
    package init() {}

    /// True after `open`.
    package var isOpen: Bool { state.withLock { $0.port != nil } }

    /// The bound port; nil before.
    package var port: Int? { state.withLock { $0.port } }

    /// Lets everybody pass, now and later.
    package func open(port: Int = 0) {
        let waiting = state.withLock { state in
            if state.port == nil { state.port = port }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the gate is open.
    ///
    /// Not cancellable: whoever opens it opens it at the end at the latest.
    package func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.port == nil { state.waiting.append(continuation) }
                return state.port != nil
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Calls something in regular distances until graceful shutdown.
struct Repeating: Service {
    /// The distance between two calls.
    let interval: Duration
    /// For log lines about failures.
    let name: String
    let logger: Logger
    /// What is done.
    ///
    /// A failure is logged and does not end the repetition.
    let body: @Sendable () async throws -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                guard (try? await Task.sleep(for: interval)) != nil else { return }
                do {
                    try await body()
                } catch {
                    logger.error(
                        "a repeated task failed", metadata: ["task": "\(name)", "error": "\(type(of: error))"])
                }
            }
        }
    }
}

/// Runs something until graceful shutdown, which cancels it.
struct UntilShutdown: Service {
    /// Returns when its task is cancelled.
    let body: @Sendable () async -> Void

    func run() async throws { await cancelWhenGracefulShutdown { await body() } }
}
