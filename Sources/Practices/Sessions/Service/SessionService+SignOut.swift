import Authentication
import BucklerPrimitives
import BucklerSecurityEvents

extension SessionService: SessionEnder {
    /// Ends the sessions of an account whose password or factors changed (PD-10, PD-12).
    package func endSessions(
        of account: AccountID, except kept: SessionID?, reason: AccountSignOutReason, origin: EventOrigin
    ) async throws(StoreError) {
        if let kept {
            try await end(.others(account, keeping: kept), reason: SessionEndReason(reason), origin: origin)
        } else {
            try await end(.account(account), reason: SessionEndReason(reason), origin: origin)
        }
    }
}

extension SessionEndReason {
    init(_ reason: AccountSignOutReason) {
        switch reason {
        case .passwordReset, .passwordChanged: self = .credentialChange
        case .recovered: self = .recovery
        }
    }
}
