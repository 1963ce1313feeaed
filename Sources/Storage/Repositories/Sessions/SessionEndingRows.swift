import BucklerJOSE
import BucklerPrimitives
import DeviceTrust
import Sessions

extension SessionSQLTransaction {
    func end(_ selection: SessionSelection, reason: SessionEndReason, at now: Timestamp) throws -> [SessionEnding] {
        try ended(selection, reason: reason.rawValue, at: now).map { try SessionEnding(row: $0) }
    }

    func forgetDevice(of ending: SessionEnding) throws {
        // While a root key is replaced the row may stand under the name of before.
        for epoch in verifier.epochs {
            let tag = AuthenticationSQLTransaction.keyTag(ending.key, ending.account, epoch)
            try connection.execute(
                "DELETE FROM known_device WHERE account_id = \(ending.account) AND key_tag = \(tag)")
        }
    }

    func endings(after instant: Timestamp) throws -> [SessionEnding] {
        try connection.query(
            """
            SELECT id, account, jkt, client, device, end_reason, ended_at FROM session
            WHERE ended_at IS NOT NULL AND ended_at > \(instant)
            """
        ).map { try SessionEnding(row: $0) }
    }

    /// One statement per selection; each ends only what still runs.
    private func ended(_ selection: SessionSelection, reason: String, at now: Timestamp) throws -> [SQLRow] {
        switch selection {
        case .session(let id):
            try connection.query(
                """
                UPDATE session SET ended_at = \(now), end_reason = \(reason) WHERE id = \(id) AND ended_at IS NULL
                RETURNING id, account, jkt, client, device, end_reason, ended_at
                """)
        case .sessionOf(let account, let id):
            try connection.query(
                """
                UPDATE session SET ended_at = \(now), end_reason = \(reason)
                WHERE id = \(id) AND account = \(account) AND ended_at IS NULL
                RETURNING id, account, jkt, client, device, end_reason, ended_at
                """)
        case .account(let account):
            try connection.query(
                """
                UPDATE session SET ended_at = \(now), end_reason = \(reason)
                WHERE account = \(account) AND ended_at IS NULL
                RETURNING id, account, jkt, client, device, end_reason, ended_at
                """)
        case .others(let account, let kept):
            try connection.query(
                """
                UPDATE session SET ended_at = \(now), end_reason = \(reason)
                WHERE account = \(account) AND id <> \(kept) AND ended_at IS NULL
                RETURNING id, account, jkt, client, device, end_reason, ended_at
                """)
        case .device(let account, let device):
            try connection.query(
                """
                UPDATE session SET ended_at = \(now), end_reason = \(reason)
                WHERE account = \(account) AND device = \(device) AND ended_at IS NULL
                RETURNING id, account, jkt, client, device, end_reason, ended_at
                """)
        case .binding(let account, let client, let key):
            try connection.query(
                """
                UPDATE session SET ended_at = \(now), end_reason = \(reason)
                WHERE account = \(account) AND client = \(client) AND jkt = \(key.bytes) AND ended_at IS NULL
                RETURNING id, account, jkt, client, device, end_reason, ended_at
                """)
        }
    }
}

extension SessionEnding {
    fileprivate init(row: SQLRow) throws(StoreError) {
        guard let key = JWKThumbprint(bytes: try row.blob(2)), let client = ClientID(parsing: try row.text(3)),
            let reason = SessionEndReason(rawValue: try row.text(5))
        else { throw .tampered(table: "session") }
        self.init(
            session: try row.identifier(0), account: try row.identifier(1), key: key, client: client,
            device: try row.identifier(4), reason: reason, endedAt: try row.timestamp(6))
    }
}
