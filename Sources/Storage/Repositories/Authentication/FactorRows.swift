import Authentication
import BucklerPrimitives
import DataProtection

extension AuthenticationSQLTransaction {
    func addPendingFactor(_ factor: PendingFactor, to account: AccountID) throws(StoreError) {
        let dataKey = try dataKey(account)
        try connection.execute("DELETE FROM factor WHERE account_id = \(account) AND is_confirmed = 0")
        let sealed = factor.secret.withExposedBytes {
            sealer.seal($0, Self.secretContext(factor.id), dataKey: dataKey)
        }
        let row = FactorRow(
            id: factor.id, kind: factor.kind.rawValue, secretSealed: sealed, isConfirmed: false, lastStep: nil,
            createdAt: factor.createdAt, rowMAC: [])
        try connection.execute(
            """
            INSERT INTO factor (id, account_id, kind, secret_sealed, is_confirmed, last_step, created_at, row_mac)
            VALUES (\(row.id), \(account), \(row.kind), \(row.secretSealed), 0, NULL, \(row.createdAt),
                \(mac(row, account)))
            """)
    }

    func pendingFactor(
        _ id: FactorID, of account: AccountID, notBefore: Timestamp
    ) throws(StoreError) -> PendingFactor? {
        guard let row = try factorRow(id, of: account), !row.isConfirmed, row.createdAt >= notBefore else { return nil }
        let factor = try opened(row, of: account, dataKey(account))
        return PendingFactor(id: factor.id, kind: factor.kind, secret: factor.secret, createdAt: factor.createdAt)
    }

    func confirmFactor(
        _ id: FactorID, of account: AccountID, step: Int64, at now: Timestamp
    ) throws(StoreError) -> Bool {
        guard var row = try factorRow(id, of: account), !row.isConfirmed else { return false }
        row.isConfirmed = true
        row.lastStep = step
        let changed = try connection.execute(
            """
            UPDATE factor SET is_confirmed = 1, last_step = \(step), row_mac = \(mac(row, account))
            WHERE id = \(id) AND account_id = \(account) AND is_confirmed = 0
            """)
        guard changed == 1 else { return false }
        let accountRow = try accountRow(account)
        var state = accountRow.state
        state.factors.append(id)
        state.aftermath?.factorRequired = false
        try updateState(state, of: account, from: accountRow)
        return true
    }

    /// The row of an account's first factor, which its sealed list names already.
    func insertFactor(
        _ factor: NewFactor, of account: AccountID, _ dataKey: AccountDataKey, at now: Timestamp
    ) throws(StoreError) {
        let sealed = factor.secret.withExposedBytes {
            sealer.seal($0, Self.secretContext(factor.id), dataKey: dataKey)
        }
        let row = FactorRow(
            id: factor.id, kind: FactorKindName.totp.rawValue, secretSealed: sealed, isConfirmed: true,
            lastStep: factor.step, createdAt: now, rowMAC: [])
        try connection.execute(
            """
            INSERT INTO factor (id, account_id, kind, secret_sealed, is_confirmed, last_step, created_at, row_mac)
            VALUES (\(row.id), \(account), \(row.kind), \(row.secretSealed), 1, \(factor.step), \(now),
                \(mac(row, account)))
            """)
    }

    func removeFactor(_ id: FactorID, of account: AccountID) throws(StoreError) -> Bool {
        let row = try accountRow(account)
        guard row.state.factors.contains(id) else { return false }
        var state = row.state
        state.factors.removeAll { $0 == id }
        try updateState(state, of: account, from: row)
        // The list decides; a row that is missing already was reported by whoever read the account.
        try connection.execute("DELETE FROM factor WHERE id = \(id) AND account_id = \(account)")
        return true
    }

    func acceptTOTPStep(account: AccountID, factor: FactorID, step: Int64) throws(StoreError) -> Bool {
        guard var row = try factorRow(factor, of: account), row.isConfirmed else { return false }
        row.lastStep = step
        return try connection.execute(
            """
            UPDATE factor SET last_step = \(step), row_mac = \(mac(row, account))
            WHERE id = \(factor) AND account_id = \(account) AND is_confirmed = 1
                AND (last_step IS NULL OR last_step < \(step))
            """) == 1
    }
}

