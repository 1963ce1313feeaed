import BucklerPrimitives
import BucklerSecurityEvents

/// What a person sees of their own account.
package struct AccountOverview: Sendable {
    /// The account's identifier.
    package let id: AccountID
    /// Its proven address.
    package let email: Email
    /// Confirmed factors, oldest first.
    package let factors: [FactorOverview]
    /// What the password may be used for.
    package let passwordClass: PasswordClass
    /// Saved recovery codes that are not spent.
    package let recoveryCodesLeft: Int
    /// A recovery that somebody with the mailbox asked for, and that any live session may end.
    package let recovery: RecoveryHold?
    /// The second address for notices.
    package let secondAddress: Email?
    /// The address that waits for its code, and what it is for.
    package let pendingAddress: AccountContacts.Pending?
    /// True if a recovery took the second factor's place: a factor must be enrolled.
    package let factorRequired: Bool

    init(_ record: AccountRecord, at now: Timestamp) {
        id = record.id
        email = record.email
        factors = record.factors.map { FactorOverview(id: $0.id, kind: $0.kind, createdAt: $0.createdAt) }
        passwordClass = record.passwordClass
        recoveryCodesLeft = record.recoveryCodesLeft
        recovery = record.pendingRecovery(at: now)
        factorRequired = record.factorRequired
        secondAddress = record.contacts.second
        pendingAddress = record.contacts.pending.flatMap { $0.isOpen(at: now) ? $0 : nil }
    }
}

/// A factor without its secret.
package struct FactorOverview: Sendable, Hashable {
    /// Its identifier.
    package let id: FactorID
    /// Of which kind.
    package let kind: FactorKindName
    /// When enrolment began.
    package let createdAt: Timestamp
}

/// What a signed-in person does with their account: look at it, change the password, add and remove factors, renew
/// recovery codes.
///
/// The verbs stand in files of their own. Every change commits together with its event and the mail that tells the
/// owner.
package struct AccountService: Sendable {
    let store: any AuthenticationStore
    let hasher: any PasswordHasher
    let policy: PasswordPolicy
    let mails: MailTemplates
    let sessions: any SessionEnder
    let qrCodes: any QRCodeRenderer
    let serviceName: MailHeaderText
    let ledger: GuessingLedger
    let clock: WallClock
    let entropy: Entropy

    /// Takes the ports, the policy and the names that people see.
    ///
    /// `throttleKey` is the key of guessing budgets, the same one that sign-in uses.
    package init(
        store: any AuthenticationStore, hasher: any PasswordHasher, policy: PasswordPolicy, serviceName: MailHeaderText,
        sessions: any SessionEnder, qrCodes: any QRCodeRenderer, guessing: GuessingPolicy, throttleKey: MACKey,
        clock: WallClock, entropy: Entropy
    ) {
        self.store = store
        self.hasher = hasher
        self.policy = policy
        self.serviceName = serviceName
        self.sessions = sessions
        self.qrCodes = qrCodes
        mails = MailTemplates(serviceName: serviceName)
        ledger = GuessingLedger(policy: guessing, keys: BudgetKeys(throttleKey))
        self.clock = clock
        self.entropy = entropy
    }

    /// The account as its owner sees it.
    package func overview(_ actor: AccountActor) async throws(AccountError) -> AccountOverview {
        AccountOverview(try await record(actor), at: clock.now)
    }

    /// The actor's account; `.unknownAccount` if it is gone.
    func record(_ actor: AccountActor) async throws(AccountError) -> AccountRecord {
        let found: AccountRecord?
        do { found = try await store.read { try $0.account(actor.account) } } catch { throw AccountError(error) }
        guard let found else { throw .unknownAccount }
        return found
    }

    /// Runs `body` on the account's present record in one transaction.
    ///
    /// Every change demands the account's own level, judged by that record; the enrolment that a recovery demands is open to
    /// the session of that recovery too. A refusal is returned, not thrown: the store
    /// knows no errors but its own.
    func write<Result: Sendable>(
        _ actor: AccountActor, enrols: Bool = false,
        _ body: @escaping @Sendable (AccountRecord, any AuthenticationTransaction) throws -> AccountOutcome<Result>
    ) async throws(AccountError) -> Result {
        let outcome: AccountOutcome<Result>
        do {
            outcome = try await store.write { transaction in
                guard let record = try transaction.account(actor.account) else { return .refused(.unknownAccount) }
                guard actor.level >= record.ownLevel || (enrols && actor.mayEnrolAfterRecovery(record)) else {
                    return .refused(.insufficientLevel(record.ownLevel))
                }
                return try body(record, transaction)
            }
        } catch {
            throw AccountError(error)
        }
        return try outcome.get()
    }

    /// Refuses a session that shows less than the account can do: a password alone must not remove the second factor.
    static func demandOwnLevel(_ actor: AccountActor, _ record: AccountRecord) throws(AccountError) {
        guard actor.level >= record.ownLevel else { throw .insufficientLevel(record.ownLevel) }
    }

    /// An event about the actor's account.
    func event(
        _ name: EventName, _ actor: AccountActor, reason: EventReason? = nil, details: [EventDetail] = []
    ) -> SecurityEvent {
        SecurityEvent(
            id: .random(entropy), name: name, reason: reason, at: clock.now, origin: actor.origin,
            account: actor.account, session: actor.session, device: actor.device, client: actor.client,
            details: details)
    }

    /// When and where, for a notice.
    var occasion: MailOccasion { MailOccasion(at: clock.now) }
}
