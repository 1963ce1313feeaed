import BucklerPrimitives
import BucklerSecurityEvents

/// The hold of people who have nothing but their mailbox left (PD-12).
extension FlowEngine {
    /// The person says that no second proof is at hand, in a reset whose mailed code was right.
    ///
    /// Begins the hold; answers the one that runs if there is one, and goes on if it is over.
    func recover(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard situation.flow.purpose == .reset, let account = situation.account, account.hasSecondFactor else {
            return answerState(situation, visit)
        }
        switch account.hold?.phase(at: visit.now) {
        case .open:
            guard case .asks(.secondFactor) = situation.flow.stage else { return answerState(situation, visit) }
            // Over since the last answer: the mailbox is proven, and that is enough now.
            return try advance(situation, by: .email, nil, visit, transaction)
        case .waiting:
            try record(.recovery, .recoveryNeedsProof, account.id, visit, transaction)
            return account.hold.map(Result.recoveryNeedsProof) ?? .gone
        case .lapsed, nil:
            let hold = RecoveryHold(startedAt: visit.now)
            guard try transaction.replaceHold(account.hold, by: hold, of: account.id) else {
                throw StoreError.conflict
            }
            try tell(account.everybody(at: visit.now), transaction) {
                mails.recoveryStarted($0, hold: hold, occasion: occasion(situation, visit))
            }
            try record(.recovery, .holdStarted, account.id, visit, transaction)
            return .recoveryNeedsProof(hold)
        }
    }

    /// Whoever reads the mailbox ends a pending recovery.
    func cancelRecovery(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard situation.flow.purpose == .reset, let account = situation.account,
            account.pendingRecovery(at: visit.now) != nil
        else { return answerState(situation, visit) }
        try endHold(of: account, .holdCancelledByMailbox, situation, visit, transaction)
        guard let read = try load(visit, transaction) else { return .gone }
        return answerState(read, visit)
    }

    /// Ends a pending recovery, if there is one, because its owner was here.
    func endHold(
        of account: AccountRecord, _ reason: EventReason, _ situation: Situation, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws {
        guard let hold = account.hold else { return }
        guard try transaction.replaceHold(hold, by: nil, of: account.id) else { throw StoreError.conflict }
        // A lapsed one is only swept: nobody has to hear of it again.
        guard hold.phase(at: visit.now) != .lapsed else { return }
        try tell(account.everybody(at: visit.now), transaction) {
            mails.recoveryCancelled($0, occasion: occasion(situation, visit))
        }
        try record(.recovery, reason, account.id, visit, transaction)
    }

    /// Ends a reset: by its proofs, which leave the factors, or by its hold, which takes them away.
    func replacePassword(
        _ account: AccountRecord, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> AccountSignOutReason {
        guard let verifier = situation.flow.newVerifier, let passwordClass = situation.flow.newPasswordClass else {
            throw StoreError.inconsistent
        }
        let occasion = occasion(situation, visit)
        try tell(account, transaction) { mails.passwordChanged($0, occasion: occasion) }
        if let facts = situation.facts, situation.flow.completesHold(facts), let hold = account.hold {
            try transaction.completeRecovery(
                hold, of: account.id, verifier: verifier, class: passwordClass, at: visit.now)
            try tell(account.everybody(at: visit.now), transaction) { mails.recoveryCompleted($0, occasion: occasion) }
            try record(.recovery, .holdCompleted, account.id, visit, transaction)
            try record(.factorRemoved, .holdCompleted, account.id, visit, transaction)
            try record(.passwordChange, .byReset, account.id, visit, transaction)
            return .recovered
        }
        try transaction.setPassword(
            account.id, verifier: verifier, class: passwordClass, replacing: nil, at: visit.now)
        try endHold(of: account, .holdCancelledByReset, situation, visit, transaction)
        try record(.passwordChange, .byReset, account.id, visit, transaction)
        return .passwordReset
    }

    /// Notes what a recovery leaves behind, or that a factor is at hand again; answers the recovery whose effects the new
    /// session has to bear.
    func noteRecovery(
        _ account: AccountRecord, isByHold: Bool, _ situation: Situation, _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Timestamp? {
        // The statement that completed the hold has noted it already.
        if isByHold { return visit.now }
        if situation.flow.isRecovery, account.hasSecondFactor {
            let aftermath = RecoveryAftermath(recoveredAt: visit.now, factorRequired: true)
            try transaction.setAftermath(aftermath, of: account.id)
            try record(.recovery, .recoveredByCode, account.id, visit, transaction)
            return visit.now
        }
        guard var aftermath = account.aftermath else { return nil }
        // Whoever shows the factor has not lost it.
        if situation.flow.methods.contains(.oneTimePassword) { aftermath.factorRequired = false }
        let isOver = !aftermath.factorRequired && !aftermath.closesSensitiveScopes(at: visit.now)
        try transaction.setAftermath(isOver ? nil : aftermath, of: account.id)
        return isOver ? nil : aftermath.recoveredAt
    }

    /// Queues one notice for each address of the account.
    func tell(
        _ account: AccountRecord, _ transaction: any AuthenticationTransaction, _ mail: (Email) -> MailMessage
    ) throws {
        try tell(account.notified, transaction, mail)
    }

    /// Queues one notice for each address.
    func tell(
        _ addresses: [Email], _ transaction: any AuthenticationTransaction, _ mail: (Email) -> MailMessage
    ) throws {
        for address in addresses { try transaction.enqueue(mail: mail(address)) }
    }

    func occasion(_ situation: Situation, _ visit: Visit) -> MailOccasion {
        MailOccasion(at: visit.now, deviceName: situation.flow.deviceName)
    }
}
