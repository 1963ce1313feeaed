import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents

extension FlowEngine {
    /// Answers an answer that was right before, so that a lost response restarts nothing; nil if it is a new one.
    ///
    /// A password that comes again while the flow goes on is not looked at: nothing depends on it any more.
    func considerRepeated(
        _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result? {
        let flow = situation.flow
        let isKnown = keys.tag(answer, of: flow.id).map(flow.answerTags.contains) ?? false
        guard case .finished(let final) = flow.stage else {
            switch answer {
            case .password where flow.methods.contains(.password): return answerState(situation, visit)
            case .newPassword where flow.newVerifier != nil && flow.stage != .asks(.newPassword):
                return answerState(situation, visit)
            default: return isKnown ? answerState(situation, visit) : nil
            }
        }
        guard let finishedAt = flow.finishedAt, visit.now < finishedAt + SignInFlow.codeLifetime else { return .gone }
        if isKnown { return .answered(.code(keys.authorizationCode(flow))) }
        switch answer {
        case .password(let text) where final == .password, .newPassword(let text) where final == .password:
            return try admitPassword(text, answer, situation, visit, transaction)
        default: return .gone
        }
    }

    /// Takes a place in the budgets for one look at a password.
    func admitPassword(
        _ password: SecretString, _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        if let refusal = try chargeSource(situation, visit, transaction) { return refusal }
        let admission = try ledger.chargePassword(
            situation.flow.email, device: visit.requester.key, isKnown: situation.isKnownDevice,
            wasProven: situation.flow.isProven, transaction, at: visit.now)
        switch admission {
        case .admitted(let charge):
            let work = SlowStep.Work.verifyPassword(password, against: situation.account?.passwordVerifier)
            let lane: HasherLane = charge.lane == .knownDevice ? .knownDevice : .stranger
            return .slow(
                SlowStep(
                    answer: answer, work: work, lane: lane, charge: charge, recovery: nil,
                    account: situation.account?.id))
        case .wait(let duration):
            try record(.rateLimitExceeded, .strangersWait, situation.account?.id, visit, transaction)
            return .throttled(duration)
        case .askForProof:
            guard case .asks = situation.flow.stage else { return .gone }
            var situation = situation
            situation.flow.demandProof()
            try save(situation, transaction, visit)
            try record(.loginFailMax, .strangersSpent, situation.account?.id, visit, transaction)
            return answerState(situation, visit)
        }
    }

    /// Takes a place for one look at a recovery code.
    ///
    /// It cannot be guessed: only the source is counted.
    func admitRecoveryCode(
        _ code: SecretString, _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        if let refusal = try chargeSource(situation, visit, transaction) { return refusal }
        let parsed = RecoveryCode(typed: code)
        let owner = situation.account?.id ?? keys.decoyAccount(situation.flow.email)
        let stored = try transaction.recoveryCode(of: owner, index: parsed?.index ?? 0)
        let isReadable = parsed != nil && situation.account != nil
        let work = SlowStep.Work.verifyRecoveryCode(
            parsed?.secret ?? code, against: isReadable ? stored?.verifier : nil)
        let lane: HasherLane = situation.isKnownDevice ? .knownDevice : .stranger
        return .slow(
            SlowStep(answer: answer, work: work, lane: lane, charge: nil, recovery: isReadable ? stored : nil))
    }

    func checkOneTimePassword(
        _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard case .oneTimePassword(let code) = answer else { return answerState(situation, visit) }
        let budget = ledger.keys.oneTimePasswords(situation.flow.email, situation.lane)
        if let refusal = try chargeCode(budget, situation, visit, transaction) { return refusal }
        guard let account = situation.account, let (factor, step) = acceptedStep(code, situation, at: visit.now),
            try transaction.acceptTOTPStep(account: account.id, factor: factor, step: step)
        else { return try reject(situation, .oneTimePasswordMismatch, visit, transaction) }
        try transaction.refundBudget(budget)
        return try advance(situation, by: .oneTimePassword, keys.tag(answer, of: situation.flow.id), visit, transaction)
    }

    /// The first code of the authenticator app with which an account begins (PD-08).
    func checkNewFactor(
        _ code: SecretString, _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        let budget = ledger.keys.oneTimePasswords(situation.flow.email, situation.lane)
        if let refusal = try chargeCode(budget, situation, visit, transaction) { return refusal }
        let secret = keys.newFactorSeed(situation.flow)
        guard let step = TOTP.acceptedStep(code: code, secret: secret, at: visit.now, after: nil) else {
            return try reject(situation, .newFactorMismatch, visit, transaction)
        }
        try transaction.refundBudget(budget)
        var situation = situation
        situation.enrolledStep = step
        return try advance(situation, by: .oneTimePassword, keys.tag(answer, of: situation.flow.id), visit, transaction)
    }

    /// What the person puts into the app, during a sign-up.
    func seed(of flow: SignInFlow) -> FactorSeed {
        let secret = keys.newFactorSeed(flow)
        return FactorSeed(
            uri: secret.otpauthURI(issuer: mails.serviceName.text, account: flow.email.canonical),
            secret: secret.base32)
    }

    func checkEmailCode(
        _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard case .emailCode(let code) = answer else { return answerState(situation, visit) }
        let budget = ledger.keys.sentCodes(situation.flow.email, situation.lane)
        if let refusal = try chargeCode(budget, situation, visit, transaction) { return refusal }
        let typed = code.withExposedBytes { bytes in bytes.filter { $0 != UInt8(ascii: " ") } }
        let isEqual = keys.emailCode(situation.flow).withExposedBytes { ConstantTime.equal($0, typed) }
        guard isEqual, situation.flow.codeWasSent, situation.flow.account != nil else {
            return try reject(situation, .emailCodeMismatch, visit, transaction)
        }
        try transaction.refundBudget(budget)
        return try advance(situation, by: .email, keys.tag(answer, of: situation.flow.id), visit, transaction)
    }

    func sendEmailCode(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        if let refusal = try chargeSource(situation, visit, transaction) { return refusal }
        var situation = situation
        situation.flow.codeWasSent = true
        try mailCode(situation, visit, transaction)
        try save(situation, transaction, visit)
        return answerState(situation, visit)
    }

    /// Queues the mail of this flow, unless the address has had enough; the answer never tells.
    func mailCode(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws {
        guard try ledger.chargeMail(situation.flow.email, transaction, at: visit.now) else { return }
        try transaction.enqueue(mail: codeMail(situation, visit))
    }

    private func codeMail(_ situation: Situation, _ visit: Visit) -> MailMessage {
        let flow = situation.flow
        let recipient = situation.recipient
        let code = keys.emailCode(flow)
        let occasion = MailOccasion(at: visit.now, deviceName: flow.deviceName)
        switch flow.purpose {
        case .signUp where flow.account == nil: return mails.alreadyRegistered(recipient)
        case .signUp: return mails.verifyAddress(recipient, code: code)
        case _ where situation.account == nil: return mails.noAccount(recipient)
        case .reset: return mails.resetCode(recipient, code: code, occasion: occasion)
        case .signIn, .stepUp:
            if case .asks(.proof) = flow.stage { return mails.proofCode(recipient, code: code, occasion: occasion) }
            return mails.newDeviceCode(recipient, code: code, occasion: occasion)
        }
    }

    /// The factor and step of a right code.
    ///
    /// An address without factor costs a computation too.
    private func acceptedStep(
        _ code: SecretString, _ situation: Situation, at now: Timestamp
    ) -> (FactorID, Int64)? {
        let factors = situation.account?.factors.filter { $0.kind == .totp } ?? []
        if factors.isEmpty, let decoy = TOTPSecret(bytes: SecretBytes(situation.flow.salt)) {
            _ = TOTP.acceptedStep(code: code, secret: decoy, at: now, after: nil)
        }
        for factor in factors {
            guard let secret = TOTPSecret(bytes: factor.secret) else { continue }
            if let step = TOTP.acceptedStep(code: code, secret: secret, at: now, after: factor.lastStep) {
                return (factor.id, step)
            }
        }
        return nil
    }

    /// Charges the source of a stranger; people on phones that they have used are bounded by their own lane, so that a
    /// neighbour behind the same address cannot keep them out.
    func chargeSource(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result? {
        if situation.isKnownDevice { return nil }
        let wait = try ledger.chargeSource(visit.requester.source, situation.flow.email, transaction, at: visit.now)
        guard let wait else { return nil }
        try record(.rateLimitExceeded, .sourceBudget, nil, visit, transaction)
        return .throttled(wait)
    }

    private func chargeCode(
        _ key: [UInt8], _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result? {
        if let refusal = try chargeSource(situation, visit, transaction) { return refusal }
        guard let wait = try ledger.chargeCode(key, transaction, at: visit.now) else { return nil }
        try record(.loginFailMax, .codesSpent, situation.account?.id, visit, transaction)
        return .throttled(wait)
    }
}
