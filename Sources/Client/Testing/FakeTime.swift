import Buckler
import BucklerPrimitives
import Synchronization

/// Time for tests: the server's clock and the devices' clocks, moved by hand.
public final class FakeTime: Sendable {
    private struct Waiter {
        let due: Timestamp
        let continuation: CheckedContinuation<Void, Never>
    }

    private let server = ManualClock()
    private let wall = ManualClock()
    private let ticks = ManualSleepProofClock()
    private let waiters = Mutex<(next: Int, waiting: [Int: Waiter])>((0, [:]))

    /// Starts at 2026-01-01T00:00:00Z on every clock.
    public init() {}

    /// The server's time.
    public var now: Timestamp { server.now }
    /// The devices' wall clock.
    public var wallClock: WallClock { wall.clock }
    /// The devices' sleep-proof clock.
    public var sleepProofClock: SleepProofClock { ticks.clock }

    /// Lets time pass everywhere, asleep or not, and wakes what waited for it.
    public func advance(by duration: Duration) {
        server.advance(by: duration)
        wall.advance(by: duration)
        ticks.advance(by: duration)
        let now = server.now
        let due = waiters.withLock { state in
            let due = state.waiting.filter { $0.value.due <= now }
            for id in due.keys { state.waiting[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Somebody sets the devices' wall clock; nothing else moves.
    public func setWallClock(off duration: Duration) { wall.advance(by: duration) }

    /// The devices are switched off and on.
    public func restartDevices() { ticks.restart() }

    /// Waits for this time to pass, or for cancellation.
    ///
    /// What is shorter than a second passes at once.
    func pause(_ duration: Duration) async {
        guard duration >= .seconds(1) else { return await Task.yield() }
        let id = waiters.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = waiters.withLock { state in
                    if Task.isCancelled { return true }
                    state.waiting[id] = Waiter(due: server.now + duration, continuation: continuation)
                    return false
                }
                if isCancelled { continuation.resume() }
            }
        } onCancel: {
            waiters.withLock { $0.waiting.removeValue(forKey: id) }?.continuation.resume()
        }
    }
}
