import Foundation
import Synchronization

/// The source of civil time.
///
/// Everything that needs the time of day receives one; nothing asks the system itself.
public struct WallClock: Sendable {
    private let read: @Sendable () -> Timestamp

    /// Makes a clock from a function.
    public init(_ read: @escaping @Sendable () -> Timestamp) { self.read = read }

    /// The current instant.
    public var now: Timestamp { read() }

    /// The machine's clock.
    public static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// A clock that stands still.
    public static func fixed(_ instant: Timestamp) -> WallClock { WallClock { instant } }
}

/// A clock that tests move by hand.
public final class ManualClock: Sendable {
    private let instant: Mutex<Timestamp>

    /// Starts at `start`; the default is 2026-01-01T00:00:00Z.
    public init(_ start: Timestamp = Timestamp(seconds: 1_767_225_600)) { instant = Mutex(start) }

    /// The clock to inject.
    public var clock: WallClock { WallClock { self.now } }

    /// The current instant.
    public var now: Timestamp { instant.withLock { $0 } }

    /// Moves on (or back, with a negative duration).
    public func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }

    /// Jumps to `target`.
    public func set(_ target: Timestamp) { instant.withLock { $0 = target } }
}
