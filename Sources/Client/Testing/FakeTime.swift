import Buckler
import BucklerPrimitives

/// Time for tests: the server's clock and the devices' clocks, moved by hand.
public final class FakeTime: Sendable {
    private let server = ManualClock()
    private let wall = ManualClock()
    private let ticks = ManualSleepProofClock()

    /// Starts at 2026-01-01T00:00:00Z on every clock.
    public init() {}

    /// The server's time.
    public var now: Timestamp { server.now }
    /// The devices' wall clock.
    public var wallClock: WallClock { wall.clock }
    /// The devices' sleep-proof clock.
    public var sleepProofClock: SleepProofClock { ticks.clock }

    /// Lets time pass everywhere, asleep or not.
    public func advance(by duration: Duration) {
        server.advance(by: duration)
        wall.advance(by: duration)
        ticks.advance(by: duration)
    }

    /// Somebody sets the devices' wall clock; nothing else moves.
    public func setWallClock(off duration: Duration) { wall.advance(by: duration) }

    /// The devices are switched off and on.
    public func restartDevices() { ticks.restart() }
}
