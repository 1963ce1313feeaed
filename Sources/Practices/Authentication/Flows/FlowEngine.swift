import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents

/// The part of a flow that runs inside transactions: reads rows, lets the pure flow decide, writes rows.
///
/// Known and unknown addresses take the same path: the same statements in the same order, an event and a mail of the
/// same form. What differs is only what is in them (PD-09, PD-10).
struct FlowEngine: Sendable {
    private(set) var keys: FlowKeys
    let ledger: GuessingLedger
    let mails: MailTemplates
    let clients: SignInClients
    let entropy: Entropy

    /// One request of one flow.
    struct Visit: Sendable {
        let requester: Requester
        let handle: String
        let digest: [UInt8]
        let now: Timestamp
    }

    /// The engine with the keys of one flow.
    func of(_ visit: Visit) -> FlowEngine {
        var engine = self
        engine.keys = keys.of(visit.handle)
        return engine
    }

    /// What a transaction found out.
    enum Result: Sendable {
        /// The request is answered. `signsOut` tells the sessions that ended with it.
        case answered(ChallengeOutcome, signsOut: AccountSignOut?)
        /// Slow work comes first; then `settle`.
        case slow(SlowStep)
        case gone
        case throttled(Duration)
        /// The flow goes on, but what was shown is too little for a recovery: this hold runs.
        case recoveryNeedsProof(RecoveryHold)
        /// A parameter of the first request came again and is another one.
        case changed(SignInError.Parameter)

        static func answered(_ outcome: ChallengeOutcome) -> Result { .answered(outcome, signsOut: nil) }
    }

    /// A flow with the rows that belong to it, read in one transaction.
    struct Situation: Sendable {
        var flow: SignInFlow
        let version: Int64
        let account: AccountRecord?
        let isKnownDevice: Bool
        let recipient: Email
        let addressIsTaken: Bool
        let facts: AccountFacts?
        /// The step of the code that confirmed a new authenticator app, in the request that brought it.
        var enrolledStep: Int64?

        /// Whose budgets of codes and mails this flow uses: whoever has shown something is no stranger any more.
        var lane: GuessingLane { isKnownDevice ? .knownDevice : flow.isProven ? .proven : .stranger }

        /// The queue for the password threads of somebody in `lane`.
        func hasherLane(_ lane: GuessingLane) -> HasherLane {
            guard lane == .knownDevice, let account else { return .stranger }
            return .knownDevice(of: account.id)
        }
    }

    /// Looks at an answer as far as that is quick.
    ///
    /// `grant` is what the request says about tokens, for its first answer: the request is counted then.
    func begin(
        _ answer: FlowAnswer?, _ visit: Visit, first grant: RequestedGrant?,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard let situation = try load(visit, transaction) else { return .gone }
        if let grant {
            let count = try transaction.countRequest(of: situation.flow.id)
            // The flow stays until its end: requests that came within the limit may still be computing.
            if count == SignInFlow.maximumRequestCount + 1 {
                try record(.loginFail, .requestsExhausted, situation.account?.id, visit, transaction)
            }
            if count > SignInFlow.maximumRequestCount { return .gone }
            if let parameter = difference(grant, situation.flow.binding) { return .changed(parameter) }
        }
        return try consider(answer, situation, visit, transaction)
    }

    /// Which parameter of a later request differs from the first one's; nil if none does.
    private func difference(_ grant: RequestedGrant, _ binding: FlowBinding) -> SignInError.Parameter? {
        if let method = grant.codeChallengeMethod, method != "S256" { return .codeChallengeMethod }
        if let text = grant.codeChallenge, CodeChallenge(parsing: text) != binding.codeChallenge {
            return .codeChallenge
        }
        if let scope = grant.scope, clients[binding.client]?.grantedScope(scope) != binding.scope { return .scope }
        if let resource = grant.resource, resource != binding.audience { return .resource }
        return nil
    }

    /// Looks at an answer of a flow that was read.
    func consider(
        _ answer: FlowAnswer?, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard let answer else { return answerState(situation, visit) }
        if let repeated = try considerRepeated(answer, situation, visit, transaction) { return repeated }
        guard case .asks(let kind) = situation.flow.stage else { return .gone }
        switch (kind, answer) {
        case (.password, .password(let password)), (.proof, .password(let password)):
            return try admitPassword(password, answer, situation, visit, transaction)
        case (.proof, .oneTimePassword), (.secondFactor, .oneTimePassword):
            return try checkOneTimePassword(answer, situation, visit, transaction)
        case (.proof, .emailCode), (.emailCode, .emailCode):
            return try checkEmailCode(answer, situation, visit, transaction)
        case (.proof, .sendEmailCode), (.emailCode, .sendEmailCode):
            return try sendEmailCode(situation, visit, transaction)
        case (_, .recoveryCode(let code)) where situation.flow.takesRecoveryCode(situation.facts):
            return try admitRecoveryCode(code, answer, situation, visit, transaction)
        case (.enrolFactor, .oneTimePassword(let code)):
            return try checkNewFactor(code, answer, situation, visit, transaction)
        case (.secondFactor, .recover), (.newPassword, .recover):
            return try recover(situation, visit, transaction)
        case (.secondFactor, .cancelRecovery), (.newPassword, .cancelRecovery):
            return try cancelRecovery(situation, visit, transaction)
        case (.newPassword, .newPassword(let password)):
            // After a hold the factors go: the new password has to stand alone.
            let keepsFactor = situation.facts.map { $0.hasSecondFactor && $0.hold != .open } ?? false
            let work = SlowStep.Work.hash(password, situation.flow.email, keepsFactor)
            return .slow(SlowStep(answer: answer, work: work, lane: .stranger, charge: nil, recovery: nil))
        default: break
        }
        // Not what was asked for: nothing is looked at, and the person is told what is.
        return answerState(situation, visit)
    }

