import Authentication
import BucklerPrimitives

extension AuthenticationSQLTransaction {
    func replaceHold(
        _ current: RecoveryHold?, by hold: RecoveryHold?, of account: AccountID
    ) throws(StoreError) -> Bool {
        let row = try accountRow(account)
        guard row.state.hold == current else { return false }
        var state = row.state
        state.hold = hold
        try updateState(state, of: account, from: row)
        return true
    }

    func setAftermath(_ aftermath: RecoveryAftermath?, of account: AccountID) throws(StoreError) {
        let row = try accountRow(account)
        guard row.state.aftermath != aftermath else { return }
        var state = row.state
        state.aftermath = aftermath
        try updateState(state, of: account, from: row)
    }

    func completeRecovery(
        _ hold: RecoveryHold, of account: AccountID, verifier: SecretString, class passwordClass: PasswordClass,
        at now: Timestamp
    ) throws(StoreError) {
        let row = try accountRow(account)
        guard row.state.hold == hold else { throw .conflict }
        var state = row.state
        state.passwordClass = passwordClass
        state.passwordGeneration += 1
        state.factors = []
        state.recoverySet += 1
        state.recoveryCodeCount = 0
        state.hold = nil
        state.aftermath = RecoveryAftermath(recoveredAt: now, factorRequired: true)
        guard state.isAllowed else { throw .conflict }
        let changed = try connection.execute(
            """
            UPDATE account SET password_sealed = \(sealedPassword(verifier, account)),
                state_sealed = \(sealedState(state, account)), password_changed_at = \(now)
            WHERE id = \(account) AND password_sealed = \(row.passwordSealed) AND state_sealed = \(row.stateSealed)
            """)
        guard changed == 1 else { throw .conflict }
        // The sealed state decided; these rows count for nothing from here on.
        try connection.execute("DELETE FROM factor WHERE account_id = \(account)")
        try connection.execute("DELETE FROM recovery_code WHERE account_id = \(account)")
    }
}
