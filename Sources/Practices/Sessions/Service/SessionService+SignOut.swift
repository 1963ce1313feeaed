import Authentication
import BucklerPrimitives
import BucklerSecurityEvents

extension SessionService: SessionEnder {
    /// Puts the sessions of an account whose password or factors changed into the set and cuts their exchanges (PD-10,
    /// PD-12); their rows were ended by the transaction of the change.
    package func announce(_ signOut: AccountSignOut) {
        if signOut.kept == nil { ended.end(account: signOut.account, notBefore: signOut.at) }
        ended.end(sessions: signOut.sessions, reason: SessionEndReason(signOut.reason), at: signOut.at)
        for session in signOut.sessions { activity.forget(session) }
    }
}

extension SessionEndReason {
    /// The session's word for what the account's owner did.
    package init(_ reason: AccountSignOutReason) {
        switch reason {
        case .passwordReset, .recovered: self = .recovery
        case .passwordChanged: self = .credentialChange
        }
    }
}
