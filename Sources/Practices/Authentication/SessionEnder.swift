import BucklerPrimitives
import BucklerSecurityEvents

/// Why this practice ends every session of an account.
package enum AccountSignOutReason: String, Sendable, Hashable, CaseIterable {
    /// The password was replaced by a reset.
    case passwordReset
    /// The password was changed by the person.
    case passwordChanged
    /// The account was recovered.
    case recovered
}

/// The port to the sessions of an account, which this practice must not know; the composition root connects it.
package protocol SessionEnder: Sendable {
    /// Ends the account's sessions, all but `kept`; returns when that is effective (PD-04).
    func endSessions(
        of account: AccountID, except kept: SessionID?, reason: AccountSignOutReason, origin: EventOrigin
    ) async throws(StoreError)
}
