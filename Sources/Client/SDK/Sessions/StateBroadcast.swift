import Synchronization

/// The latest state and everybody who listens to it.
final class StateBroadcast: Sendable {
    private struct Listeners {
        var current: BucklerState = .unknown
        var next = 0
        var continuations: [Int: AsyncStream<BucklerState>.Continuation] = [:]
    }

    private let listeners = Mutex(Listeners())

    var current: BucklerState { listeners.withLock { $0.current } }

    /// Publishes a state; equal states in a row are published once.
    func publish(_ state: BucklerState) {
        listeners.withLock { listeners in
            guard listeners.current != state else { return }
            listeners.current = state
            for continuation in listeners.continuations.values { continuation.yield(state) }
        }
    }

    /// A stream that begins with the current state.
    ///
    /// A slow listener sees the newest state, not every one.
    func stream() -> AsyncStream<BucklerState> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let id = listeners.withLock { listeners in
                let id = listeners.next
                listeners.next += 1
                listeners.continuations[id] = continuation
                continuation.yield(listeners.current)
                return id
            }
            continuation.onTermination = { [weak self] _ in
                self?.listeners.withLock { $0.continuations[id] = nil }
            }
        }
    }
}
