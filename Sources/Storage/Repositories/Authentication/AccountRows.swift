import Authentication
import BucklerPrimitives
import DataProtection

extension AuthenticationSQLTransaction: AccountTransaction {
    func findAccount(_ email: Email) throws(StoreError) -> AccountRecord? {
        var rows: [SQLRow] = []
        // One statement, but while a root key is replaced; the same ones whether or not there is an account.
        for index in keys.emailIndex.tags(email.canonical) {
            rows += try connection.query(
                """
                SELECT id, email_sealed, password_sealed, state_sealed, created_at, password_changed_at,
                    contacts_sealed
                FROM account WHERE email_index = \(index)
                """)
        }
        guard let record = try record(rows.first) else { return nil }
        // A swapped index must not lead to somebody else's account (PD-11).
        guard record.email == email else { throw tampered(.account, record.id) }
        return record
    }

    func account(_ id: AccountID) throws(StoreError) -> AccountRecord? {
        try record(
            connection.query(
                """
                SELECT id, email_sealed, password_sealed, state_sealed, created_at, password_changed_at,
                    contacts_sealed
                FROM account WHERE id = \(id)
                """
            ).first)
    }

    func createAccount(_ account: NewAccount, at now: Timestamp) throws(StoreError) {
        var state = AccountState(passwordClass: account.passwordClass)
        if let factor = account.factor { state.factors = [factor.id] }
        guard state.isAllowed else { throw .conflict }
        try refuseFormerIndex(of: account.email)
        let dataKey = try accountKeys.create(for: account.id, connection)
        let email = sealer.seal(Array(account.email.canonical.utf8), Self.emailContext(account.id), dataKey: dataKey)
        try connection.execute(
            """
            INSERT INTO account (id, email_index, email_sealed, password_sealed, state_sealed, created_at,
                password_changed_at)
            VALUES (\(account.id), \(keys.emailIndex.tag(account.email.canonical)), \(email),
                \(sealedPassword(account.passwordVerifier, account.id)),
                \(sealedState(state, account.id)), \(now), \(now))
            """)
        if let factor = account.factor { try insertFactor(factor, of: account.id, dataKey, at: now) }
    }

    func setPassword(
        _ id: AccountID, verifier: SecretString, class passwordClass: PasswordClass, replacing current: SecretString?,
        at now: Timestamp
    ) throws(StoreError) {
        let row = try accountRow(id)
        if let current, current != row.password { throw .conflict }
        var state = row.state
        state.passwordClass = passwordClass
        state.passwordGeneration += 1
        guard state.isAllowed else { throw .conflict }
        let changed = try connection.execute(
            """
            UPDATE account SET password_sealed = \(sealedPassword(verifier, id)),
                state_sealed = \(sealedState(state, id)), password_changed_at = \(now)
            WHERE id = \(id) AND password_sealed = \(row.passwordSealed) AND state_sealed = \(row.stateSealed)
            """)
        guard changed == 1 else { throw .conflict }
    }

    func rehashPassword(
        _ id: AccountID, verifier: SecretString, replacing current: SecretString
    ) throws(StoreError) -> Bool {
        let row = try accountRow(id)
        guard row.password == current else { return false }
        return try connection.execute(
            """
            UPDATE account SET password_sealed = \(sealedPassword(verifier, id))
            WHERE id = \(id) AND password_sealed = \(row.passwordSealed)
            """) == 1
    }
}

extension AuthenticationSQLTransaction {
    /// An account's row without its neighbours in other tables.
    struct AccountRow {
        let password: SecretString
        let passwordSealed: [UInt8]
        let state: AccountState
        let stateSealed: [UInt8]
    }

    /// The row of an account that must exist; `.conflict` if it is gone.
    func accountRow(_ id: AccountID) throws(StoreError) -> AccountRow {
        let rows = try connection.query("SELECT password_sealed, state_sealed FROM account WHERE id = \(id)")
        guard let row = rows.first else { throw .conflict }
        let passwordSealed = try row.blob(0)
        let stateSealed = try row.blob(1)
        return AccountRow(
            password: try openedPassword(passwordSealed, id), passwordSealed: passwordSealed,
            state: try openedState(stateSealed, id), stateSealed: stateSealed)
    }

