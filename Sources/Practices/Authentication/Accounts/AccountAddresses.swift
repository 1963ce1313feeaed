import BucklerPrimitives
import BucklerSecurityEvents

extension AccountService {
    /// Asks for a further address: a code goes there, and nothing is changed before it was typed.
    ///
    /// The answer is the same whether or not the address has an account; the mail says it to the mailbox alone (PD-10). A
    /// session is not enough: the second factor was shown within `AccountContacts.freshness`, or, by an account without
    /// one, the password is shown with the request.
    package func requestAddress(
        _ actor: AccountActor, _ address: Email, for purpose: AccountContacts.Purpose, password: SecretString? = nil
    ) async throws(AccountError) {
        let before = try await record(actor)
        let charge = try await demandFresh(actor, before, password)
        let (now, ledger) = (clock.now, ledger)
        let code = Self.code(entropy)
        let asked = event(
            .userUpdated, actor, reason: .addressAsked,
            details: [.word("purpose", purpose == .primary ? "primary" : "notify")])
        try await write(actor) { [self] record, transaction -> AccountOutcome<Void> in
            // Judged again by what is there now: what was shown was shown for that password or that factor.
            guard record.passwordVerifier == before.passwordVerifier, record.hasSecondFactor == before.hasSecondFactor
            else { throw StoreError.conflict }
            if let charge { try ledger.refund(charge, transaction) }
            guard address != record.email, purpose == .primary || address != record.contacts.second else {
                return .refused(.addressInUse)
            }
            if let wait = try refusal(of: purpose, record, transaction, at: now) {
                return .refused(.tooManyAddresses(retryAfter: wait))
            }
            let isTaken = try transaction.findAccount(address) != nil && purpose == .primary
            let isQueued = try mail(code, to: address, isTaken: isTaken, transaction, at: now)
            var contacts = record.contacts.current(at: now)
            contacts.pending = AccountContacts.Pending(
                email: address, purpose: purpose, code: isQueued && !isTaken ? code : nil, startedAt: now)
            try transaction.setContacts(contacts, address: nil, of: record)
            try transaction.record(asked)
            return .done(())
        }
    }

    /// Types the code of the address that waits: it is the account's, or its second one, from the commit on.
    package func confirmAddress(_ actor: AccountActor, code: SecretString) async throws(AccountError) {
        let now = clock.now
        let wrong = event(.authorizationFail, actor, reason: .addressCodeMismatch)
        let changed = event(.userUpdated, actor, reason: .addressChanged)
        let added = event(.userUpdated, actor, reason: .secondAddressAdded)
        let cancelled = event(.recovery, actor, reason: .holdCancelledBySession)
        try await write(actor) { [self] record, transaction -> AccountOutcome<Void> in
            guard var pending = record.contacts.pending, pending.isOpen(at: now) else {
                return .refused(.noAddressPending)
            }
            guard Self.isRight(code, pending) else {
                pending.wrongAnswers += 1
                var contacts = record.contacts
                contacts.pending = pending.wrongAnswers < AccountContacts.maximumWrongAnswers ? pending : nil
                try transaction.setContacts(contacts, address: nil, of: record)
                try transaction.record(wrong)
                return .refused(.addressCodeMismatch)
            }
            switch pending.purpose {
            case .notify: try addSecond(pending.email, to: record, at: now, transaction)
            case .primary:
                try changeAddress(of: record, to: pending.email, at: now, transaction)
                try endHold(of: record, cancelled, at: now, transaction)
            }
            try transaction.record(pending.purpose == .notify ? added : changed)
            return .done(())
        }
    }

    /// Removes the second address; both are told.
    package func removeSecondAddress(_ actor: AccountActor) async throws(AccountError) {
        let (now, mails, occasion) = (clock.now, mails, occasion)
        let removed = event(.userUpdated, actor, reason: .secondAddressRemoved)
        try await write(actor) { record, transaction -> AccountOutcome<Void> in
            guard record.contacts.second != nil else { return .refused(.noSecondAddress) }
            if record.hasSecondFactor, !actor.isFresh(at: now) { return .refused(.stale) }
            var contacts = record.contacts.current(at: now)
            contacts.second = nil
            try transaction.setContacts(contacts, address: nil, of: record)
            for address in record.notified {
                try transaction.enqueue(mail: mails.secondAddressRemoved(address, occasion: occasion))
            }
            try transaction.record(removed)
            return .done(())
        }
    }
}

extension AccountService {
    /// Refuses whoever has nothing but a session; answers the charge for a password that was right.
    private func demandFresh(
        _ actor: AccountActor, _ record: AccountRecord, _ password: SecretString?
    ) async throws(AccountError) -> GuessingLedger.PasswordCharge? {
        try Self.demandOwnLevel(actor, record)
        if record.hasSecondFactor {
            guard actor.isFresh(at: clock.now) else { throw .stale }
            return nil
        }
        guard let password else { throw .passwordRequired }
        let charge = try await charge(actor, record)
        try await verify(password, record, actor, charge)
        return charge
    }

