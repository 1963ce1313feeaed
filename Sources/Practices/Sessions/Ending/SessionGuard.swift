import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// A session that goes on, asked for by the holder of its key, now.
///
/// Only `SessionGuard` makes one.
package struct ActiveSession: Sendable, Hashable {
    /// The token that was presented.
    package let token: VerifiedAccessToken

    fileprivate init(token: VerifiedAccessToken) { self.token = token }
}

/// Why a verified token opens nothing.
package enum SessionRefusal: Error, Equatable, Sendable {
    /// The proof was made by another key than `cnf.jkt`.
    ///
    /// Nothing about the session may be told.
    case foreignKey
    /// The token's time is over.
    case expired
    /// The session has ended; the bound key asked, so it may hear why.
    case ended(SessionEndReason)
    /// All sessions were ended in the token's second; whether this one too, the token endpoint says.
    case undecided

    /// The check that refused, for the event.
    package var reason: EventReason {
        switch self {
        case .foreignKey: EventReason("session.foreign_key")
        case .expired: EventReason("access_token.expired")
        case .ended(let reason): reason.eventReason
        case .undecided: EventReason("session.mass_sign_out_second")
        }
    }
}

/// Decides, synchronously and for every request, whether a token and a proof make a running session.
package struct SessionGuard: Sendable {
    private let ended: EndedSessions
    private let clock: WallClock

    /// Takes the register of what ended.
    package init(ended: EndedSessions, clock: WallClock) {
        self.ended = ended
        self.clock = clock
    }

    /// Checks key, time and end, in this order: a foreign key learns nothing about the session.
    package func activate(
        token: VerifiedAccessToken, proofKey: JWKThumbprint
    ) throws(SessionRefusal) -> ActiveSession {
        guard token.key == proofKey else { throw .foreignKey }
        guard clock.now < token.expiresAt else { throw .expired }
        switch ended.standing(of: token) {
        case .running: return ActiveSession(token: token)
        case .ended(let reason): throw .ended(reason)
        case .undecided: throw .undecided
        }
    }
}