    /// Reads flow, account and device; nil if the flow is not this requester's or is over.
    func load(_ visit: Visit, _ transaction: any AuthenticationTransaction) throws -> Situation? {
        guard let loaded = try transaction.flow(visit.digest, at: visit.now) else { return nil }
        guard let flow = try? SignInFlow(decoding: loaded.content), flow.id == loaded.id else {
            throw StoreError.tampered(table: "flow")
        }
        guard flow.expiresAt > visit.now else { return nil }
        guard flow.binding.key == visit.requester.key else {
            try recordForeign(flow.id, .flowForeignKey, visit, transaction)
            return nil
        }
        guard flow.binding.client == visit.requester.client else {
            try recordForeign(flow.id, .flowForeignClient, visit, transaction)
            return nil
        }
        let situation = try situation(flow, version: loaded.version, visit, transaction)
        if flow.finishedAt == nil, let generation = flow.passwordGeneration, let account = situation.account,
            account.passwordGeneration != generation
        {
            _ = try end(situation, .flowOutdated, visit, transaction)
            return nil
        }
        return situation
    }

    /// Somebody else came with the flow's handle: one event for each flow.
    private func recordForeign(
        _ flow: FlowID, _ reason: EventReason, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws {
        guard try ledger.isFirstRefusal(flow.bytes, reason, transaction, at: visit.now) else { return }
        try record(.loginFail, reason, nil, visit, transaction)
    }

    /// Reads what belongs to a flow, with the same statements for every address.
    func situation(
        _ flow: SignInFlow, version: Int64, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Situation {
        let found = try find(flow.email, flow.purpose, visit, transaction)
        let account = found.flatMap { $0.id == flow.account ? $0 : nil }
        let owner = account?.id ?? keys.decoyAccount(flow.email)
        let isKnown = try transaction.isKnownDevice(flow.binding.key, of: owner, at: visit.now) && account != nil
        let facts = account.map { account in
            AccountFacts(
                hasSecondFactor: account.hasSecondFactor, hasRecoveryCodes: account.recoveryCodesLeft > 0,
                passwordNeedsSecondFactor: account.passwordClass == .needsSecondFactor, isKnownDevice: isKnown,
                confirmsNewDevices: clients[flow.binding.client]?.confirmsNewDevices ?? true,
                hold: account.hold?.phase(at: visit.now), passwordGeneration: account.passwordGeneration)
        }
        return Situation(
            flow: flow, version: version, account: account, isKnownDevice: isKnown,
            recipient: flow.purpose == .addressUndo ? flow.email : found?.email ?? flow.email,
            addressIsTaken: found != nil, facts: facts)
    }

    /// The account that a typed address leads to.
    func find(
        _ email: Email, _ purpose: SignInFlow.Purpose, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> AccountRecord? {
        guard purpose == .addressUndo else { return try transaction.findAccount(email) }
        return try transaction.findAccount(formerly: email, at: visit.now)
    }

    /// The present challenge, without a rejection; or the code, if the flow is over and `isFinalAnswer`.
    func answerState(_ situation: Situation, _ visit: Visit, rejection: Challenge.Rejection? = nil) -> Result {
        guard case .asks(let kind) = situation.flow.stage else { return .gone }
        var challenge = Challenge(
            handle: visit.handle, kind: kind, methods: situation.flow.answerMethods(situation.facts),
            expiresIn: situation.flow.expiresAt - visit.now, rejection: rejection)
        if situation.flow.purpose == .reset, situation.flow.methods.contains(.email) {
            challenge.recovery = situation.account?.pendingRecovery(at: visit.now)
        }
        if kind == .enrolFactor { challenge.seed = seed(of: situation.flow) }
        return .answered(.next(challenge))
    }

    /// Deletes the flow and says why in an event.
    func end(
        _ situation: Situation, _ reason: EventReason, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        try transaction.deleteFlow(situation.flow.id)
        try record(.loginFail, reason, situation.account?.id, visit, transaction)
        return .gone
    }

    func save(_ situation: Situation, _ transaction: any AuthenticationTransaction, _ visit: Visit) throws {
        let flow = situation.flow
        let isFavoured = flow.finishedAt == nil && (flow.isProven || situation.isKnownDevice)
        let isSaved = try transaction.updateFlow(
            flow.id, digest: visit.digest, content: flow.encoded, isFavoured: isFavoured, from: situation.version)
        // Somebody else changed the flow since it was read: the caller reads again.
        if !isSaved { throw StoreError.conflict }
    }

    func record(
        _ name: EventName, _ reason: EventReason?, _ account: AccountID?, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws {
        try transaction.record(
            SecurityEvent(
                id: .random(entropy), name: name, reason: reason, at: visit.now, origin: visit.requester.origin,
                account: account, client: visit.requester.client))
    }
}

/// Slow work that a flow waits for, outside of any transaction.
struct SlowStep: Sendable {
    /// What to compute.
    enum Work: Sendable {
        /// Compare a password; nil for an address without account, which costs the same.
        case verifyPassword(SecretString, against: SecretString?)
        /// Compare a saved recovery code; nil for one that does not exist.
        case verifyRecoveryCode(SecretString, against: SecretString?)
        /// Judge and hash a new password.
        case hash(SecretString, Email, Bool)
    }

    let answer: FlowAnswer
    let work: Work
    let lane: HasherLane
    let charge: GuessingLedger.PasswordCharge?
    let recovery: RecoveryCodeRecord?
    /// Whose verifier is compared.
    var account: AccountID?
}

/// What the slow work showed.
enum SlowVerdict: Sendable {
    case match(needsRehash: Bool)
    case mismatch
    case hashed(SecretString, PasswordClass)
}
