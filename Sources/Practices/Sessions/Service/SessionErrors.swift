import BucklerPrimitives
import BucklerSecurityEvents

/// Why no session began or was raised.
package enum SessionError: Error, Equatable, Sendable {
    /// The configuration does not know the client.
    case unknownClient
    /// The code was presented twice, or the session to raise has ended or belongs to another key, client or account.
    case refused
    /// The step-up reached a lower level than the session has.
    case lowerLevel
    /// The store did not take it.
    case store(StoreError)
}

/// Why a refresh token brings no tokens.
package enum RefreshRefusal: Error, Equatable, Sendable {
    /// Not ours, of another client, of no session, or of a row that somebody changed: `invalid_grant`, nothing more.
    case unrecognised(EventReason)
    /// Presented under another key than the bound one: `invalid_grant`, nothing more.
    case foreignKey
    /// The session has ended, and the bound key asks: `invalid_grant`, code and signed notice.
    case ended(SessionEndReason, notice: String?)
    /// A late duplicate: `invalid_grant` and `refresh.superseded`; nothing changed.
    case superseded
    /// 429; nothing changed.
    case tooManyRotations(retryAfter: Duration)
    /// The store did not answer; nothing changed.
    case store(StoreError)
}

extension EventReason {
    /// Not in the form of our tokens.
    package static let refreshMalformed = EventReason("refresh.malformed")
    /// No session has this id.
    package static let refreshUnknownSession = EventReason("refresh.unknown_session")
    /// The key epoch is over or never was.
    package static let refreshEpoch = EventReason("refresh.epoch")
    /// The tag is not ours.
    package static let refreshTag = EventReason("refresh.tag")
    /// The row's identity columns were changed outside the program.
    package static let refreshRowMAC = EventReason("refresh.row_mac")
    /// Another client's token.
    package static let refreshClient = EventReason("refresh.client")
    /// An old token under a foreign key.
    package static let refreshForeignKeyOld = EventReason("refresh.foreign_key_old")
    /// A late duplicate.
    package static let refreshSuperseded = EventReason("refresh.superseded")
    /// More than eight rotations in 300 s.
    package static let refreshTooMany = EventReason("refresh.too_many_rotations")
    /// Tokens after a refresh.
    package static let refreshed = EventReason("refresh")
    /// Tokens after a sign-in.
    package static let signedIn = EventReason("sign_in")
    /// Tokens after a step-up.
    package static let steppedUp = EventReason("step_up")
}