    /// How long to wait before one more address may be asked for; nil if it may be now.
    private func refusal(
        of purpose: AccountContacts.Purpose, _ record: AccountRecord, _ transaction: any AuthenticationTransaction,
        at now: Timestamp
    ) throws -> Duration? {
        let formers = record.contacts.current(at: now).formers
        if purpose == .primary, formers.count >= AccountContacts.maximumFormers,
            !formers.contains(where: { $0.email == record.email })
        {
            return formers.map { $0.expiresAt - now }.min()
        }
        return try ledger.chargeNewAddress(of: record.id, transaction, at: now)
    }

    /// Queues the code, or the news that the address is taken; false if the mailbox has had enough.
    ///
    /// Whose mailbox it is, nobody knows yet: the budgets and the rank are those of strangers.
    private func mail(
        _ code: SecretString, to address: Email, isTaken: Bool, _ transaction: any AuthenticationTransaction,
        at now: Timestamp
    ) throws -> Bool {
        guard try ledger.chargeMail(address, .stranger, transaction, at: now),
            try transaction.hasRoom(for: .strangers, limit: ledger.policy.waitingMailsOfStrangers)
        else { return false }
        try transaction.enqueue(
            mail: isTaken
                ? mails.addressTaken(address, occasion: occasion)
                : mails.confirmAddress(address, code: code, occasion: occasion),
            rank: .strangers, expiresAt: now + SignInFlow.lifetime)
        return true
    }

    private func addSecond(
        _ address: Email, to record: AccountRecord, at now: Timestamp, _ transaction: any AuthenticationTransaction
    ) throws {
        var contacts = record.contacts.current(at: now)
        contacts.pending = nil
        contacts.second = address
        try transaction.setContacts(contacts, address: nil, of: record)
        for recipient in [record.email, address] {
            try transaction.enqueue(mail: mails.secondAddressAdded(recipient, occasion: occasion))
        }
        guard let replaced = record.contacts.second else { return }
        try transaction.enqueue(mail: mails.secondAddressReplaced(replaced, occasion: occasion))
    }

    /// Every address that the account has or had within 7 days is told; the former ones until when they can undo it.
    private func changeAddress(
        of record: AccountRecord, to address: Email, at now: Timestamp, _ transaction: any AuthenticationTransaction
    ) throws {
        var contacts = record.contacts.current(at: now)
        contacts.pending = nil
        if contacts.second == address { contacts.second = nil }
        contacts.note(AccountContacts.Former(email: record.email, replacedAt: now))
        guard contacts.formers.count <= AccountContacts.maximumFormers else { throw StoreError.conflict }
        try transaction.setContacts(contacts, address: address, of: record)
        for recipient in [address] + (contacts.second.map { [$0] } ?? []) {
            try transaction.enqueue(mail: mails.addressChanged(recipient, occasion: occasion))
        }
        for former in contacts.formers where former.email != address && former.email != contacts.second {
            try transaction.enqueue(
                mail: mails.addressReplaced(former.email, until: former.expiresAt, occasion: occasion))
        }
    }

    /// A recovery was asked for with the mailbox that is no longer the account's: it ends with it.
    private func endHold(
        of record: AccountRecord, _ cancelled: SecurityEvent, at now: Timestamp,
        _ transaction: any AuthenticationTransaction
    ) throws {
        guard let hold = record.hold else { return }
        guard try transaction.replaceHold(hold, by: nil, of: record.id) else { throw StoreError.conflict }
        guard hold.phase(at: now) != .lapsed else { return }
        for address in record.everybody(at: now) {
            try transaction.enqueue(mail: mails.recoveryCancelled(address, occasion: occasion))
        }
        try transaction.record(cancelled)
    }

    private static func isRight(_ typed: SecretString, _ pending: AccountContacts.Pending) -> Bool {
        guard let code = pending.code else { return false }
        return ConstantTime.equal(CodeLetters.canonical(code), CodeLetters.canonical(typed))
    }

    /// `XXXX-XXXX`, 40 bits: a short code would let an account of one's own be a ticket in a lottery for others' addresses.
    private static func code(_ entropy: Entropy) -> SecretString {
        let letters = CodeLetters.letters(entropy.bytes(8))
        return SecretString(String(decoding: letters[..<4] + [UInt8(ascii: "-")] + letters[4...], as: UTF8.self))
    }
}

extension AccountActor {
    /// True if the person authenticated within `AccountContacts.freshness`, the end included.
    func isFresh(at now: Timestamp) -> Bool {
        authenticatedAt.map { now <= $0 + AccountContacts.freshness } ?? false
    }
}

extension AccountError {
    /// The refusal of a session whose second factor was shown too long ago.
    static let stale = AccountError.staleAuthentication(.two, maximumAge: AccountContacts.freshness)
}

extension EventReason {
    static let addressAsked = EventReason("address.asked")
    static let addressCodeMismatch = EventReason("address.code_mismatch")
    static let addressChanged = EventReason("address.changed")
    static let secondAddressAdded = EventReason("address.second_added")
    static let secondAddressRemoved = EventReason("address.second_removed")
    static let addressRestored = EventReason("address.restored")
    static let addressNotRestored = EventReason("address.not_restored")
}
