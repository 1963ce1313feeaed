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
        if isKnown, flow.purpose == .addressUndo { return .answered(.addressRestored) }
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
            return .slow(
                SlowStep(
                    answer: answer, work: work, lane: situation.hasherLane(charge.lane), charge: charge, recovery: nil,
                    account: situation.account?.id))
        case .wait(let duration):
            // Until then the flow takes what cannot be guessed, and afterwards the password still.
            _ = try demandProof(situation, .rateLimitExceeded, .strangersWait, visit, transaction)
            return .throttled(duration)
        case .askForProof:
            guard case .asks = situation.flow.stage else { return .gone }
            let situation = try demandProof(situation, .loginFailMax, .strangersSpent, visit, transaction)
            return answerState(situation, visit)
        }
    }

    /// Asks for a proof from now on, if the flow waits for the password; the first time within an hour is an event.
    private func demandProof(
        _ situation: Situation, _ name: EventName, _ reason: EventReason, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Situation {
        var situation = situation
        let email = situation.flow.email
        if try ledger.isFirstRefusal(ledger.keys.strangers(email).tag, reason, transaction, at: visit.now) {
            try record(name, reason, situation.account?.id, visit, transaction)
        }
        guard case .asks(.password) = situation.flow.stage else { return situation }
        situation.flow.demandProof()
        try save(situation, transaction, visit)
        return situation
    }

    /// Takes a place for one look at a recovery code.
    ///
    /// It cannot be guessed: only the source is counted, and for a known device its turns of the minute.
    func admitRecoveryCode(
        _ code: SecretString, _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        var lane = GuessingLane.stranger
        if situation.isKnownDevice,
            try ledger.takeTurn(situation.flow.email, visit.requester.key, transaction, at: visit.now)
        {
            lane = .knownDevice
        } else if let refusal = try chargeStranger(situation, visit, transaction) {
            return refusal
        }
        let parsed = RecoveryCode(typed: code)
        let owner = situation.account?.id ?? keys.decoyAccount(situation.flow.email)
        let stored = try transaction.recoveryCode(of: owner, index: parsed?.index ?? 0)
        let isReadable = parsed != nil && situation.account != nil
        let work = SlowStep.Work.verifyRecoveryCode(
            parsed?.secret ?? code, against: isReadable ? stored?.verifier : nil)
        return .slow(
            SlowStep(
                answer: answer, work: work, lane: situation.hasherLane(lane), charge: nil,
                recovery: isReadable ? stored : nil))
    }

    func checkOneTimePassword(
        _ answer: FlowAnswer, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard case .oneTimePassword(let code) = answer else { return answerState(situation, visit) }
        let budget = ledger.keys.oneTimePasswords(situation.flow.email, situation.lane)
        if let refusal = try chargeCode(budget, situation, visit, transaction) { return refusal }
        guard let account = situation.account, let (factor, step) = acceptedStep(code, situation, at: visit.now),
            try transaction.acceptTOTPStep(account: account.id, factor: factor, step: step)
        else { return try rejectCode(budget, situation, .oneTimePasswordMismatch, visit, transaction) }
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
            return try rejectCode(budget, situation, .newFactorMismatch, visit, transaction)
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
        let isRight =
            keys.isEmailCode(code, of: situation.flow) && situation.flow.codeWasSent && situation.flow.account != nil
        if situation.flow.takesShortCode {
            let budget = ledger.keys.sentCodes(situation.flow.email, situation.lane)
            if let refusal = try chargeCode(budget, situation, visit, transaction) { return refusal }
            guard isRight else { return try rejectCode(budget, situation, .emailCodeMismatch, visit, transaction) }
            try transaction.refundBudget(budget)
        } else {
            // Forty bits need no budget of the address, which strangers could use up; five tries of this flow are left.
            if let refusal = try chargeSource(situation, visit, transaction) { return refusal }
            guard isRight else { return try reject(situation, .emailCodeMismatch, visit, transaction) }
        }
        return try advance(situation, by: .email, keys.tag(answer, of: situation.flow.id), visit, transaction)
    }

    func sendEmailCode(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        if let refusal = try chargeSource(situation, visit, transaction) { return refusal }
        var situation = situation
        try mailCode(&situation, visit, transaction)
        try save(situation, transaction, visit)
        return answerState(situation, visit)
    }

    /// Queues the mail of this flow, unless the address has had enough; the answer never tells.
    ///
    /// A code counts only if a
    /// mail with it was queued, so that nobody is attacked by a code of which the mailbox shows nothing.
    func mailCode(
        _ situation: inout Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws {
        let lane = situation.lane
        guard try ledger.chargeMail(situation.flow.email, lane, transaction, at: visit.now) else { return }
        let rank: MailRank = lane == .stranger ? .strangers : .first
        if rank == .strangers, try !transaction.hasRoom(for: rank, limit: ledger.policy.waitingMailsOfStrangers) {
            if try ledger.isFirstRefusal([], .mailQueueFull, transaction, at: visit.now) {
                try record(.rateLimitExceeded, .mailQueueFull, nil, visit, transaction)
            }
            return
        }
        try transaction.enqueue(
            mail: codeMail(situation, visit), rank: rank, expiresAt: situation.flow.expiresAt)
        situation.flow.codeWasSent = true
    }

    private func codeMail(_ situation: Situation, _ visit: Visit) -> MailMessage {
        let flow = situation.flow
        let recipient = situation.recipient
        let code = keys.emailCode(flow)
        // Nobody's text in our mails before something was proven.
        let occasion = MailOccasion(at: visit.now, deviceName: situation.lane == .stranger ? nil : flow.deviceName)
        switch flow.purpose {
        case .signUp where flow.account == nil: return mails.alreadyRegistered(recipient)
        case .signUp: return mails.verifyAddress(recipient, code: code)
        case .addressUndo where situation.account == nil: return mails.nothingToUndo(recipient)
        case .addressUndo: return mails.undoCode(recipient, code: code, occasion: occasion)
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
        situation.isKnownDevice ? nil : try chargeStranger(situation, visit, transaction)
    }

    private func chargeStranger(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result? {
        let refusal = try ledger.chargeSource(visit.requester.source, situation.flow.email, transaction, at: visit.now)
        guard let refusal else { return nil }
        // The step over the limit is an event; what follows would only fill the record.
        if refusal.isFirst { try record(.rateLimitExceeded, .sourceBudget, nil, visit, transaction) }
        return .throttled(refusal.retryAfter)
    }

    private func chargeCode(
        _ key: BudgetKey, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result? {
        if let refusal = try chargeSource(situation, visit, transaction) { return refusal }
        guard let wait = try ledger.chargeCode(key, transaction, at: visit.now) else { return nil }
        if try ledger.isFirstRefusal(key.tag, .codesSpent, transaction, at: visit.now) {
            try record(.loginFailMax, .codesSpent, situation.account?.id, visit, transaction)
        }
        return .throttled(wait)
    }

    /// Notes a wrong short code, also where a database that is put back does not reach.
    private func rejectCode(
        _ budget: BudgetKey, _ situation: Situation, _ reason: EventReason, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        ledger.memory.note(budget, for: .hours(24), at: visit.now)
        return try reject(situation, reason, visit, transaction)
    }
}
