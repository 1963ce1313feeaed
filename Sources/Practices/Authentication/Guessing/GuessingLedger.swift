import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// Charges budgets inside a transaction, before anything slow or secret is looked at.
///
/// Charging first means that a thousand simultaneous guesses see one another: each holds its place in the budget before
/// its password is hashed. What turns out to be no failure is given back. A refused attempt was not evaluated and leaves
/// the lane's counters as they were; it counts for its source.
struct GuessingLedger: Sendable {
    /// What came of asking for a place.
    enum Admission: Sendable, Hashable {
        /// Go on; `lane` decides the turn of the password threads.
        case admitted(PasswordCharge)
        case wait(Duration)
        case askForProof
    }

    /// Which counters hold one password attempt.
    struct PasswordCharge: Sendable, Hashable {
        let lane: GuessingLane
        let keys: [BudgetKey]
    }

    /// A source that has had enough for now.
    struct SourceRefusal: Sendable, Hashable {
        let retryAfter: Duration
        /// True for the attempt that went over the limit, false for those after it.
        let isFirst: Bool
    }

    let policy: GuessingPolicy
    let keys: BudgetKeys
    let memory = GuessMemory()

    init(policy: GuessingPolicy, keys: BudgetKeys) {
        self.policy = policy
        self.keys = keys
    }

