import Authentication
import BucklerPrimitives

/// How long a session may live (PD-03).
package struct SessionLifetimes: Sendable, Hashable {
    /// From sign-in to the end that nothing extends.
    package var absolute: Duration
    /// From the last reported touch to the end; nil for no idle limit.
    package var idle: Duration?
    /// From the last touch to the lock on the device.
    package var lockAfter: Duration

    /// States all three.
    package init(absolute: Duration, idle: Duration?, lockAfter: Duration) {
        self.absolute = absolute
        self.idle = idle
        self.lockAfter = lockAfter
    }

    /// Access tokens live this long, and never past a deadline of their session.
    package static let accessToken = Duration.seconds(300)
}

/// A row of PD-03's table, after NIST SP 800-63B-4 §2.1.3, §2.2.3 and §2.3.3.
package enum SessionPreset: String, Sendable, Hashable, CaseIterable, Comparable {
    /// 30 d, 14 d idle, 15 min to the lock.
    case aal1
    /// 24 h, 1 h idle, 5 min to the lock.
    case aal2
    /// 12 h, 15 min idle, 2 min to the lock.
    case aal3

    /// The preset of a level.
    package init(_ level: AuthenticationLevel) {
        switch level {
        case .one: self = .aal1
        case .two: self = .aal2
        case .three: self = .aal3
        }
    }

    /// The table's values.
    package var table: SessionLifetimes {
        switch self {
        case .aal1: SessionLifetimes(absolute: .days(30), idle: .days(14), lockAfter: .minutes(15))
        case .aal2: SessionLifetimes(absolute: .hours(24), idle: .hours(1), lockAfter: .minutes(5))
        case .aal3: SessionLifetimes(absolute: .hours(12), idle: .minutes(15), lockAfter: .minutes(2))
        }
    }

    /// The stricter one is larger.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Why a preset cannot be changed in this way.
package enum SessionPresetError: Error, Equatable, Sendable {
    /// A length of time is below one second.
    case notPositive
    /// Longer than the table, without `accept_longer_than_nist: true`.
    case longerThanNIST(SessionPreset)
}

/// The three presets of one server: the table, tightened or knowingly loosened.
package struct SessionPresets: Sendable, Hashable {
    private var values: [SessionPreset: SessionLifetimes]

    /// The table.
    package init() {
        values = Dictionary(uniqueKeysWithValues: SessionPreset.allCases.map { ($0, $0.table) })
    }

    /// Changes a preset: shorter freely, longer than the table only when the operator says so.
    package mutating func set(
        _ preset: SessionPreset, to lifetimes: SessionLifetimes, acceptingLongerThanNIST: Bool = false
    ) throws(SessionPresetError) {
        let shortest = min(lifetimes.absolute, lifetimes.lockAfter, lifetimes.idle ?? lifetimes.absolute)
        guard shortest >= .seconds(1) else { throw .notPositive }
        guard acceptingLongerThanNIST || !Self.isLonger(lifetimes, than: preset.table) else {
            throw .longerThanNIST(preset)
        }
        values[preset] = lifetimes
    }

    /// The lifetimes of a preset.
    package subscript(preset: SessionPreset) -> SessionLifetimes { values[preset] ?? preset.table }

    /// The lifetimes of a new session: those of the level it reached, or of its client's preset if that is stricter.
    package func lifetimes(reached level: AuthenticationLevel, clientPreset: SessionPreset) -> SessionLifetimes {
        self[max(SessionPreset(level), clientPreset)]
    }

    /// The longest absolute lifetime of all: so long an old refresh key is needed.
    package var longestAbsolute: Duration { SessionPreset.allCases.map { self[$0].absolute }.max() ?? .days(30) }

    private static func isLonger(_ lifetimes: SessionLifetimes, than table: SessionLifetimes) -> Bool {
        if lifetimes.absolute > table.absolute || lifetimes.lockAfter > table.lockAfter { return true }
        guard let limit = table.idle else { return false }
        return lifetimes.idle.map { $0 > limit } ?? true
    }
}
