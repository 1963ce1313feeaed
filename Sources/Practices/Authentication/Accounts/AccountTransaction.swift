import BucklerJOSE
import BucklerPrimitives

/// Rows of accounts, factors, recovery codes and known devices inside one transaction.
///
/// Every method checks what it reads (PD-11): a sealed value, keyed row or missing row that does not fit throws
/// `StoreError.tampered`, and the repository reports it after the rollback.
package protocol AccountTransaction {
    /// The account of a proven address; nil if there is none. Looked up by blind index, then the sealed address is
    /// opened and compared. The same statements run for known and unknown addresses.
    func findAccount(_ email: Email) throws(StoreError) -> AccountRecord?

    /// The account whose address this was before a change that can still be undone at `now`; nil if there is none. The
    /// same statements run for every address.
    func findAccount(formerly email: Email, at now: Timestamp) throws(StoreError) -> AccountRecord?

    /// Replaces what the account knows beside its address, and the address itself if one is given. Succeeds only for the
    /// account as `record` was read; `.conflict` otherwise, or if the address has an account already (the UNIQUE blind
    /// index decides a race).
    func setContacts(_ contacts: AccountContacts, address: Email?, of record: AccountRecord) throws(StoreError)

    /// Accounts with addresses that waited for a code, or could undo a change, until `now`.
    func accountsWithOldContacts(at now: Timestamp, limit: Int) throws(StoreError) -> [AccountID]

    /// Forgets such addresses of one account.
    func forgetOldContacts(of account: AccountID, at now: Timestamp) throws(StoreError)

    /// The account with this identifier; nil if there is none.
    func account(_ id: AccountID) throws(StoreError) -> AccountRecord?

    /// Makes an account, with its first factor if it has one; `.conflict` if the address has one already (the UNIQUE
    /// blind index decides a race), or if a short password would stand alone.
    func createAccount(_ account: NewAccount, at now: Timestamp) throws(StoreError)

    /// Replaces the password. Fails with `.conflict` if `current` is given and is no longer the stored verifier, so
    /// that a slow hash never overwrites a newer change.
    func setPassword(
        _ id: AccountID, verifier: SecretString, class passwordClass: PasswordClass, replacing current: SecretString?,
        at now: Timestamp
    ) throws(StoreError)

    /// Replaces the verifier of the same password by one under newer parameters; false if it changed meanwhile.
    @discardableResult
    func rehashPassword(
        _ id: AccountID, verifier: SecretString, replacing current: SecretString
    ) throws(StoreError) -> Bool

    /// Begins an enrolment; it counts for nothing until it is confirmed. Replaces the account's older pending ones.
    func addPendingFactor(_ factor: PendingFactor, to account: AccountID) throws(StoreError)

    /// The pending enrolment with this identifier, begun at `notBefore` or later; nil if there is none.
    func pendingFactor(
        _ id: FactorID, of account: AccountID, notBefore: Timestamp
    ) throws(StoreError) -> PendingFactor?

    /// Turns a pending enrolment into a factor and adds it to the sealed list; false if it is gone. A recovery demands none
    /// any more.
    func confirmFactor(_ id: FactorID, of account: AccountID, step: Int64, at now: Timestamp) throws(StoreError) -> Bool

    /// Removes a factor from the list and its row; false if it is not in the list.
    func removeFactor(_ id: FactorID, of account: AccountID) throws(StoreError) -> Bool

    /// Notes that the code of `step` was used; true for exactly one caller per step, and never again for an older one.
    func acceptTOTPStep(account: AccountID, factor: FactorID, step: Int64) throws(StoreError) -> Bool

    /// Replaces all recovery codes of the account by these verifiers (index = position); an empty list removes them.
    func replaceRecoveryCodes(
        of account: AccountID, with verifiers: [SecretString], at now: Timestamp
    ) throws(StoreError)

    /// The unspent recovery code at `index`; nil if there is none. One statement for known and unknown accounts.
    func recoveryCode(of account: AccountID, index: Int) throws(StoreError) -> RecoveryCodeRecord?

    /// Spends a recovery code; true for exactly one caller. Its verifier is destroyed with it.
    func spendRecoveryCode(
        _ code: RecoveryCodeRecord, of account: AccountID, at now: Timestamp
    ) throws(StoreError) -> Bool

    /// Puts `hold` in the place of `current`; true for exactly one caller, false if another hold stands there.
    func replaceHold(
        _ current: RecoveryHold?, by hold: RecoveryHold?, of account: AccountID
    ) throws(StoreError) -> Bool

    /// Notes what a recovery leaves behind, or that nothing is left of it.
    func setAftermath(_ aftermath: RecoveryAftermath?, of account: AccountID) throws(StoreError)

    /// Completes a recovery whose hold is over: one statement sets the password, takes away every factor, the recovery
    /// codes and the hold, and succeeds only while `hold` stands there. `.conflict` otherwise.
    func completeRecovery(
        _ hold: RecoveryHold, of account: AccountID, verifier: SecretString, class passwordClass: PasswordClass,
        at now: Timestamp
    ) throws(StoreError)

    /// True if this device key completed a sign-in for the account within the last 90 days.
    func isKnownDevice(_ key: JWKThumbprint, of account: AccountID, at now: Timestamp) throws(StoreError) -> Bool

    /// Makes every other device key a stranger to the account again.
    func forgetDevices(of account: AccountID, except key: JWKThumbprint) throws(StoreError)

    /// Notes that this device key completed a sign-in for the account.
    func rememberDevice(_ key: JWKThumbprint, of account: AccountID, at now: Timestamp) throws(StoreError)
}
