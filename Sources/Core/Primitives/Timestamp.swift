import Foundation

/// An instant of civil time in whole milliseconds since 1970-01-01T00:00:00Z.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the epoch.
    public let milliseconds: Int64

    /// Makes an instant from milliseconds since the epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Makes an instant from whole seconds since the epoch (JWT NumericDate, RFC 7519 §2).
    public init(seconds: Int64) { milliseconds = seconds &* 1000 }

    /// Whole seconds since the epoch, rounded down.
    public var seconds: Int64 { milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000 }

    /// The earlier one is smaller.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The instant `duration` later; sub-millisecond parts are dropped.
    public static func + (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds &+ duration.wholeMilliseconds)
    }

    /// The instant `duration` earlier.
    public static func - (instant: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(milliseconds: instant.milliseconds &- duration.wholeMilliseconds)
    }

    /// The time from `right` to `left`.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .milliseconds(left.milliseconds &- right.milliseconds)
    }

    /// RFC 3339 in UTC with milliseconds, such as `2026-01-02T03:04:05.678Z`.
    public var rfc3339: String {
        // The fraction is written apart: through a Double it would lose a millisecond now and then.
        let fraction = milliseconds - seconds * 1000
        let whole = Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
        let digits = String(fraction)
        return "\(whole.dropLast()).\(String(repeating: "0", count: 3 - digits.count))\(digits)Z"
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339.
    public var description: String { rfc3339 }
}

extension Duration {
    /// The duration in milliseconds, rounded towards zero.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
    }

    /// The duration in seconds, rounded towards zero.
    public var wholeSeconds: Int64 { components.seconds }

    /// `count` minutes.
    public static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    /// `count` hours.
    public static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
    /// `count` days of 24 hours.
    public static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
}
