import BucklerPrimitives

/// One sign-in, sign-up or reset from its first request to its code, as a value.
///
/// Everything that decides is here and pure: the store keeps the encoded value sealed under the flow's identifier, so no
/// step can be ticked off in the database (PD-11).
package struct SignInFlow: Sendable, Equatable {
    /// What the flow is for.
    package enum Purpose: String, Sendable, Hashable, CaseIterable {
        /// Signs a person in.
        case signIn = "sign_in"
        /// Makes an account once its address is proven.
        case signUp = "sign_up"
        /// Replaces a forgotten password.
        case reset
        /// Raises a session that exists.
        case stepUp = "step_up"
        /// Brings back the address before a change; signs nobody in.
        case addressUndo = "address_undo"
    }

    /// Where the flow stands.
    package enum Stage: Sendable, Hashable {
        /// Waits for an answer.
        case asks(Challenge.Kind)
        /// Over; the code was issued and can be told again for the same last answer.
        case finished(FinalAnswer)
    }

    /// How the last answer can be recognised when it comes again.
    package enum FinalAnswer: Sendable, Hashable {
        /// It was the password, which is not kept; it is verified again.
        case password
        /// A tag of the answer.
        case tag([UInt8])
    }

    /// Its identifier; never leaves the server.
    package let id: FlowID
    /// What it is for.
    package let purpose: Purpose
    /// What the first request fixed.
    package let binding: FlowBinding
    /// The address that was typed.
    package let email: Email
    /// Whose account it is; nil if the address had none, and then no answer is ever right.
    ///
    /// For a sign-up the account to
    /// be made; nil if the address has one already.
    package let account: AccountID?
    /// When the first request came.
    package let startedAt: Timestamp
    /// What the person calls the device.
    package let deviceName: String?
    /// The device row that this sign-in replaces.
    package let replacedDevice: DeviceID?
    /// The session that is raised, for a step-up.
    package let steppedUpSession: SessionID?
    /// From which the e-mail code and the authorization code are computed: 16 random bytes.
    package let salt: [UInt8]

    /// What it asks for.
    package internal(set) var stage: Stage
    /// What was proven, in order.
    package internal(set) var methods: [AuthenticationMethod] = []
    /// Wrong answers to the present step.
    package internal(set) var wrongAnswers = 0
    /// True once a mail with the code of this step was queued: it counts only then.
    package internal(set) var codeWasSent = false
    /// The number of the account's password when it was found right, or a step-up began.
    package internal(set) var passwordGeneration: Int64?
    /// When the code was issued.
    package internal(set) var finishedAt: Timestamp?
    /// The verifier that a sign-up or reset stores at its end.
    package internal(set) var newVerifier: SecretString?
    /// The class of that password.
    package internal(set) var newPasswordClass: PasswordClass?
    /// Tags of the right answers so far, so that a repeated one is known.
    package internal(set) var answerTags: [[UInt8]] = []

    /// The flow's last instant (exclusive).
    package var expiresAt: Timestamp { startedAt + Self.lifetime }

    /// True once anything was proven.
    package var isProven: Bool { !methods.isEmpty }

    /// Ten minutes.
    package static let lifetime = Duration.minutes(10)
    /// How long a code can be redeemed, and told again for the same last answer.
    package static let codeLifetime = Duration.seconds(60)
    /// How many requests one flow may take.
    package static let maximumRequestCount = 20
    /// How many wrong answers one step may take; the last one ends the flow.
    package static let maximumWrongAnswers = 5
}

/// What the flow has to know about the account to choose its next step.
package struct AccountFacts: Sendable, Hashable {
    /// An authenticator app is enrolled.
    package var hasSecondFactor: Bool
    /// Saved recovery codes are left.
    package var hasRecoveryCodes: Bool
    /// The password never opens a session alone (PD-08).
    package var passwordNeedsSecondFactor: Bool
    /// This key completed a sign-in for the account lately.
    package var isKnownDevice: Bool
    /// New devices are confirmed by e-mail for this client.
    package var confirmsNewDevices: Bool
    /// Where the account's recovery hold stands; nil without one.
    package var hold: RecoveryHold.Phase?
    /// The number of the account's password.
    package var passwordGeneration: Int64 = 0
}

extension SignInFlow {
    /// What a step led to.
    package enum Advance: Sendable, Hashable {
        /// The flow asks for something else now.
        case next
        /// Nothing is missing.
        case finished
    }

    /// Notes a right answer and moves on.
    ///
    /// `tag` is nil for passwords.
    mutating func accept(
        _ method: AuthenticationMethod, tag: [UInt8]?, facts: AccountFacts, at now: Timestamp
    ) -> Advance {
        if !methods.contains(method) { methods.append(method) }
        if method == .password {
            passwordGeneration = facts.passwordGeneration
            // The next code is another one; what was mailed before opens nothing any more.
            codeWasSent = false
        }
        if let tag { answerTags.append(tag) }
        wrongAnswers = 0
        guard let kind = nextStep(facts) else {
            stage = .finished(tag.map(FinalAnswer.tag) ?? .password)
            finishedAt = now
            return .finished
        }
        stage = .asks(kind)
        return .next
    }

