import Authentication
import BucklerJOSE
import BucklerPrimitives
import DeviceTrust
import Sessions

extension SessionSQLTransaction: SessionTransaction {
    func session(_ id: SessionID) throws -> SessionRecord? {
        try connection.query(
            """
            SELECT id, account, client, device, jkt, scope, audience, level, amr, authenticated_at, created_at,
                absolute_deadline, idle_timeout, lock_after, refresh_salt, row_mac, generation, key_epoch, attempts,
                rotations, rotated_at, last_user_activity_at, ended_at, end_reason,
                (SELECT max(n.not_before) FROM session_not_before n WHERE n.scope IN (session.account, \(everybody))),
                recovered_at
            FROM session WHERE id = \(id)
            """
        ).first.map(SessionRecord.init(row:))
    }

    func runningSessions(of account: AccountID) throws -> [SessionRecord] {
        try connection.query(
            """
            SELECT id, account, client, device, jkt, scope, audience, level, amr, authenticated_at, created_at,
                absolute_deadline, idle_timeout, lock_after, refresh_salt, row_mac, generation, key_epoch, attempts,
                rotations, rotated_at, last_user_activity_at, ended_at, end_reason,
                (SELECT max(n.not_before) FROM session_not_before n WHERE n.scope IN (session.account, \(everybody))),
                recovered_at
            FROM session WHERE account = \(account) AND ended_at IS NULL ORDER BY created_at DESC LIMIT 1000
            """
        ).map(SessionRecord.init(row:))
    }

    func insert(_ session: SessionRecord) throws {
        let identity = session.identity
        try connection.execute(
            """
            INSERT INTO session (id, account, client, device, jkt, scope, audience, level, amr, authenticated_at,
                created_at, absolute_deadline, idle_timeout, lock_after, refresh_salt, row_mac, generation, key_epoch,
                attempts, rotations, rotated_at, last_user_activity_at, ended_at, end_reason, recovered_at)
            VALUES (\(identity.id), \(identity.account), \(identity.client), \(identity.device),
                \(identity.key.bytes), \(SpacedWords.text(identity.scope)), \(identity.audience),
                \(identity.level.rawValue), \(SpacedWords.text(identity.amr)), \(identity.authenticatedAt),
                \(identity.createdAt), \(identity.absoluteDeadline), \(identity.idleTimeout?.wholeMilliseconds),
                \(identity.lockAfter.wholeMilliseconds), \(identity.salt), \(session.rowMAC),
                \(session.generation), \(Int(session.keyEpoch)), \(session.attempts.bytes),
                \(session.rotations.bytes), \(session.rotatedAt), \(session.lastUserActivityAt),
                \(session.endedAt), \(session.endReason?.rawValue), \(identity.recoveredAt))
            """)
    }

    func rotate(_ rotation: SessionRotation) throws -> Bool {
        try connection.execute(
            """
            UPDATE session SET generation = generation + 1, attempts = \(rotation.attempts.bytes),
                rotations = \(rotation.rotations.bytes), rotated_at = \(rotation.now),
                key_epoch = \(Int(rotation.keyEpoch)), last_user_activity_at = \(rotation.lastUserActivityAt)
            WHERE id = \(rotation.session) AND generation = \(rotation.generation) AND jkt = \(rotation.key.bytes)
                AND row_mac = \(rotation.rowMAC) AND ended_at IS NULL AND \(rotation.now) < absolute_deadline
                AND (idle_timeout IS NULL OR \(rotation.now) < last_user_activity_at + idle_timeout)
                AND NOT EXISTS (SELECT 1 FROM session_not_before n
                    WHERE n.scope IN (session.account, \(everybody)) AND n.not_before >= session.created_at)
            """) == 1
    }

    func raise(_ session: SessionRecord, replacing rowMAC: [UInt8], at now: Timestamp) throws -> Bool {
        let identity = session.identity
        return try connection.execute(
            """
            UPDATE session SET level = \(identity.level.rawValue), amr = \(SpacedWords.text(identity.amr)),
                authenticated_at = \(identity.authenticatedAt), row_mac = \(session.rowMAC),
                recovered_at = \(identity.recoveredAt),
                last_user_activity_at = \(session.lastUserActivityAt)
            WHERE id = \(identity.id) AND row_mac = \(rowMAC) AND ended_at IS NULL AND \(now) < absolute_deadline
                AND (idle_timeout IS NULL OR \(now) < last_user_activity_at + idle_timeout)
            """) == 1
    }

