import BucklerPrimitives

/// Why a signed-in person's wish about their account was not granted.
package enum AccountError: Error, Equatable, Sendable {
    /// The account is gone.
    case unknownAccount
    /// The current password is wrong.
    case passwordMismatch
    /// Too many wrong passwords; wait so long.
    case throttled(retryAfter: Duration)
    /// The new password is not accepted.
    case passwordRefused(PasswordRefusal)
    /// The session was made with less than the account can do: sign in again with the second factor.
    case insufficientLevel(AuthenticationLevel)
    /// The second factor was shown too long ago: show it again.
    case staleAuthentication(AuthenticationLevel, maximumAge: Duration)
    /// An account without a second factor shows its password for this.
    case passwordRequired
    /// No such factor, or the enrolment is over.
    case factorNotFound
    /// The authenticator's code is wrong or was used before.
    case codeMismatch
    /// As many factors as an account may have.
    case tooManyFactors
    /// The last factor guards a password that is too short to stand alone: choose a longer one first.
    case passwordTooShortAlone
    /// Recovery codes belong to accounts with a second factor.
    case noSecondFactor
    /// The address is the account's already.
    case addressInUse
    /// No address waits for a code.
    case noAddressPending
    /// The code of the new address is wrong.
    case addressCodeMismatch
    /// Too many changes of the address can still be undone, or too many addresses were asked for; wait so long.
    case tooManyAddresses(retryAfter: Duration)
    /// There is no second address.
    case noSecondAddress
    /// No recovery is pending.
    case noRecovery
    /// Somebody else changed the account meanwhile; nothing was changed by this request.
    case changedMeanwhile
    /// A store or the password threads cannot take more work now.
    case unavailable

    /// Translates what a store says; a `.conflict` is a lost race here.
    init(_ error: StoreError) { self = error == .conflict ? .changedMeanwhile : .unavailable }

    /// Translates an error that a transaction's body or a port threw.
    init(any error: any Error) {
        switch error {
        case let error as AccountError: self = error
        case let error as StoreError: self.init(error)
        default: self = .unavailable
        }
    }
}

/// What a transaction decided: a result, or a refusal that must not roll back what was written beside it.
enum AccountOutcome<Value: Sendable>: Sendable {
    case done(Value)
    case refused(AccountError)

    /// The value, or throws the refusal.
    func get() throws(AccountError) -> Value {
        switch self {
        case .done(let value): return value
        case .refused(let error): throw error
        }
    }
}
