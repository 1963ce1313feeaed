import Authentication
import BucklerJOSE
import BucklerPrimitives
import DataProtection

extension AuthenticationSQLTransaction {
    func insertCode(_ row: CodeRow) throws(StoreError) {
        let sealed = seal(row.content, Self.codeContext(row.flow, row.digest))
        try connection.execute(
            """
            INSERT INTO authorization_code (digest, flow_id, client_id, jkt, challenge, expires_at, sealed)
            VALUES (\(row.digest), \(row.flow), \(row.client), \(row.key.bytes), \(row.challenge.bytes),
                    \(row.expiresAt), \(sealed))
            """)
    }

    func spendCode(_ redemption: CodeRedemption, at now: Timestamp) throws(StoreError) -> SecretBytes? {
        let rows = try connection.query(
            """
            UPDATE authorization_code SET spent_at = \(now), session_id = \(redemption.session)
            WHERE digest = \(redemption.digest) AND spent_at IS NULL AND expires_at > \(now)
              AND client_id = \(redemption.client) AND jkt = \(redemption.key.bytes)
              AND challenge = \(redemption.challenge.bytes)
            RETURNING flow_id, sealed
            """)
        guard let row = rows.first else { return nil }
        let flow: FlowID = try row.identifier(0)
        let content = try open(
            try row.blob(1), Self.codeContext(flow, redemption.digest), table: "authorization_code")
        try deleteFlow(flow)
        return content
    }

    func noteRaisedSession(_ session: SessionID, ofCode digest: [UInt8]) throws(StoreError) {
        try connection.execute(
            """
            UPDATE authorization_code SET session_id = \(session) WHERE digest = \(digest) AND spent_at IS NOT NULL
            """)
    }

    func hasCode(_ digest: [UInt8]) throws(StoreError) -> Bool {
        try !connection.query("SELECT 1 FROM authorization_code WHERE digest = \(digest)").isEmpty
    }

    func sessionOfSpentCode(_ digest: [UInt8]) throws(StoreError) -> SessionID? {
        let rows = try connection.query(
            "SELECT session_id FROM authorization_code WHERE digest = \(digest) AND spent_at IS NOT NULL")
        return try rows.first?.identifier(0)
    }

    private static func codeContext(_ flow: FlowID, _ digest: [UInt8]) -> [UInt8] {
        RowContext(table: "authorization_code", column: "sealed", owner: flow.bytes + digest).bytes
    }
}