    /// Writes a changed state; `.conflict` if a short password would stand alone, or the row changed meanwhile.
    func updateState(_ state: AccountState, of id: AccountID, from row: AccountRow) throws(StoreError) {
        guard state.isAllowed else { throw .conflict }
        let changed = try connection.execute(
            """
            UPDATE account SET state_sealed = \(sealedState(state, id))
            WHERE id = \(id) AND state_sealed = \(row.stateSealed)
            """)
        guard changed == 1 else { throw .conflict }
    }

    /// The account's data key; a missing one means that the row is not what it was.
    func dataKey(_ id: AccountID) throws(StoreError) -> AccountDataKey {
        guard let key = try accountKeys.open(id, connection) else { throw tampered(.accountKey, id) }
        return key
    }

    /// Opens a row and what belongs to it.
    ///
    /// Runs the same statements when there is no row.
    func record(_ row: SQLRow?) throws(StoreError) -> AccountRecord? {
        let id = try row?.identifier(0, as: AccountID.self)
        let dataKey = try accountKeys.open(id ?? Self.nobody, connection)
        let factorRows = try confirmedFactorRows(id ?? Self.nobody)
        let codeRows = try recoveryCodeRows(id ?? Self.nobody)
        guard let row, let id else { return nil }
        guard let dataKey else { throw tampered(.accountKey, id) }
        let state = try openedState(row.blob(3), id)
        return AccountRecord(
            id: id, email: try openedEmail(row.blob(1), id, dataKey),
            passwordVerifier: try openedPassword(row.blob(2), id),
            passwordClass: state.passwordClass, factors: try factors(factorRows, of: id, state, dataKey),
            recoveryCodesLeft: try recoveryCodesLeft(codeRows, of: id, state), createdAt: try row.timestamp(4),
            passwordChangedAt: try row.timestamp(5), hold: state.hold,
            aftermath: state.aftermath, passwordGeneration: state.passwordGeneration,
            contacts: try contacts(row.isNull(6) ? nil : row.blob(6), of: id, state, dataKey))
    }

    /// UNIQUE sees the present index only; a row that is still to be moved has an earlier one.
    func refuseFormerIndex(of email: Email) throws(StoreError) {
        for index in keys.emailIndex.tags(email.canonical).dropFirst() {
            guard try connection.query("SELECT 1 FROM account WHERE email_index = \(index)").isEmpty else {
                throw .conflict
            }
        }
    }

    func openedEmail(
        _ sealed: [UInt8], _ id: AccountID, _ dataKey: AccountDataKey
    ) throws(StoreError) -> Email {
        guard let opened = try? sealer.open(sealed, Self.emailContext(id), dataKey: dataKey),
            let email = opened.withExposedBytes({ try? Email(parsing: String(decoding: $0, as: UTF8.self)) })
        else { throw tampered(.account, id) }
        return email
    }

    func sealedPassword(_ verifier: SecretString, _ id: AccountID) -> [UInt8] {
        verifier.withExposedBytes { keys.password.seal($0, context: Self.passwordContext(id), entropy: entropy) }
    }

    func openedPassword(_ sealed: [UInt8], _ id: AccountID) throws(StoreError) -> SecretString {
        guard let opened = try? keys.password.open(sealed, context: Self.passwordContext(id)) else {
            throw tampered(.account, id)
        }
        return SecretString(opened.withExposedBytes { String(decoding: $0, as: UTF8.self) })
    }

    func sealedState(_ state: AccountState, _ id: AccountID) -> [UInt8] {
        keys.state.seal(state.encoded, context: Self.stateContext(id), entropy: entropy)
    }

    /// Opens a state blob.
    func openedState(_ sealed: [UInt8], _ id: AccountID) throws(StoreError) -> AccountState {
        guard let opened = try? keys.state.open(sealed, context: Self.stateContext(id)),
            let state = opened.withExposedBytes({ AccountState(decoding: $0) })
        else { throw tampered(.account, id) }
        return state
    }

    static func emailContext(_ id: AccountID) -> RowContext {
        RowContext(table: "account", column: "email_sealed", owner: id.bytes)
    }

    private static func passwordContext(_ id: AccountID) -> [UInt8] {
        RowContext(table: "account", column: "password_sealed", owner: id.bytes).bytes
    }

    static func stateContext(_ id: AccountID) -> [UInt8] {
        RowContext(table: "account", column: "state_sealed", owner: id.bytes).bytes
    }

    /// Stands in for the account in statements that run although there is none: 128 bits that nobody draws.
    private static let nobody = AccountID.random(Entropy { [UInt8](repeating: 0, count: $0) })
}
