import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import Sessions

extension SessionSQLTransaction {
    func passwordGeneration(of account: AccountID) throws -> Int64? {
        let rows = try connection.query("SELECT state_sealed FROM account WHERE id = \(account)")
        guard let row = rows.first else { return nil }
        guard
            let opened = try? stateSeal.open(row.blob(0), context: AuthenticationSQLTransaction.stateContext(account)),
            let state = opened.withExposedBytes({ AccountState(decoding: $0) })
        else { throw StoreError.tampered(table: "account") }
        return state.passwordGeneration
    }
}

extension AuthenticationSQLTransaction: SessionEndingTransaction {
    func endSessions(
        of account: AccountID, except kept: SessionID?, reason: AccountSignOutReason, origin: EventOrigin,
        at now: Timestamp
    ) throws -> AccountSignOut {
        let sessions = SessionSQLTransaction(
            connection: connection, accountKeys: accountKeys, names: sealer, stateSeal: keys.state,
            verifier: keys.verifier)
        let selection = kept.map { SessionSelection.others(account, keeping: $0) } ?? .account(account)
        let endings = try sessions.end(selection, reason: SessionEndReason(reason), at: now)
        // Running sessions were just ended by id; a sign-in of this very instant comes after it.
        if kept == nil { try sessions.setNotBefore(now - .milliseconds(1), account: account) }
        for ending in endings { try record(ending.event(origin: origin, entropy)) }
        return AccountSignOut(
            account: account, kept: kept, sessions: endings.map(\.session), reason: reason, at: now)
    }
}