    /// Charges one attempt to its source; nil if it may go on.
    func chargeSource(
        _ source: SourceAddress, _ email: Email, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> SourceRefusal? {
        let prefix = source.prefix
        let attempts = try transaction.chargeBudget(keys.source(prefix), window: .fixed(.minutes(1)), at: now)
        // Before anything is noted about the address: a refused attempt must not make it one that was tried already.
        if attempts.count > policy.sourceAttemptsPerMinute {
            return SourceRefusal(
                retryAfter: attempts.expiresAt - now, isFirst: attempts.count == policy.sourceAttemptsPerMinute + 1)
        }
        let pairKey = keys.sourceAddress(prefix, email)
        let pair = try transaction.chargeBudget(pairKey, window: .fixed(.minutes(10)), at: now)
        guard pair.count == 1 else { return nil }
        let addresses = try transaction.chargeBudget(
            keys.sourceAddresses(prefix), window: .fixed(.minutes(10)), at: now)
        guard addresses.count > policy.sourceAddresses else { return nil }
        try transaction.undoCharge(pairKey, pair, window: .fixed(.minutes(10)))
        return SourceRefusal(
            retryAfter: addresses.expiresAt - now, isFirst: addresses.count == policy.sourceAddresses + 1)
    }

    /// Asks for a place for one password attempt.
    func chargePassword(
        _ email: Email, device: JWKThumbprint, isKnown: Bool, wasProven: Bool, _ transaction: any FlowTransaction,
        at now: Timestamp
    ) throws(StoreError) -> Admission {
        if isKnown, let charge = try chargeKnownDevice(email, device, transaction, at: now) { return .admitted(charge) }
        // Something was shown that cannot be guessed: five tries of this flow are left, no lane is charged.
        if wasProven { return .admitted(PasswordCharge(lane: .stranger, keys: [])) }
        let key = keys.strangers(email)
        let reading = try transaction.chargeBudget(key, window: .sliding(GuessingPolicy.memory), at: now)
        switch policy.stranger(failures: reading.count - 1, lastAttempt: reading.previousAt, at: now) {
        case .evaluate: return .admitted(PasswordCharge(lane: .stranger, keys: [key]))
        case .wait(let duration):
            try transaction.undoCharge(key, reading, window: .sliding(GuessingPolicy.memory))
            return .wait(duration)
        case .askForProof:
            try transaction.undoCharge(key, reading, window: .sliding(GuessingPolicy.memory))
            return .askForProof
        }
    }

    /// True if the password would not be looked at now, so that a proof comes first: strangers have used up the address's
    /// budget, or have to wait.
    func demandsProof(
        _ email: Email, device: JWKThumbprint, isKnown: Bool, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> Bool {
        let strangers = try transaction.budget(keys.strangers(email), at: now)
        let own = try transaction.budget(keys.knownDevice(email, device), at: now)?.count ?? 0
        let known = try transaction.budget(keys.knownDevices(email), at: now)?.count ?? 0
        if isKnown, policy.knownDevice(failures: own, ofAllKnownDevices: known) { return false }
        return policy.stranger(failures: strangers?.count ?? 0, lastAttempt: strangers?.previousAt, at: now)
            != .evaluate
    }

    /// Charges one evaluated code; nil if it may go on, else how long to wait.
    func chargeCode(_ key: BudgetKey, _ transaction: any FlowTransaction, at now: Timestamp) throws(StoreError)
        -> Duration?
    {
        let reading = try transaction.chargeBudget(key, window: .fixed(.hours(24)), at: now)
        // Rows can be put back, the memory of this process cannot.
        guard max(reading.count, memory.count(of: key, at: now) + 1) > policy.codesPerDay else { return nil }
        try transaction.undoCharge(key, reading, window: .fixed(.hours(24)))
        return reading.expiresAt - now
    }

    /// Charges one mail; false if the address has had enough for now.
    ///
    /// The answer to the request must not tell.
    func chargeMail(
        _ email: Email, _ lane: GuessingLane, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> Bool {
        let hourKey = keys.mailsOfHour(email, strangers: lane == .stranger)
        let dayKey = keys.mailsOfDay(email, strangers: lane == .stranger)
        let hour = try transaction.chargeBudget(hourKey, window: .fixed(.hours(1)), at: now)
        let day = try transaction.chargeBudget(dayKey, window: .fixed(.hours(24)), at: now)
        if hour.count <= policy.mailsPerHour, day.count <= policy.mailsPerDay { return true }
        try transaction.undoCharge(hourKey, hour, window: .fixed(.hours(1)))
        try transaction.undoCharge(dayKey, day, window: .fixed(.hours(24)))
        return false
    }

    /// Takes one of the minute's turns of a known device in its own lane; false if it has had enough of them.
    ///
    /// What turned out right is counted too: somebody with an account of their own must not fill the lane of others.
    func takeTurn(
        _ email: Email, _ device: JWKThumbprint, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> Bool {
        let own = try transaction.chargeBudget(keys.turns(email, device), window: .fixed(.minutes(1)), at: now)
        let all = try transaction.chargeBudget(keys.turns(email), window: .fixed(.minutes(1)), at: now)
        return own.count <= policy.knownDeviceTurnsPerMinute && all.count <= policy.knownDevicesTurnsPerMinute
    }

    /// Charges a new set of recovery codes; nil if it may be made, else how long to wait.
    func chargeRecoveryCodeSet(
        _ email: Email, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> Duration? {
        let key = keys.recoveryCodeSets(email)
        let reading = try transaction.chargeBudget(key, window: .fixed(.hours(24)), at: now)
        guard reading.count > policy.recoveryCodeSetsPerDay else { return nil }
        try transaction.undoCharge(key, reading, window: .fixed(.hours(24)))
        return reading.expiresAt - now
    }

    /// Charges a further address; nil if it may be asked for, else how long to wait.
    func chargeNewAddress(
        of account: AccountID, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> Duration? {
        let key = keys.newAddresses(account)
        let reading = try transaction.chargeBudget(key, window: .fixed(.hours(24)), at: now)
        guard reading.count > policy.newAddressesPerDay else { return nil }
        try transaction.undoCharge(key, reading, window: .fixed(.hours(24)))
        return reading.expiresAt - now
    }

    /// True for the first refusal of this kind within an hour: it is an event, those that follow would only fill the record.
    func isFirstRefusal(
        _ subject: [UInt8], _ reason: EventReason, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> Bool {
        try transaction.chargeBudget(keys.refusals(subject, reason.text), window: .fixed(.hours(1)), at: now).count == 1
    }

    /// Gives back what turned out to be no failure.
    func refund(_ charge: PasswordCharge, _ transaction: any FlowTransaction) throws(StoreError) {
        for key in charge.keys { try transaction.refundBudget(key) }
    }

    /// A sign-in was completed: failures before it no longer count.
    func clear(_ email: Email, device: JWKThumbprint, _ transaction: any FlowTransaction) throws(StoreError) {
        try transaction.clearBudgets([
            keys.strangers(email), keys.knownDevice(email, device), keys.knownDevices(email),
        ])
    }

    private func chargeKnownDevice(
        _ email: Email, _ device: JWKThumbprint, _ transaction: any FlowTransaction, at now: Timestamp
    ) throws(StoreError) -> PasswordCharge? {
        guard try takeTurn(email, device, transaction, at: now) else { return nil }
        let ownKey = keys.knownDevice(email, device)
        let allKey = keys.knownDevices(email)
        let own = try transaction.chargeBudget(ownKey, window: .sliding(GuessingPolicy.memory), at: now)
        let all = try transaction.chargeBudget(allKey, window: .sliding(GuessingPolicy.memory), at: now)
        if policy.knownDevice(failures: own.count - 1, ofAllKnownDevices: all.count - 1) {
            return PasswordCharge(lane: .knownDevice, keys: [ownKey, allKey])
        }
        try transaction.undoCharge(ownKey, own, window: .sliding(GuessingPolicy.memory))
        try transaction.undoCharge(allKey, all, window: .sliding(GuessingPolicy.memory))
        return nil
    }
}