    /// Notes a wrong answer; false if it was the last that this step allows: the flow is to be deleted.
    mutating func reject() -> Bool {
        wrongAnswers += 1
        return wrongAnswers < Self.maximumWrongAnswers
    }

    /// Puts a proof before the password, because strangers have used up the address's budget (PD-09).
    mutating func demandProof() {
        stage = .asks(.proof)
        wrongAnswers = 0
    }

    /// True if the e-mail code is the second thing that is asked for, after a right password: then six digits are enough.
    var takesShortCode: Bool { purpose == .signIn && methods.contains(.password) }

    /// What is missing yet, or nil.
    func nextStep(_ facts: AccountFacts) -> Challenge.Kind? {
        let hasSecond = methods.contains(.oneTimePassword) || methods.contains(.recoveryCode)
        switch purpose {
        case .signIn:
            if !methods.contains(.password) { return .password }
            if facts.hasSecondFactor || facts.passwordNeedsSecondFactor { return hasSecond ? nil : .secondFactor }
            let needsEmail = facts.confirmsNewDevices && !facts.isKnownDevice
            return needsEmail && !hasSecond && !methods.contains(.email) ? .emailCode : nil
        case .signUp:
            if !methods.contains(.email) { return .emailCode }
            return newPasswordClass == .needsSecondFactor && !hasSecond ? .enrolFactor : nil
        case .reset:
            if !methods.contains(.email) { return .emailCode }
            if newVerifier == nil { return .newPassword }
            let level: AuthenticationLevel = facts.hasSecondFactor ? .two : .one
            guard RecoveryPolicy.isAllowed(level: level, proofs: recoveryProofs, hold: facts.hold) else {
                return .secondFactor
            }
            // The factors go with the hold: the password must stand alone.
            return completesHold(facts) && newPasswordClass == .needsSecondFactor ? .newPassword : nil
        case .stepUp:
            return hasSecond ? nil : .secondFactor
        case .addressUndo:
            return methods.contains(.email) ? nil : .emailCode
        }
    }

    /// True if a reset that ends now ends by its hold: nothing but the mailbox was shown.
    func completesHold(_ facts: AccountFacts) -> Bool {
        purpose == .reset && facts.hasSecondFactor && facts.hold == .open
            && !RecoveryPolicy.isAllowed(level: .two, proofs: recoveryProofs)
    }

    private var recoveryProofs: Set<RecoveryProof> { Set(methods.compactMap(RecoveryProof.init)) }

    /// How the present step may be answered.
    func answerMethods(_ facts: AccountFacts?) -> [Challenge.Method] {
        guard case .asks(let kind) = stage else { return [] }
        switch kind {
        case .proof: return [.emailCode, .totp, .recoveryCode]
        case .password: return [.password]
        case .newPassword: return [.newPassword]
        case .enrolFactor: return [.totp]
        case .secondFactor:
            // A saved code is a recovery and raises nothing: a session is raised by a factor alone.
            let takesCode = facts?.hasRecoveryCodes == true && purpose != .stepUp
            return (facts?.hasSecondFactor == true ? [.totp] : []) + (takesCode ? [.recoveryCode] : [])
        case .emailCode:
            // Recovery codes confirm a new device too, once the password was right: nobody can use up that way in.
            return [.emailCode] + (purpose == .signIn && facts?.hasRecoveryCodes == true ? [.recoveryCode] : [])
        }
    }

    /// True if a saved code stood for the second factor: the person is in, and has to enrol a new one (PD-12).
    var isRecovery: Bool { methods.contains(.recoveryCode) && !methods.contains(.oneTimePassword) }

    /// Whether a saved recovery code is looked at now.
    ///
    /// Beside the steps that name it, a sign-in takes one in the place of its first step: it cannot be guessed, so it has no
    /// budget that strangers could use up, and its owner gets past a password step that strangers keep waiting (PD-09).
    func takesRecoveryCode(_ facts: AccountFacts?) -> Bool {
        if purpose == .signIn, stage == .asks(.password) { return true }
        return answerMethods(facts).contains(.recoveryCode)
    }

    /// What the finished flow is worth (PD-08).
    ///
    /// E-mail never lifts it; a saved code does not either until a new factor is
    /// enrolled and used (PD-12).
    var level: AuthenticationLevel {
        // A step-up began with one; who signs up has just chosen it.
        let hasPassword = methods.contains(.password) || purpose == .stepUp || purpose == .signUp
        return hasPassword && methods.contains(.oneTimePassword) ? .two : .one
    }
}
