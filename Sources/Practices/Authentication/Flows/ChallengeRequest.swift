import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// Who is asking: the client, the key that signed the request, and where it came from.
package struct Requester: Sendable, Hashable {
    /// The client that the request names.
    package let client: ClientID
    /// The thumbprint of the key whose proof was verified.
    package let key: JWKThumbprint
    /// The network address.
    package let source: SourceAddress
    /// For events.
    package let origin: EventOrigin

    /// Takes the parts.
    package init(client: ClientID, key: JWKThumbprint, source: SourceAddress, origin: EventOrigin) {
        self.client = client
        self.key = key
        self.source = source
        self.origin = origin
    }
}

/// What a request says about the tokens it wants.
///
/// Unparsed: the service decides, in one place.
package struct RequestedGrant: Sendable, Hashable {
    /// The parameter `code_challenge`.
    package var codeChallenge: String?
    /// `code_challenge_method`; only `S256`.
    package var codeChallengeMethod: String?
    /// The parameter `scope`.
    package var scope: String?
    /// The parameter `resource` (RFC 8707).
    package var resource: String?

    /// Takes the parameters as they came.
    package init(
        codeChallenge: String? = nil, codeChallengeMethod: String? = nil, scope: String? = nil, resource: String? = nil
    ) {
        self.codeChallenge = codeChallenge
        self.codeChallengeMethod = codeChallengeMethod
        self.scope = scope
        self.resource = resource
    }
}

/// What a person answers to a challenge.
package enum FlowAnswer: Sendable, Hashable {
    /// The password.
    case password(SecretString)
    /// Six digits of an authenticator app.
    case oneTimePassword(SecretString)
    /// The code that was sent by e-mail.
    case emailCode(SecretString)
    /// A saved recovery code.
    case recoveryCode(SecretString)
    /// The password that replaces the forgotten one.
    case newPassword(SecretString)
    /// Asks for the e-mail code to be sent (again).
    case sendEmailCode
    /// Says that no second factor is at hand, within a reset: begins the hold (PD-12).
    case recover
    /// Ends a pending recovery from the mailbox, within a reset.
    case cancelRecovery
}

/// The first request of a sign-in.
package struct SignInOpening: Sendable {
    /// The address.
    package let email: Email
    /// What tokens it wants.
    package let grant: RequestedGrant
    /// What the person calls the device.
    package let deviceName: String?
    /// The device row that this sign-in replaces (PD-13).
    package let replacedDevice: DeviceID?

    /// Takes the parts.
    package init(email: Email, grant: RequestedGrant, deviceName: String? = nil, replacedDevice: DeviceID? = nil) {
        self.email = email
        self.grant = grant
        self.deviceName = deviceName
        self.replacedDevice = replacedDevice
    }
}

/// A request of a flow that exists already.
package struct FlowContinuation: Sendable {
    /// The parameter `auth_session`.
    package let handle: String
    /// Parameters of the first request that came again: they must be the same, or be absent.
    package let grant: RequestedGrant
    /// The answers, in the order in which they are looked at; at most two.
    package let answers: [FlowAnswer]

    /// Takes the parts.
    package init(handle: String, grant: RequestedGrant = RequestedGrant(), answers: [FlowAnswer]) {
        self.handle = handle
        self.grant = grant
        self.answers = answers
    }
}

/// What a flow asks for next.
package struct Challenge: Sendable, Hashable {
    /// The kinds of steps.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One proof that cannot be guessed, before the password is looked at (PD-09).
        case proof
        /// The password.
        case password
        /// A second factor.
        case secondFactor = "second_factor"
        /// The code that was sent by e-mail.
        case emailCode = "email_code"
        /// A new password.
        case newPassword = "new_password"
        /// The first code of an authenticator app that the account will have.
        case enrolFactor = "enrol_factor"
    }

    /// The ways to answer, in the words of the wire contract.
    package enum Method: String, Sendable, Hashable, CaseIterable {
        /// A password.
        case password
        /// A code of an authenticator app.
        case totp
        /// A code sent by e-mail.
        case emailCode = "email_code"
        /// A saved recovery code.
        case recoveryCode = "recovery_code"
        /// A new password.
        case newPassword = "new_password"
    }

    /// What the answer before this challenge was.
    package enum Rejection: Sendable, Hashable {
        /// Wrong; how often one may still try, told only when the first factor was right.
        case mismatch(attemptsLeft: Int?)
    }

    /// `auth_session`: 43 characters, the same for the whole flow.
    package let handle: String
    /// What is asked for.
    package let kind: Kind
    /// How it may be answered.
    package let methods: [Method]
    /// How long the flow still lives.
    package let expiresIn: Duration
    /// Set if the request brought a wrong answer.
    package let rejection: Rejection?
    /// The recovery that is pending; told only after the mailbox was proven.
    package var recovery: RecoveryHold?
    /// What goes into the authenticator app, for `.enrolFactor`.
    package var seed: FactorSeed?
}

/// The seed of an authenticator app that is to be confirmed by its first code.
///
/// Both fields are as secret as the seed.
package struct FactorSeed: Sendable, Hashable {
    /// The key URI.
    package let uri: SecretString
    /// The seed as text to type.
    package let secret: SecretString
}

/// What a request of a flow led to.
package enum ChallengeOutcome: Sendable, Hashable {
    /// More is needed.
    case next(Challenge)
    /// The authorization code.
    case code(String)
    /// The former address is back; nobody was signed in.
    case addressRestored
}

/// Why a request of a flow was refused.
package enum SignInError: Error, Equatable, Sendable {
    /// No such client.
    case unknownClient
    /// A parameter of the first request is missing or malformed, or differs from the first request's.
    case invalidRequest(Parameter)
    /// A scope that the client may not ask for.
    case invalidScope
    /// A `resource` that is not one of the client's.
    case invalidTarget
    /// The flow is unknown, over, used up, or belongs to another key or client: one answer for all.
    case flowGone
    /// A budget is used up for now.
    case throttled(retryAfter: Duration)
    /// The mailbox alone does not recover an account of level 2: the hold that now runs (PD-12).
    case recoveryNeedsProof(RecoveryHold)
    /// A step-up of an account without second factor.
    case noSecondFactor
    /// The password threads are busy.
    case busy
    /// The new password is not accepted.
    case passwordRefused(PasswordRefusal)
    /// The store is not available.
    case unavailable

    /// Parameters that can be wrong.
    package enum Parameter: String, Sendable, Hashable {
        /// The parameter `code_challenge`.
        case codeChallenge = "code_challenge"
        /// `code_challenge_method`
        case codeChallengeMethod = "code_challenge_method"
        /// The parameter `scope`.
        case scope
        /// `resource`
        case resource
        /// `response_type`; only `code`.
        case responseType = "response_type"
        /// `username`: not an e-mail address.
        case username
        /// `device_name`: 1 to 64 characters.
        case deviceName = "device_name"
        /// `device_id`
        case deviceID = "device_id"
        /// `acr_values`: none that a step-up reaches.
        case acrValues = "acr_values"
        /// `method`; only `email_code`, `recovery` and `cancel_recovery`.
        case method
        /// The answer: more than two, or empty.
        case answer
    }
}
