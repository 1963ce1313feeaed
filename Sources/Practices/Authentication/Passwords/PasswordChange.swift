import BucklerPrimitives
import BucklerSecurityEvents

extension AccountService {
    /// Replaces the password of a signed-in person.
    ///
    /// The new password is judged first, since that tells nobody anything; then the current one is compared inside the
    /// device's own guessing budget (PD-09). The change, the end of the other sessions, the events and the notice commit
    /// together; with the sessions their devices are strangers to the account again.
    package func changePassword(
        _ actor: AccountActor, current: SecretString, new: SecretString, endsOtherSessions: Bool
    ) async throws(AccountError) {
        let record = try await record(actor)
        try Self.demandOwnLevel(actor, record)
        let accepted = try accept(new, for: record)
        let charge = try await charge(actor, record)
        try await verify(current, record, actor, charge)
        let verifier = try await hash(accepted.text, lane: .knownDevice(of: record.id))
        let notices = record.notified.map { mails.passwordChanged($0, occasion: occasion) }
        let changed = event(.passwordChange, actor, details: [.word("ends_others", endsOtherSessions ? "yes" : "no")])
        let (now, ledger) = (clock.now, ledger)
        let signOut = try await write(actor) { _, transaction -> AccountOutcome<AccountSignOut?> in
            // Names the verifier that was compared, and the repository refuses a short password without a factor:
            // a race with another change or with a removal loses here.
            try transaction.setPassword(
                actor.account, verifier: verifier, class: accepted.passwordClass, replacing: record.passwordVerifier,
                at: now)
            try ledger.refund(charge, transaction)
            for notice in notices { try transaction.enqueue(mail: notice) }
            try transaction.record(changed)
            guard endsOtherSessions else { return .done(nil) }
            try transaction.forgetDevices(of: actor.account, except: actor.key)
            return .done(
                try transaction.endSessions(
                    of: actor.account, except: actor.session, reason: .passwordChanged, origin: actor.origin, at: now))
        }
        if let signOut { sessions.announce(signOut) }
    }

    /// Judges a new password for an account as it stands.
    private func accept(_ new: SecretString, for record: AccountRecord) throws(AccountError) -> AcceptedPassword {
        let context = PasswordContext(email: record.email, hasSecondFactor: record.hasSecondFactor)
        do {
            return try policy.evaluate(new, context: context)
        } catch let refusal as PasswordRefusal {
            throw .passwordRefused(refusal)
        } catch {
            throw .unavailable
        }
    }

    /// Takes a place in the device's guessing budget for one look at the current password.
    func charge(
        _ actor: AccountActor, _ record: AccountRecord
    ) async throws(AccountError) -> GuessingLedger.PasswordCharge {
        let (now, ledger) = (clock.now, ledger)
        return try await write(actor) { record, transaction -> AccountOutcome<GuessingLedger.PasswordCharge> in
            // The session's key completed a sign-in for this account: that is what "known" means.
            let admission = try ledger.chargePassword(
                record.email, device: actor.key, isKnown: true, wasProven: false, transaction, at: now)
            switch admission {
            case .admitted(let charge): return .done(charge)
            case .wait(let duration): return .refused(.throttled(retryAfter: duration))
            case .askForProof: return .refused(.throttled(retryAfter: ledger.policy.longestWait))
            }
        }
    }

    /// Compares the current password; gives the charge back only if nothing was looked at.
    func verify(
        _ current: SecretString, _ record: AccountRecord, _ actor: AccountActor, _ charge: GuessingLedger.PasswordCharge
    ) async throws(AccountError) {
        let isRight: Bool
        do {
            let result = try await hasher.verify(
                current, against: record.passwordVerifier,
                lane: charge.lane == .knownDevice ? .knownDevice(of: record.id) : .stranger)
            isRight = result != .mismatch
        } catch {
            switch error {
            case .length: isRight = false
            case .busy, .cancelled, .failed:
                // Nothing was looked at. If the store fails too, one attempt stays charged.
                let ledger = ledger
                try? await store.write { try ledger.refund(charge, $0) }
                throw .unavailable
            }
        }
        if isRight { return }
        let failed = event(.passwordChangeFail, actor, reason: .currentPasswordMismatch)
        do { try await store.write { try $0.record(failed) } } catch { throw AccountError(error) }
        throw .passwordMismatch
    }

    /// Hashes what was accepted.
    func hash(_ text: SecretString, lane: HasherLane) async throws(AccountError) -> SecretString {
        do { return try await hasher.hash(text, lane: lane) } catch { throw .unavailable }
    }
}

extension EventReason {
    /// The current password was wrong at a change.
    static let currentPasswordMismatch = EventReason("password.current_mismatch")
}