    func setNotBefore(_ instant: Timestamp, account: AccountID?) throws {
        let scope = account?.bytes ?? everybody
        try connection.execute(
            """
            INSERT INTO session_not_before (scope, not_before) VALUES (\(scope), \(instant))
            ON CONFLICT (scope) DO UPDATE SET not_before = excluded.not_before
            WHERE excluded.not_before > session_not_before.not_before
            """)
    }

    func massSignOuts(after instant: Timestamp) throws -> [(account: AccountID?, notBefore: Timestamp)] {
        try connection.query("SELECT scope, not_before FROM session_not_before WHERE not_before > \(instant)").map {
            (account: AccountID(bytes: try $0.blob(0)), notBefore: try $0.timestamp(1))
        }
    }

    func removeEnded(before instant: Timestamp, limit: Int) throws -> Int {
        try connection.execute(
            """
            DELETE FROM session WHERE id IN (
                SELECT id FROM session WHERE (ended_at IS NOT NULL AND ended_at < \(instant))
                    OR absolute_deadline < \(instant) LIMIT \(limit))
            """)
    }

    func refreshEpochs() throws -> [RefreshKeyEpoch] {
        try connection.query("SELECT epoch, began_at, accepted_until FROM refresh_key_epoch ORDER BY epoch").map {
            guard let number = UInt8(exactly: try $0.integer(0)) else { throw StoreError.inconsistent }
            return RefreshKeyEpoch(
                number: number, beganAt: try $0.timestamp(1),
                acceptedUntil: try $0.optional(2) { row in { index throws(StoreError) in try row.timestamp(index) } })
        }
    }

    func replaceRefreshEpochs(_ epochs: [RefreshKeyEpoch]) throws {
        try RefreshEpochRows.replace(epochs, connection)
    }

    /// The scope of a mass sign-out of all accounts: no account has an empty id.
    var everybody: [UInt8] { [] }
}

/// The epochs of refresh keys.
enum RefreshEpochRows {
    /// Writes all of them anew.
    static func replace(_ epochs: [RefreshKeyEpoch], _ connection: any SQLConnection) throws(StoreError) {
        try connection.execute("DELETE FROM refresh_key_epoch")
        for epoch in epochs {
            try connection.execute(
                """
                INSERT INTO refresh_key_epoch (epoch, began_at, accepted_until)
                VALUES (\(Int(epoch.number)), \(epoch.beganAt), \(epoch.acceptedUntil))
                """)
        }
    }
}

/// Scopes and methods in one column: words with a space between them (RFC 6749 §3.3).
enum SpacedWords {
    static func text(_ words: [String]) -> String { words.joined(separator: " ") }
    static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}

extension SessionRecord {
    /// Reads a row of the two `SELECT`s above.
    ///
    /// A value that no program of ours writes is `.tampered`.
    fileprivate init(row: SQLRow) throws(StoreError) {
        guard let client = ClientID(parsing: try row.text(2)), let key = JWKThumbprint(bytes: try row.blob(4)),
            let level = AuthenticationLevel(rawValue: Int(try row.integer(7))),
            let generation = UInt32(exactly: try row.integer(16)), let epoch = UInt8(exactly: try row.integer(17)),
            let attempts = AttemptRing(bytes: try row.blob(18)), let rotations = RotationTimes(bytes: try row.blob(19))
        else { throw .tampered(table: "session") }
        let idle: Duration? = row.isNull(12) ? nil : .milliseconds(try row.integer(12))
        let identity = SessionIdentity(
            id: try row.identifier(0), account: try row.identifier(1), client: client, device: try row.identifier(3),
            key: key, scope: SpacedWords.words(try row.text(5)), audience: try row.text(6), level: level,
            amr: SpacedWords.words(try row.text(8)), authenticatedAt: try row.timestamp(9),
            createdAt: try row.timestamp(10), absoluteDeadline: try row.timestamp(11), idleTimeout: idle,
            lockAfter: .milliseconds(try row.integer(13)), salt: try row.blob(14),
            recoveredAt: row.isNull(25) ? nil : try row.timestamp(25))
        self.init(
            identity: identity, rowMAC: try row.blob(15), generation: generation, keyEpoch: epoch, attempts: attempts,
            rotations: rotations, rotatedAt: try row.timestamp(20), lastUserActivityAt: try row.timestamp(21),
            endedAt: row.isNull(22) ? nil : try row.timestamp(22),
            endReason: row.isNull(23) ? nil : SessionEndReason(rawValue: try row.text(23)),
            notBefore: row.isNull(24) ? nil : try row.timestamp(24))
    }
}
