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

/// The sessions that a transaction of this practice ended.
package struct AccountSignOut: Sendable, Hashable {
    /// Whose.
    package let account: AccountID
    /// The session that goes on; nil if all of the account ended.
    package let kept: SessionID?
    /// Those that were running.
    package let sessions: [SessionID]
    /// Why.
    package let reason: AccountSignOutReason
    /// When.
    package let at: Timestamp

    /// Takes the parts.
    package init(
        account: AccountID, kept: SessionID?, sessions: [SessionID], reason: AccountSignOutReason, at now: Timestamp
    ) {
        self.account = account
        self.kept = kept
        self.sessions = sessions
        self.reason = reason
        at = now
    }
}

/// Rows of the sessions of an account, which this practice must not know, inside its transactions.
package protocol SessionEndingTransaction {
    /// Ends the account's sessions, all but `kept`, and records each: with the change that is the reason, or not at all.
    func endSessions(
        of account: AccountID, except kept: SessionID?, reason: AccountSignOutReason, origin: EventOrigin,
        at now: Timestamp
    ) throws -> AccountSignOut
}

/// The port to whatever serves the sessions' requests; the composition root connects it.
package protocol SessionEnder: Sendable {
    /// Makes an ending effective for requests that run or come: after the commit, before the answer (PD-04).
    func announce(_ signOut: AccountSignOut)
}
