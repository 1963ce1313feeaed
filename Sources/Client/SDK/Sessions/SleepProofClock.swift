import BucklerPrimitives
import Foundation

/// A clock that counts on while the device sleeps and that nobody can set: `CLOCK_MONOTONIC_RAW` on Apple's platforms,
/// `CLOCK_BOOTTIME` on Linux.
///
/// Only differences between two readings leave the device (PD-02).
public struct SleepProofClock: Sendable {
    /// One reading, comparable within one start of the device.
    public struct Reading: Sendable, Hashable {
        /// Which start of the device; equal texts mean comparable readings.
        public let boot: String
        /// Time since an arbitrary moment of that start.
        public let ticks: Duration

        /// Makes a reading.
        public init(boot: String, ticks: Duration) {
            self.boot = boot
            self.ticks = ticks
        }

        /// The time from `earlier` to this reading; nil if the device was restarted between.
        public func elapsed(since earlier: Reading) -> Duration? {
            guard boot == earlier.boot, ticks >= earlier.ticks else { return nil }
            return ticks - earlier.ticks
        }
    }

    private let read: @Sendable () -> Reading

    /// Makes a clock from a function.
    public init(_ read: @escaping @Sendable () -> Reading) { self.read = read }

    /// The current reading.
    public var reading: Reading { read() }

    /// The device's own.
    public static let system: SleepProofClock = {
        let boot = bootIdentifier()
        return SleepProofClock {
            var time = timespec()
            #if canImport(Darwin)
                clock_gettime(CLOCK_MONOTONIC_RAW, &time)
            #else
                clock_gettime(CLOCK_BOOTTIME, &time)
            #endif
            return Reading(boot: boot, ticks: .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec)))
        }
    }()

    private static func bootIdentifier() -> String {
        #if canImport(Darwin)
            var size = 0
            guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0, size > 1 else { return "unknown" }
            var buffer = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("kern.bootsessionuuid", &buffer, &size, nil, 0) == 0 else { return "unknown" }
            return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        #else
            let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
            return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
        #endif
    }
}

/// A sleep-proof clock that tests move by hand.
public final class ManualSleepProofClock: Sendable {
    private let state: SharedBox<SleepProofClock.Reading>

    /// Starts at zero of boot `boot-1`.
    public init() { state = SharedBox(SleepProofClock.Reading(boot: "boot-1", ticks: .zero)) }

    /// The clock to inject.
    public var clock: SleepProofClock { SleepProofClock { self.state.value } }

    /// Lets time pass, asleep or not.
    public func advance(by duration: Duration) {
        state.update { $0 = SleepProofClock.Reading(boot: $0.boot, ticks: $0.ticks + duration) }
    }

    /// Restarts the device: readings of before are no longer comparable.
    public func restart() {
        state.update { $0 = SleepProofClock.Reading(boot: $0.boot + "+", ticks: .zero) }
    }
}
