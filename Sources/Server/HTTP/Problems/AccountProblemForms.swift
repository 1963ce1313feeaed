import Authentication
import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import SecureChannel

extension AccountError: ProblemConvertible {
    /// Exhaustive on purpose: a new case needs a code.
    package var problem: Problem {
        switch self {
        case .unknownAccount: Problem(.notFound)
        case .passwordMismatch: Problem(.currentPasswordMismatch)
        case .throttled(let delay): Problem(.passwordAttemptsExhausted, retryAfter: delay)
        case .passwordRefused(let refusal): Problem(refusal)
        case .insufficientLevel(let level): Self.stepUp(to: level)
        case .factorNotFound: Problem(.factorNotFound)
        case .codeMismatch: Problem(.factorCodeMismatch)
        case .tooManyFactors: Problem(.factorLimit)
        case .passwordTooShortAlone: Problem(.factorGuardsPassword)
        case .noSecondFactor: Problem(.factorRequired)
        case .noRecovery: Problem(.noRecoveryPending)
        case .changedMeanwhile: Problem(.accountChanged)
        case .unavailable: Problem(.temporarilyUnavailable, retryAfter: .seconds(2))
        }
    }

    private static func stepUp(to level: AuthenticationLevel) -> Problem {
        let requirement = StepUpRequirement(
            minimumLevel: RequiredLevel(rawValue: level.rawValue), maximumAge: nil)
        return Problem(.stepUpRequired, headers: [.wwwAuthenticate: requirement.challenge])
    }
}
