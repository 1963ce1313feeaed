import BucklerSecurityEvents

/// Every check of a flow has its own reason (PD-21).
extension EventReason {
    static let passwordMismatch = EventReason("signin.password.mismatch")
    static let oneTimePasswordMismatch = EventReason("signin.totp.mismatch")
    static let emailCodeMismatch = EventReason("signin.email_code.mismatch")
    static let recoveryCodeMismatch = EventReason("signin.recovery_code.mismatch")
    static let stepExhausted = EventReason("signin.step.exhausted")
    static let requestsExhausted = EventReason("signin.flow.requests_exhausted")
    static let flowForeignKey = EventReason("signin.flow.foreign_key")
    static let flowForeignClient = EventReason("signin.flow.foreign_client")
    static let flowOutdated = EventReason("signin.flow.password_changed")
    static let sourceBudget = EventReason("signin.source.budget")
    static let strangersWait = EventReason("signin.strangers.wait")
    static let strangersSpent = EventReason("signin.strangers.spent")
    static let codesSpent = EventReason("signin.codes.spent")
    static let flowLimit = EventReason("signin.flow.limit")
    static let byReset = EventReason("password.reset")
    static let recoveryNeedsProof = EventReason("recovery.needs_proof")
    static let bySignUp = EventReason("signup.proven")
    static let signUpLost = EventReason("signup.address_taken")
    static let codeReuse = EventReason("code.reuse")
    static let codeRefused = EventReason("code.refused")
}
