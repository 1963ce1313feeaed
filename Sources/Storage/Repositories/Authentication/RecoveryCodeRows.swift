import Authentication
import BucklerPrimitives
import DataProtection

extension AuthenticationSQLTransaction {
    func replaceRecoveryCodes(
        of account: AccountID, with verifiers: [SecretString], at now: Timestamp
    ) throws(StoreError) {
        let row = try accountRow(account)
        var state = row.state
        state.recoverySet += 1
        state.recoveryCodeCount = verifiers.count
        try connection.execute("DELETE FROM recovery_code WHERE account_id = \(account)")
        for (position, verifier) in verifiers.enumerated() {
            let context = Self.codeContext(account, position, state.recoverySet)
            let sealed = verifier.withExposedBytes { keys.password.seal($0, context: context, entropy: entropy) }
            try connection.execute(
                """
                INSERT INTO recovery_code (account_id, position, code_set, verifier_sealed, spent_at)
                VALUES (\(account), \(position), \(state.recoverySet), \(sealed), NULL)
                """)
        }
        try updateState(state, of: account, from: row)
    }

    func recoveryCode(of account: AccountID, index: Int) throws(StoreError) -> RecoveryCodeRecord? {
        let rows = try connection.query(
            """
            SELECT account.state_sealed, recovery_code.code_set, recovery_code.verifier_sealed
            FROM recovery_code JOIN account ON account.id = recovery_code.account_id
            WHERE recovery_code.account_id = \(account) AND recovery_code.position = \(index)
                AND recovery_code.spent_at IS NULL
            """)
        guard let row = rows.first else { return nil }
        let set = try row.integer(1)
        guard try openedState(row.blob(0), account).recoverySet == set,
            let opened = try? keys.password.open(row.blob(2), context: Self.codeContext(account, index, set))
        else { throw tampered(.recoveryCode, account) }
        let verifier = SecretString(opened.withExposedBytes { String(decoding: $0, as: UTF8.self) })
        return RecoveryCodeRecord(index: index, verifier: verifier, set: set)
    }

    func spendRecoveryCode(
        _ code: RecoveryCodeRecord, of account: AccountID, at now: Timestamp
    ) throws(StoreError) -> Bool {
        try connection.execute(
            """
            UPDATE recovery_code SET spent_at = \(now), verifier_sealed = \([UInt8]())
            WHERE account_id = \(account) AND position = \(code.index) AND code_set = \(code.set) AND spent_at IS NULL
            """) == 1
    }

    /// Seals an account's codes anew under the present root key; rows that do not open stay as they are.
    func moveRecoveryCodes(of account: AccountID) throws(StoreError) {
        let rows = try connection.query(
            """
            SELECT position, code_set, verifier_sealed FROM recovery_code
            WHERE account_id = \(account) AND spent_at IS NULL
            """)
        for row in rows {
            let position = Int(try row.integer(0))
            let context = Self.codeContext(account, position, try row.integer(1))
            guard let opened = try? keys.password.open(try row.blob(2), context: context) else { continue }
            let sealed = opened.withExposedBytes { keys.password.seal($0, context: context, entropy: entropy) }
            try connection.execute(
                """
                UPDATE recovery_code SET verifier_sealed = \(sealed)
                WHERE account_id = \(account) AND position = \(position)
                """)
        }
    }

    /// The rows of an account's codes, not yet checked: the set, and whether it is spent.
    func recoveryCodeRows(_ account: AccountID) throws(StoreError) -> [(set: Int64, isSpent: Bool)] {
        var result: [(set: Int64, isSpent: Bool)] = []
        for row in try connection.query("SELECT code_set, spent_at FROM recovery_code WHERE account_id = \(account)") {
            result.append((try row.integer(0), !row.isNull(1)))
        }
        return result
    }

    /// How many codes are left; `.tampered` if rows are missing, added or of another set.
    func recoveryCodesLeft(
        _ rows: [(set: Int64, isSpent: Bool)], of account: AccountID, _ state: AccountState
    ) throws(StoreError) -> Int {
        guard rows.count == state.recoveryCodeCount, rows.allSatisfy({ $0.set == state.recoverySet }) else {
            throw tampered(.recoveryCode, account)
        }
        return rows.count { !$0.isSpent }
    }

    private static func codeContext(_ account: AccountID, _ position: Int, _ set: Int64) -> [UInt8] {
        let number = withUnsafeBytes(of: set.bigEndian) { Array($0) }
        return RowContext(
            table: "recovery_code", column: "verifier_sealed", owner: account.bytes + [UInt8(position)] + number
        ).bytes
    }
}
