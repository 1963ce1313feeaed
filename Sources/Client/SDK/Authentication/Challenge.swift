import BucklerPrimitives

/// Where a sign-in, sign-up, reset or step-up stands.
public enum SignInStep: Sendable {
    /// The server wants an answer.
    case challenge(Challenge)
    /// Done.
    case signedIn(BucklerSession)
}

/// The server's next question to the person.
public struct Challenge: Sendable {
    /// What is asked for.
    public enum Kind: String, Sendable, Hashable {
        /// The password.
        case password
        /// A second factor, after the right password.
        case secondFactor = "second_factor"
        /// The code that was sent by e-mail.
        case emailCode = "email_code"
        /// Some proof before the password is looked at: others have used up the account's guesses.
        case proof
        /// A new password, to finish a reset.
        case newPassword = "new_password"
        /// An authenticator app must be enrolled: `details` has its `otpauth_uri` and `secret`, its first code answers.
        case enrolFactor = "enrol_factor"
    }

    /// A way to answer.
    public enum Method: String, Sendable, Hashable {
        /// The password.
        case password
        /// A code of an authenticator app, six digits.
        case totp
        /// The code that was sent by e-mail.
        case emailCode = "email_code"
        /// A saved recovery code.
        case recoveryCode = "recovery_code"
        /// A new password.
        case newPassword = "new_password"
    }

    /// What is asked for.
    public let kind: Kind
    /// The ways to answer, the server's favourite first.
    ///
    /// Known only after the first factor was right.
    public let methods: [Method]
    /// True if this repeats a question because the answer was wrong.
    public let isRepeated: Bool
    /// Why the last answer was refused, where the server says so: a new password that is too short or too common.
    public let refusal: Problem?
    /// How many answers are left, where the server says so.
    public let attemptsLeft: Int?
    /// How long the whole flow may still take.
    public let expiresIn: Duration?
    /// What the server said beside the challenge: for `enrolFactor`, the new factor's `otpauth_uri` and `secret`.
    public let details: JSONObject
    /// A recovery of the account that is pending, told within a reset once the mailed code was right.
    public internal(set) var recovery: Account.Recovery?

    let core: ClientCore
    let flow: SignInFlow

    /// Answers with `text`.
    ///
    /// Without a method, the one that fits: a text with a dash is a recovery code where those are accepted, otherwise
    /// the first method counts.
    public func answer(_ text: String, using method: Method? = nil) async throws(BucklerError) -> SignInStep {
        try await core.answer(flow, method ?? fittingMethod(text), text)
    }

    /// Asks the server to send a code by e-mail, where `methods` has it.
    public func sendEmailCode() async throws(BucklerError) -> SignInStep {
        try await core.requestEmailCode(flow)
    }

    /// Says, within a reset, that neither the authenticator app nor a recovery code is at hand.
    ///
    /// A hold of 72 hours begins: every address and every signed-in device of the account is told, and each can cancel it.
    /// `recovery` of the answer names its end. A new reset after it needs the mailed code alone.
    public func startRecovery() async throws(BucklerError) -> SignInStep {
        try await core.startRecovery(self)
    }

    /// Ends a pending recovery from the mailbox, within a reset.
    public func cancelRecovery() async throws(BucklerError) -> SignInStep {
        try await core.proceed(flow, ("method", "cancel_recovery"))
    }

    func fittingMethod(_ text: String) -> Method {
        switch kind {
        case .password: .password
        case .emailCode: .emailCode
        case .newPassword: .newPassword
        case .enrolFactor: .totp
        case .secondFactor, .proof:
            if methods.contains(.recoveryCode), text.contains("-") { .recoveryCode } else { methods.first ?? .totp }
        }
    }
}

extension Challenge: CustomStringConvertible {
    /// The kind; never an answer.
    public var description: String { "Challenge(\(kind.rawValue))" }
}

/// A flow that the server keeps under `auth_session`, bound to this device's key by its first request (PD-07).
struct SignInFlow: Sendable {
    let authSession: SecretString
    let proofKey: ProofKey
    /// The session that is raised, for a step-up.
    var raises: String?
}
