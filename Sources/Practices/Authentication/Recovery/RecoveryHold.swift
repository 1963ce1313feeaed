import BucklerPrimitives

/// A recovery that waits because the person showed the mailbox alone (PD-12).
///
/// It stands in the account's sealed state: whoever writes the database can neither begin nor move one.
package struct RecoveryHold: Sendable, Hashable {
    /// Where a hold stands at an instant.
    package enum Phase: Sendable, Hashable {
        /// Any live session, the mailbox, or a sign-in of level 2 ends it.
        case waiting
        /// The mailed code completes the reset now.
        case open
        /// Nobody came back for it: as if it had never been asked for.
        case lapsed
    }

    /// When it was asked for.
    package let startedAt: Timestamp

    /// Takes the instant.
    package init(startedAt: Timestamp) { self.startedAt = startedAt }

    /// The first instant at which the mailed code completes the reset.
    package var completesAt: Timestamp { startedAt + Self.length }

    /// The first instant at which it counts for nothing any more.
    package var lapsesAt: Timestamp { completesAt + Self.window }

    /// Where it stands at `now`.
    package func phase(at now: Timestamp) -> Phase {
        if now < completesAt { return .waiting }
        return now < lapsesAt ? .open : .lapsed
    }

    /// Long enough that a weekend does not hide the notices, short enough that people wait for it (PD-12).
    ///
    /// Not configurable: a shorter one would make the mailbox a factor by itself.
    package static let length = Duration.hours(72)

    /// How long a hold that is over can be used; an old row that is put back later opens nothing.
    package static let window = Duration.days(7)
}
