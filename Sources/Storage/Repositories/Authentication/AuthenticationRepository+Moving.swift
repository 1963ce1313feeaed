import Authentication
import BucklerJOSE
import BucklerPrimitives
import DataProtection

extension AuthenticationRepository {
    /// Makes up to `limit` accounts and what belongs to them anew under the present root key; false once none is behind.
    package func moveAccounts(limit: Int) async throws(StoreError) -> Bool {
        try await database.write { [self] connection in
            guard let position = try MovedRows.accounts.position(connection) else { return false }
            let transaction = transaction(connection, IntegrityNotes())
            let rows = try connection.query(
                """
                SELECT id, email_sealed, password_sealed, state_sealed FROM account
                WHERE id > \(position) ORDER BY id LIMIT \(limit)
                """)
            for row in rows { try transaction.moveAccount(row) }
            try MovedRows.accounts.setPosition(rows.count < limit ? nil : rows.last?.blob(0), connection)
            return rows.count == limit
        }
    }

    /// Seals up to `limit` queued mails anew under the present root key; false once none is behind.
    package func moveMails(limit: Int) async throws(StoreError) -> Bool {
        try await database.write { [self] connection in
            guard let position = try MovedRows.mails.position(connection) else { return false }
            let transaction = transaction(connection, IntegrityNotes())
            let rows = try connection.query(
                """
                SELECT id, content_sealed, queued_at FROM mail_outbox WHERE id > \(position) ORDER BY id LIMIT \(limit)
                """)
            for row in rows { try transaction.moveMail(row) }
            try MovedRows.mails.setPosition(rows.count < limit ? nil : rows.last?.blob(0), connection)
            return rows.count == limit
        }
    }
}

extension AuthenticationSQLTransaction {
    /// What does not open stays as it is: the account's next use reports it.
    fileprivate func moveAccount(_ row: SQLRow) throws(StoreError) {
        let id: AccountID = try row.identifier(0)
        if let dataKey = try? accountKeys.open(id, connection),
            let email = try? openedEmail(row.blob(1), id, dataKey)
        {
            try connection.execute(
                "UPDATE account SET email_index = \(keys.emailIndex.tag(email.canonical)) WHERE id = \(id)")
        }
        if let password = try? openedPassword(row.blob(2), id) {
            try connection.execute(
                "UPDATE account SET password_sealed = \(sealedPassword(password, id)) WHERE id = \(id)")
        }
        if let state = try? openedState(row.blob(3), id) {
            try connection.execute("UPDATE account SET state_sealed = \(sealedState(state, id)) WHERE id = \(id)")
        }
        try moveFactors(of: id)
        try moveRecoveryCodes(of: id)
        try moveFormers(of: id)
        // A known device without a row in `device` never redeemed its code: it is asked once more.
        for device in try connection.query("SELECT jkt FROM device WHERE account = \(id)") {
            guard let key = JWKThumbprint(bytes: try device.blob(0)) else { continue }
            do { try moveKnownDevice(key, of: id) } catch StoreError.tampered { continue }
        }
    }

    /// Parked mail has no content, and what does not open is parked when its turn comes.
    fileprivate func moveMail(_ row: SQLRow) throws(StoreError) {
        let id: MailID = try row.identifier(0)
        let context = Self.contentContext(id, try row.timestamp(2))
        guard let opened = try? keys.state.open(try row.blob(1), context: context) else { return }
        let sealed = opened.withExposedBytes { keys.state.seal($0, context: context, entropy: entropy) }
        try connection.execute("UPDATE mail_outbox SET content_sealed = \(sealed) WHERE id = \(id)")
    }
}
