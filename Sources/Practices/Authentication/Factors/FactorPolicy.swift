import BucklerPrimitives

/// Which passwords may stand beside how many factors (PD-08).
package enum FactorPolicy {
    /// The most factors that an account may enrol.
    package static let maximumFactorCount = 5
    /// How long an enrolment waits for its first code.
    package static let enrolmentLifetime = Duration.minutes(10)

    /// False only for a short password without a level-2 factor.
    package static func isAllowed(_ passwordClass: PasswordClass, factorCount: Int) -> Bool {
        switch passwordClass {
        case .standard: true
        case .needsSecondFactor: factorCount > 0
        }
    }

    /// True if one of `factorCount` factors may be removed.
    package static func mayRemove(_ passwordClass: PasswordClass, factorCount: Int) -> Bool {
        factorCount > 0 && isAllowed(passwordClass, factorCount: factorCount - 1)
    }
}
