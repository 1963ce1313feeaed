import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents

/// What a person needs to put a seed into an authenticator app.
///
/// Every field is as secret as the seed.
package struct TOTPEnrolment: Sendable {
    /// Names the enrolment until its first code comes, and the factor from then on.
    package let factor: FactorID
    /// The key URI.
    package let uri: SecretString
    /// The seed as text to type.
    package let secret: SecretString
    /// The URI as pictures.
    package let images: QRCodeImages
}

extension AccountService {
    /// Begins the enrolment of an authenticator app.
    ///
    /// It counts for nothing until `confirmTOTP`, and is over after 10 min.
    package func beginTOTP(_ actor: AccountActor) async throws(AccountError) -> TOTPEnrolment {
        let secret = TOTPSecret(random: entropy)
        let pending = PendingFactor(id: .random(entropy), kind: .totp, secret: secret.bytes, createdAt: clock.now)
        let email = try await write(actor, enrols: true) { record, transaction -> AccountOutcome<Email> in
            guard record.factors.count < FactorPolicy.maximumFactorCount else { return .refused(.tooManyFactors) }
            try transaction.addPendingFactor(pending, to: actor.account)
            return .done(record.email)
        }
        let uri = secret.otpauthURI(issuer: serviceName.text, account: email.canonical)
        do {
            return TOTPEnrolment(
                factor: pending.id, uri: uri, secret: secret.base32, images: try qrCodes.render(uri))
        } catch {
            throw .unavailable
        }
    }

    /// Finishes an enrolment with the first code; answers ten recovery codes if these are the account's first, else
    /// none.
    ///
    /// The codes exist as text in this answer only. Their Argon2id strings are made before the transaction.
    package func confirmTOTP(
        _ actor: AccountActor, factor: FactorID, code: SecretString
    ) async throws(AccountError) -> [RecoveryCode] {
        let (now, record) = (clock.now, try await record(actor))
        if !actor.mayEnrolAfterRecovery(record) { try Self.demandOwnLevel(actor, record) }
        let step = try await acceptedStep(actor, factor: factor, code: code, at: now)
        let needsCodes = record.recoveryCodesLeft == 0
        let codes = needsCodes ? RecoveryCode.makeSet(entropy) : []
        let verifiers = try await verifiers(codes, actor, enrols: true)
        let notices = record.notified.map { mails.factorAdded($0, occasion: occasion) }
        let added = event(.factorAdded, actor, details: [.word("kind", "totp")])
        try await write(actor, enrols: true) { present, transaction -> AccountOutcome<Void> in
            guard present.factors.count < FactorPolicy.maximumFactorCount else { return .refused(.tooManyFactors) }
            guard try transaction.confirmFactor(factor, of: actor.account, step: step, at: now) else {
                return .refused(.factorNotFound)
            }
            // Judged again by what is there now: another enrolment may have made codes, or the last ones may be spent.
            guard (present.recoveryCodesLeft == 0) == needsCodes else { throw StoreError.conflict }
            if needsCodes { try transaction.replaceRecoveryCodes(of: actor.account, with: verifiers, at: now) }
            for notice in notices { try transaction.enqueue(mail: notice) }
            try transaction.record(added)
            return .done(())
        }
        return codes
    }

    /// Removes a factor.
    ///
    /// The last one stays as long as the password is too short to stand alone; with it go the recovery codes, which
    /// open level 2 and would be a factor of their own otherwise.
    package func removeFactor(_ actor: AccountActor, factor: FactorID) async throws(AccountError) {
        let (now, mails, occasion) = (clock.now, mails, occasion)
        let removed = event(.factorRemoved, actor, details: [.word("kind", "totp")])
        try await write(actor) { record, transaction -> AccountOutcome<Void> in
            guard record.factors.contains(where: { $0.id == factor }) else { return .refused(.factorNotFound) }
            guard FactorPolicy.mayRemove(record.passwordClass, factorCount: record.factors.count) else {
                return .refused(.passwordTooShortAlone)
            }
            guard try transaction.removeFactor(factor, of: actor.account) else { return .refused(.factorNotFound) }
            if record.factors.count == 1 { try transaction.replaceRecoveryCodes(of: actor.account, with: [], at: now) }
            for address in record.notified {
                try transaction.enqueue(mail: mails.factorRemoved(address, occasion: occasion))
            }
            try transaction.record(removed)
            return .done(())
        }
    }

    /// Replaces all recovery codes by ten new ones; the older ones open nothing from the commit on.
    package func replaceRecoveryCodes(_ actor: AccountActor) async throws(AccountError) -> [RecoveryCode] {
        let before = try await record(actor)
        try Self.demandOwnLevel(actor, before)
        guard before.hasSecondFactor else { throw .noSecondFactor }
        let codes = RecoveryCode.makeSet(entropy)
        let verifiers = try await verifiers(codes, actor)
        let notices = before.notified.map { mails.recoveryCodesReplaced($0, occasion: occasion) }
        let (now, replaced) = (clock.now, event(.userUpdated, actor, reason: .recoveryCodesReplaced))
        try await write(actor) { record, transaction -> AccountOutcome<Void> in
            guard record.hasSecondFactor else { return .refused(.noSecondFactor) }
            try transaction.replaceRecoveryCodes(of: actor.account, with: verifiers, at: now)
            for notice in notices { try transaction.enqueue(mail: notice) }
            try transaction.record(replaced)
            return .done(())
        }
        return codes
    }

    private func acceptedStep(
        _ actor: AccountActor, factor: FactorID, code: SecretString, at now: Timestamp
    ) async throws(AccountError) -> Int64 {
        let found: PendingFactor?
        do {
            found = try await store.read { transaction in
                try transaction.pendingFactor(
                    factor, of: actor.account, notBefore: now - FactorPolicy.enrolmentLifetime)
            }
        } catch {
            throw AccountError(error)
        }
        guard let found, let secret = TOTPSecret(bytes: found.secret) else { throw .factorNotFound }
        guard let step = TOTP.acceptedStep(code: code, secret: secret, at: now, after: nil) else { throw .codeMismatch }
        return step
    }

    /// Ten hashes one after the other: a person waits a second, and others get their turns in between.
    ///
    /// In the strangers'
    /// queue, because nobody waits for them at a closed door, and a few sets a day.
    private func verifiers(
        _ codes: [RecoveryCode], _ actor: AccountActor, enrols: Bool = false
    ) async throws(AccountError) -> [SecretString] {
        guard !codes.isEmpty else { return [] }
        let (now, ledger) = (clock.now, ledger)
        try await write(actor, enrols: enrols) { record, transaction -> AccountOutcome<Void> in
            let wait = try ledger.chargeRecoveryCodeSet(record.email, transaction, at: now)
            if let wait { return .refused(.throttled(retryAfter: wait)) }
            return .done(())
        }
        var verifiers: [SecretString] = []
        for code in codes { verifiers.append(try await hash(code.secret, lane: .stranger)) }
        return verifiers
    }
}

extension EventReason {
    /// All recovery codes were made anew.
    static let recoveryCodesReplaced = EventReason("recovery_codes.replaced")
}
