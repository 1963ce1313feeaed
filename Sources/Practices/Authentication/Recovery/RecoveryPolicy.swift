import BucklerPrimitives

/// Something that a person can show while recovering an account (PD-12).
package enum RecoveryProof: String, Sendable, Hashable, CaseIterable {
    /// A code sent to the account's address, typed in the flow that asked for it.
    case emailCode
    /// A saved recovery code.
    case recoveryCode
    /// A factor that is still enrolled and at hand.
    case enrolledFactor
}

/// What a set of proofs opens.
package enum RecoveryDecision: Sendable, Hashable {
    /// Recovery may go on at once.
    case allowed
    /// Too little for this account's level: wait `hold`, tell every address and session, any of which cancels.
    case held(Duration)
    /// Nothing was proven.
    case refused
}

/// A recovery that waits (PD-12).
package struct HeldRecovery: Sendable, Hashable {
    /// When it was asked for.
    package let requestedAt: Timestamp
    /// When it may go on, unless somebody cancels.
    package let releaseAt: Timestamp

    /// Takes both instants.
    package init(requestedAt: Timestamp, releaseAt: Timestamp) {
        self.requestedAt = requestedAt
        self.releaseAt = releaseAt
    }
}

/// Recovery is never weaker than the account itself (NIST SP 800-63B-4 §4.2.2; PD-12).
package enum RecoveryPolicy {
    /// How long an under-proven recovery waits.
    package static let hold = Duration.hours(72)
    /// How long sensitive scopes stay closed, and the level stays at 1, after a recovery.
    package static let sensitiveScopesClosed = Duration.hours(24)

    /// Decides for an account of `level`.
    ///
    /// Level 1: the e-mail code alone. Level 2 and above: two different proofs. A saved recovery code or an enrolled
    /// factor without the e-mail code is one proof: for a level-1 account, which has neither, it opens as well.
    package static func decide(level: AuthenticationLevel, proofs: Set<RecoveryProof>) -> RecoveryDecision {
        if proofs.isEmpty { return .refused }
        switch level {
        case .one: return .allowed
        case .two, .three: return proofs.count >= 2 ? .allowed : .held(hold)
        }
    }
}
