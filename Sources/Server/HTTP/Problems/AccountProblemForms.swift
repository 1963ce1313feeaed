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
        case .staleAuthentication(let level, let age): Self.stepUp(to: level, within: age)
        case .passwordRequired: Problem(.requestInvalid, members: ["parameter": "current_password"])
        case .factorNotFound: Problem(.factorNotFound)
        case .codeMismatch: Problem(.factorCodeMismatch)
        case .tooManyFactors: Problem(.factorLimit)
        case .passwordTooShortAlone: Problem(.factorGuardsPassword)
        case .noSecondFactor: Problem(.factorRequired)
        case .addressInUse: Problem(.addressInUse)
        case .noAddressPending: Problem(.addressNotPending)
        case .addressCodeMismatch: Problem(.addressCodeMismatch)
        case .tooManyAddresses(let delay): Problem(.addressLimit, retryAfter: delay)
        case .noSecondAddress: Problem(.noSecondAddress)
        case .noRecovery: Problem(.noRecoveryPending)
        case .changedMeanwhile: Problem(.accountChanged)
        case .unavailable: Problem(.temporarilyUnavailable, retryAfter: .seconds(2))
        }
    }

    private static func stepUp(to level: AuthenticationLevel, within age: Duration? = nil) -> Problem {
        let requirement = StepUpRequirement(
            minimumLevel: RequiredLevel(rawValue: level.rawValue), maximumAge: age)
        return Problem(.stepUpRequired, headers: [.wwwAuthenticate: requirement.challenge])
    }
}
