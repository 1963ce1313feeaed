import BucklerPrimitives
import BucklerSecurityEvents

extension FlowEngine {
    /// Writes down what the slow work showed.
    ///
    /// The flow may have moved meanwhile: it is read again.
    ///
    /// - Returns: nil if the verifier was replaced meanwhile; then the answer is to be looked at afresh.
    func settle(
        _ step: SlowStep, _ verdict: SlowVerdict, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result? {
        guard let situation = try load(visit, transaction) else { return .gone }
        switch (step.work, verdict) {
        case (.verifyPassword(_, let verifier), .match):
            guard let verifier, let account = situation.account else { break }
            if let charge = step.charge { try ledger.refund(charge, transaction) }
            return account.passwordVerifier == verifier ? try acceptPassword(situation, visit, transaction) : nil
        case (.verifyRecoveryCode, .match):
            guard let stored = step.recovery, let account = situation.account else { break }
            return try acceptRecoveryCode(stored, of: account, step, situation, visit, transaction)
        case (.hash, .hashed(let verifier, let passwordClass)):
            if let repeated = try repeatedInMeantime(step.answer, situation, visit) { return repeated }
            guard case .asks(.newPassword) = situation.flow.stage else { return answerState(situation, visit) }
            var situation = situation
            situation.flow.newVerifier = verifier
            situation.flow.newPasswordClass = passwordClass
            return try advance(situation, by: .password, nil, visit, transaction)
        default: break
        }
        return try rejectSlow(step, situation, visit, transaction)
    }

    /// Notes a right answer and moves the flow on, up to its code.
    func advance(
        _ situation: Situation, by method: AuthenticationMethod, _ tag: [UInt8]?, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        var situation = situation
        let facts = situation.facts ?? .none
        switch situation.flow.accept(method, tag: tag, facts: facts, at: visit.now) {
        case .next:
            if case .asks(.emailCode) = situation.flow.stage, !situation.flow.codeWasSent {
                try mailCode(&situation, visit, transaction)
            }
            try save(situation, transaction, visit)
            return answerState(situation, visit)
        case .finished:
            return try finish(situation, visit, transaction)
        }
    }

    /// Notes a wrong answer.
    func reject(
        _ situation: Situation, _ reason: EventReason, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        var situation = situation
        try record(.loginFail, reason, situation.account?.id, visit, transaction)
        guard situation.flow.reject() else { return try end(situation, .stepExhausted, visit, transaction) }
        try save(situation, transaction, visit)
        let left = SignInFlow.maximumWrongAnswers - situation.flow.wrongAnswers
        return answerState(
            situation, visit, rejection: .mismatch(attemptsLeft: situation.flow.isProven ? left : nil))
    }

    private func acceptPassword(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        switch situation.flow.stage {
        case .finished(.password): return .answered(.code(keys.authorizationCode(situation.flow)))
        case .asks(.password), .asks(.proof): return try advance(situation, by: .password, nil, visit, transaction)
        case .asks, .finished: return answerState(situation, visit)
        }
    }

    private func acceptRecoveryCode(
        _ stored: RecoveryCodeRecord, of account: AccountRecord, _ step: SlowStep, _ situation: Situation,
        _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        if let repeated = try repeatedInMeantime(step.answer, situation, visit) { return repeated }
        guard situation.flow.takesRecoveryCode(situation.facts) else {
            return answerState(situation, visit)
        }
        guard try transaction.spendRecoveryCode(stored, of: account.id, at: visit.now) else {
            return try reject(situation, .recoveryCodeMismatch, visit, transaction)
        }
        let occasion = MailOccasion(at: visit.now, deviceName: situation.flow.deviceName)
        try tell(account, transaction) {
            mails.recoveryCodeUsed($0, left: account.recoveryCodesLeft - 1, occasion: occasion)
        }
        let tag = keys.tag(step.answer, of: situation.flow.id)
        return try advance(situation, by: .recoveryCode, tag, visit, transaction)
    }

    /// The same answer, accepted by another request while this one computed.
    private func repeatedInMeantime(_ answer: FlowAnswer, _ situation: Situation, _ visit: Visit) throws -> Result? {
        let flow = situation.flow
        if let tag = keys.tag(answer, of: flow.id), flow.answerTags.contains(tag) {
            guard case .finished = flow.stage else { return answerState(situation, visit) }
            return .answered(.code(keys.authorizationCode(flow)))
        }
        if case .newPassword = answer, case .finished(.password) = flow.stage { return .gone }
        return nil
    }

    private func rejectSlow(
        _ step: SlowStep, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard case .asks(let kind) = situation.flow.stage else { return .gone }
        switch step.work {
        case .verifyPassword where kind == .password || kind == .proof:
            return try reject(situation, .passwordMismatch, visit, transaction)
        case .verifyRecoveryCode where [.password, .proof, .secondFactor, .emailCode].contains(kind):
            return try reject(situation, .recoveryCodeMismatch, visit, transaction)
        case .verifyPassword, .verifyRecoveryCode, .hash:
            return answerState(situation, visit)
        }
    }
}

extension AccountFacts {
    /// Those of an account that does not exist yet.
    static let none = AccountFacts(
        hasSecondFactor: false, hasRecoveryCodes: false, passwordNeedsSecondFactor: false, isKnownDevice: false,
        confirmsNewDevices: true)
}
