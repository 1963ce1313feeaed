import BucklerPrimitives

/// What a recovery leaves behind until the account is as strong as before (PD-12).
package struct RecoveryAftermath: Sendable, Hashable {
    /// When a saved code stood for the second factor, or a hold was completed.
    package let recoveredAt: Timestamp
    /// True until a factor was enrolled, or one that was believed lost was used again.
    package var factorRequired: Bool

    /// Takes both facts.
    package init(recoveredAt: Timestamp, factorRequired: Bool) {
        self.recoveredAt = recoveredAt
        self.factorRequired = factorRequired
    }

    /// True while tokens go without their sensitive scopes.
    package func closesSensitiveScopes(at now: Timestamp) -> Bool {
        Self.closesSensitiveScopes(recoveredAt: recoveredAt, at: now)
    }

    /// The same for a session that was begun by or after a recovery.
    package static func closesSensitiveScopes(recoveredAt: Timestamp, at now: Timestamp) -> Bool {
        now < recoveredAt + closedFor
    }

    /// A day, so that the owner can read the notice before anything sensitive is done (PD-12).
    package static let closedFor = Duration.hours(24)
}
