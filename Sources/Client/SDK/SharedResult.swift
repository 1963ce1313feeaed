import Synchronization

/// The result of work that several callers wait for.
///
/// A cancelled caller stops waiting; the work goes on for the others.
final class SharedResult<Value: Sendable>: Sendable {
    private enum State {
        case pending(waiters: [Int: CheckedContinuation<Value?, Never>], next: Int)
        case done(Value)
    }

    private let state = Mutex<State>(.pending(waiters: [:], next: 0))

    /// Ends the waiting of everybody.
    func finish(_ value: Value) {
        let waiters = state.withLock { state in
            guard case .pending(let waiters, _) = state else { return [CheckedContinuation<Value?, Never>]() }
            state = .done(value)
            return Array(waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    /// The value, or nil if the caller was cancelled first.
    func value() async -> Value? {
        let id = state.withLock { state in
            guard case .pending(let waiters, let next) = state else { return -1 }
            state = .pending(waiters: waiters, next: next + 1)
            return next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in register(id, continuation) }
        } onCancel: {
            cancel(id)
        }
    }

    private func register(_ id: Int, _ continuation: CheckedContinuation<Value?, Never>) {
        let immediate: Value?? = state.withLock { state in
            switch state {
            case .done(let value): return .some(value)
            case .pending(var waiters, let next):
                if Task.isCancelled { return .some(nil) }
                waiters[id] = continuation
                state = .pending(waiters: waiters, next: next)
                return .none
            }
        }
        if let immediate { continuation.resume(returning: immediate) }
    }

    private func cancel(_ id: Int) {
        let waiter: CheckedContinuation<Value?, Never>? = state.withLock { state in
            guard case .pending(var waiters, let next) = state else { return nil }
            let waiter = waiters.removeValue(forKey: id)
            state = .pending(waiters: waiters, next: next)
            return waiter
        }
        waiter?.resume(returning: nil)
    }
}
