import BucklerPrimitives

/// Something that a person can show while recovering an account (PD-12).
package enum RecoveryProof: String, Sendable, Hashable, CaseIterable {
    /// A code sent to the account's address, typed in the flow that asked for it.
    case emailCode
    /// A saved recovery code.
    case recoveryCode
    /// A factor that is still enrolled and at hand.
    case enrolledFactor

    /// What a method of a flow proves here; nil for a password, which is what was lost.
    init?(_ method: AuthenticationMethod) {
        switch method {
        case .email: self = .emailCode
        case .recoveryCode: self = .recoveryCode
        case .oneTimePassword: self = .enrolledFactor
        case .password: return nil
        }
    }
}

/// Recovery is never weaker than the account itself (NIST SP 800-63B-4 §4.2.2; PD-12).
///
/// Whoever has too little waits: a hold of 72 hours stands for the second proof, and everybody concerned is told.
package enum RecoveryPolicy {
    /// True if `proofs` recover an account of `level`.
    ///
    /// Level 1: the e-mail code. Level 2 and above: two different proofs, or the e-mail code after a hold that nobody
    /// cancelled. A mailbox alone never opens it at once.
    package static func isAllowed(
        level: AuthenticationLevel, proofs: Set<RecoveryProof>, hold: RecoveryHold.Phase? = nil
    ) -> Bool {
        switch level {
        case .one: proofs.contains(.emailCode)
        case .two, .three: proofs.count >= 2 || (hold == .open && proofs.contains(.emailCode))
        }
    }
}
