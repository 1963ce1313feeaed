import Authentication
import BucklerPrimitives
import DataProtection

extension AuthenticationSQLTransaction {
    func findAccount(formerly email: Email, at now: Timestamp) throws(StoreError) -> AccountRecord? {
        var rows: [SQLRow] = []
        // One statement, but while a root key is replaced.
        for index in keys.emailIndex.tags(email.canonical) {
            // The newest, if an address went from account to account.
            rows += try connection.query(
                """
                SELECT account.id, email_sealed, password_sealed, state_sealed, created_at, password_changed_at,
                    contacts_sealed
                FROM former_address JOIN account ON account.id = account_id
                WHERE address_index = \(index) AND expires_at > \(now) ORDER BY expires_at DESC LIMIT 1
                """)
        }
        guard let record = try record(rows.first) else { return nil }
        // A row that was written by somebody else leads nowhere (PD-11).
        guard let former = record.contacts.formers.first(where: { $0.email == email }) else {
            throw tampered(.formerAddress, record.id)
        }
        return former.isOpen(at: now) ? record : nil
    }

    func setContacts(
        _ contacts: AccountContacts, address: Email?, of record: AccountRecord
    ) throws(StoreError) {
        let id = record.id
        let row = try accountRow(id)
        let dataKey = try dataKey(id)
        var state = row.state
        state.contactsNumber += 1
        let number = state.contactsNumber
        let sealed = contacts.encoded.withExposedBytes {
            sealer.seal($0, Self.contactsContext(id, number), dataKey: dataKey)
        }
        let email = address ?? record.email
        let index = keys.emailIndex.tag(email.canonical)
        let emailSealed = sealer.seal(Array(email.canonical.utf8), Self.emailContext(id), dataKey: dataKey)
        let oldIndex = try storedIndex(of: record)
        if email != record.email { try refuseFormerIndex(of: email) }
        let changed = try connection.execute(
            """
            UPDATE account SET contacts_sealed = \(sealed), state_sealed = \(sealedState(state, id)),
                email_index = \(index), email_sealed = \(emailSealed), contacts_until = \(contacts.expiresAt)
            WHERE id = \(id) AND state_sealed = \(row.stateSealed) AND email_index = \(oldIndex)
            """)
        guard changed == 1 else { throw .conflict }
        if contacts.formers != record.contacts.formers { try replaceFormers(contacts.formers, of: id) }
    }

    func accountsWithOldContacts(at now: Timestamp, limit: Int) throws(StoreError) -> [AccountID] {
        var accounts: [AccountID] = []
        for row in try connection.query("SELECT id FROM account WHERE contacts_until <= \(now) LIMIT \(limit)") {
            accounts.append(try row.identifier(0))
        }
        return accounts
    }

    func forgetOldContacts(of account: AccountID, at now: Timestamp) throws(StoreError) {
        guard let record = try self.account(account) else { return }
        try setContacts(record.contacts.current(at: now), address: nil, of: record)
    }

    /// The index under which an account stands: of the present epoch, or of an earlier one that is still to be moved.
    private func storedIndex(of record: AccountRecord) throws(StoreError) -> [UInt8] {
        guard let row = try connection.query("SELECT email_index FROM account WHERE id = \(record.id)").first else {
            throw .conflict
        }
        let index = try row.blob(0)
        guard keys.emailIndex.tags(record.email.canonical).contains(index) else { throw .conflict }
        return index
    }

    /// Writes an account's former addresses under the present index.
    func moveFormers(of id: AccountID) throws(StoreError) {
        guard let record = try? account(id), !record.contacts.formers.isEmpty else { return }
        try replaceFormers(record.contacts.formers, of: id)
    }

    private func replaceFormers(_ formers: [AccountContacts.Former], of id: AccountID) throws(StoreError) {
        try connection.execute("DELETE FROM former_address WHERE account_id = \(id)")
        for former in formers {
            try connection.execute(
                """
                INSERT INTO former_address (account_id, address_index, expires_at)
                VALUES (\(id), \(keys.emailIndex.tag(former.email.canonical)), \(former.expiresAt))
                """)
        }
    }

    /// Opens an account's contacts: exactly those that its sealed state numbers.
    func contacts(
        _ sealed: [UInt8]?, of id: AccountID, _ state: AccountState, _ dataKey: AccountDataKey
    ) throws(StoreError) -> AccountContacts {
        guard state.contactsNumber > 0 else {
            guard sealed == nil else { throw tampered(.account, id) }
            return AccountContacts()
        }
        guard let sealed,
            let opened = try? sealer.open(sealed, Self.contactsContext(id, state.contactsNumber), dataKey: dataKey),
            let contacts = try? AccountContacts(decoding: opened)
        else { throw tampered(.account, id) }
        return contacts
    }

    private static func contactsContext(_ id: AccountID, _ number: Int64) -> RowContext {
        RowContext(
            table: "account", column: "contacts_sealed",
            owner: id.bytes + withUnsafeBytes(of: number.bigEndian) { Array($0) })
    }
}
