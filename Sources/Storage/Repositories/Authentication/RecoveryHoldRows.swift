import Authentication
import BucklerPrimitives

extension AuthenticationSQLTransaction {
    func heldRecovery(of account: AccountID) throws(StoreError) -> HeldRecovery? {
        let rows = try connection.query(
            "SELECT requested_at, release_at, row_mac FROM recovery_hold WHERE account_id = \(account)")
        guard let row = rows.first else { return nil }
        let hold = HeldRecovery(requestedAt: try row.timestamp(0), releaseAt: try row.timestamp(1))
        guard ConstantTime.equal(mac(hold, account), try row.blob(2)) else { throw tampered(.recoveryHold, account) }
        return hold
    }

    func holdRecovery(
        of account: AccountID, until release: Timestamp, at now: Timestamp
    ) throws(StoreError) -> HeldRecovery {
        let hold = HeldRecovery(requestedAt: now, releaseAt: release)
        try connection.execute(
            """
            INSERT INTO recovery_hold (account_id, requested_at, release_at, row_mac)
            VALUES (\(account), \(now), \(release), \(mac(hold, account))) ON CONFLICT (account_id) DO NOTHING
            """)
        return try heldRecovery(of: account) ?? hold
    }

    func endRecoveryHold(of account: AccountID) throws(StoreError) -> Bool {
        try connection.execute("DELETE FROM recovery_hold WHERE account_id = \(account)") == 1
    }

    private func mac(_ hold: HeldRecovery, _ account: AccountID) -> [UInt8] {
        let instants = [hold.requestedAt, hold.releaseAt].map { instant in
            withUnsafeBytes(of: instant.milliseconds.bigEndian) { Array($0) }
        }
        return keys.verifier.tag("buckler recovery hold v1", account.bytes, instants[0], instants[1])
    }
}