extension AuthenticationSQLTransaction {
    /// A factor's columns.
    struct FactorRow {
        let id: FactorID
        let kind: String
        let secretSealed: [UInt8]
        var isConfirmed: Bool
        var lastStep: Int64?
        let createdAt: Timestamp
        let rowMAC: [UInt8]
    }

    /// The confirmed rows of an account, oldest first, not yet checked.
    func confirmedFactorRows(_ account: AccountID) throws(StoreError) -> [FactorRow] {
        try rows(
            """
            SELECT id, kind, secret_sealed, is_confirmed, last_step, created_at, row_mac FROM factor
            WHERE account_id = \(account) AND is_confirmed = 1 ORDER BY created_at, id
            """)
    }

    /// Checks and opens an account's factors: each row authentic, and together exactly the sealed list.
    func factors(
        _ rows: [FactorRow], of account: AccountID, _ state: AccountState, _ dataKey: AccountDataKey
    ) throws(StoreError) -> [FactorRecord] {
        guard Set(rows.map(\.id)) == Set(state.factors), rows.count == state.factors.count else {
            throw tampered(.factor, account)
        }
        var factors: [FactorRecord] = []
        for row in rows {
            try check(row, of: account)
            factors.append(try opened(row, of: account, dataKey))
        }
        return factors
    }

    /// One authentic row of the account, confirmed or not.
    private func factorRow(_ id: FactorID, of account: AccountID) throws(StoreError) -> FactorRow? {
        let found = try rows(
            """
            SELECT id, kind, secret_sealed, is_confirmed, last_step, created_at, row_mac FROM factor
            WHERE id = \(id) AND account_id = \(account)
            """)
        guard let row = found.first else { return nil }
        try check(row, of: account)
        return row
    }

    private func rows(_ statement: SQL) throws(StoreError) -> [FactorRow] {
        var result: [FactorRow] = []
        for row in try connection.query(statement) {
            result.append(
                FactorRow(
                    id: try row.identifier(0), kind: try row.text(1), secretSealed: try row.blob(2),
                    isConfirmed: try row.integer(3) == 1, lastStep: row.isNull(4) ? nil : try row.integer(4),
                    createdAt: try row.timestamp(5), rowMAC: try row.blob(6)))
        }
        return result
    }

    private func check(_ row: FactorRow, of account: AccountID) throws(StoreError) {
        guard keys.verifier.epochs.contains(where: { ConstantTime.equal(Self.mac(row, account, $0), row.rowMAC) })
        else { throw tampered(.factor, account) }
    }

    /// Makes the MACs of an account's factors anew under the present root key; rows that do not fit stay as they are.
    func moveFactors(of account: AccountID) throws(StoreError) {
        let all = try rows(
            """
            SELECT id, kind, secret_sealed, is_confirmed, last_step, created_at, row_mac FROM factor
            WHERE account_id = \(account)
            """)
        for row in all where (try? check(row, of: account)) != nil {
            try connection.execute("UPDATE factor SET row_mac = \(mac(row, account)) WHERE id = \(row.id)")
        }
    }

    private func opened(
        _ row: FactorRow, of account: AccountID, _ dataKey: AccountDataKey
    ) throws(StoreError) -> FactorRecord {
        guard let kind = FactorKindName(rawValue: row.kind),
            let secret = try? sealer.open(row.secretSealed, Self.secretContext(row.id), dataKey: dataKey)
        else { throw tampered(.factor, account) }
        return FactorRecord(id: row.id, kind: kind, secret: secret, lastStep: row.lastStep, createdAt: row.createdAt)
    }

    /// Every column, the account included; `last_step` too, so that it cannot be set back alone.
    private func mac(_ row: FactorRow, _ account: AccountID) -> [UInt8] { Self.mac(row, account, keys.verifier) }

    private static func mac(_ row: FactorRow, _ account: AccountID, _ verifier: MACKey) -> [UInt8] {
        let step = row.lastStep.map { withUnsafeBytes(of: $0.bigEndian) { Array($0) } } ?? []
        let created = withUnsafeBytes(of: row.createdAt.milliseconds.bigEndian) { Array($0) }
        return verifier.tag(
            "buckler factor row v1", row.id.bytes, account.bytes, Array(row.kind.utf8), row.secretSealed,
            [row.isConfirmed ? 1 : 0], step, created)
    }

    private static func secretContext(_ id: FactorID) -> RowContext {
        RowContext(table: "factor", column: "secret_sealed", owner: id.bytes)
    }
}
