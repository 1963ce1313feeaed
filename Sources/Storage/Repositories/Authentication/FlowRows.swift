import Authentication
import BucklerJOSE
import BucklerPrimitives
import DataProtection

extension AuthenticationSQLTransaction: FlowTransaction {
    func insertFlow(_ row: FlowRow) throws(StoreError) {
        let sealed = seal(row.content, Self.flowContext(row.id, row.digest))
        try connection.execute(
            """
            INSERT INTO flow (id, digest, jkt, source_tag, started_at, expires_at, is_favoured, requests, version, sealed)
            VALUES (\(row.id), \(row.digest), \(row.key.bytes), \(row.sourceTag), \(row.startedAt), \(row.expiresAt),
                    \(row.isFavoured), 1, 0, \(sealed))
            """)
        try connection.execute("UPDATE flow_total SET flows = flows + 1 WHERE id = 1")
    }

    func flow(_ digest: [UInt8], at now: Timestamp) throws(StoreError) -> LoadedFlow? {
        let rows = try connection.query(
            "SELECT id, version, sealed FROM flow WHERE digest = \(digest) AND expires_at > \(now)")
        guard let row = rows.first else { return nil }
        let id: FlowID = try row.identifier(0)
        let content = try open(try row.blob(2), Self.flowContext(id, digest), table: "flow")
        return LoadedFlow(id: id, content: content, version: try row.integer(1))
    }

    func countRequest(of flow: FlowID) throws(StoreError) -> Int {
        let rows = try connection.query("UPDATE flow SET requests = requests + 1 WHERE id = \(flow) RETURNING requests")
        guard let row = rows.first else { throw .conflict }
        return Int(try row.integer(0))
    }

    func updateFlow(
        _ id: FlowID, digest: [UInt8], content: SecretBytes, isFavoured: Bool, from version: Int64
    ) throws(StoreError) -> Bool {
        let sealed = seal(content, Self.flowContext(id, digest))
        return try connection.execute(
            """
            UPDATE flow SET sealed = \(sealed), is_favoured = \(isFavoured), version = version + 1
            WHERE id = \(id) AND digest = \(digest) AND version = \(version)
            """) == 1
    }

    func deleteFlow(_ id: FlowID) throws(StoreError) {
        try uncount(try connection.execute("DELETE FROM flow WHERE id = \(id)"))
    }

    func flowCount(_ scope: FlowScope) throws(StoreError) -> Int {
        let rows =
            switch scope {
            case .key(let key): try connection.query("SELECT COUNT(*) FROM flow WHERE jkt = \(key.bytes)")
            case .source(let tag): try connection.query("SELECT COUNT(*) FROM flow WHERE source_tag = \(tag)")
            // Kept beside the rows: counting a hundred thousand at every opening would cost more than signing in.
            case .everything: try connection.query("SELECT flows FROM flow_total WHERE id = 1")
            }
        guard let row = rows.first else { throw .inconsistent }
        return Int(try row.integer(0))
    }

    func dropOldestFlow(_ scope: FlowScope) throws(StoreError) {
        let dropped =
            switch scope {
            case .key(let key):
                try connection.execute(
                    """
                    DELETE FROM flow WHERE id = (SELECT id FROM flow WHERE jkt = \(key.bytes)
                                                 ORDER BY is_favoured, started_at LIMIT 1)
                    """)
            case .source(let tag):
                try connection.execute(
                    """
                    DELETE FROM flow WHERE id = (SELECT id FROM flow AS f WHERE source_tag = \(tag)
                        ORDER BY is_favoured,
                            CASE WHEN is_favoured = 0 THEN 0 ELSE
                                (SELECT COUNT(*) FROM flow AS g WHERE g.jkt = f.jkt AND g.source_tag = \(tag)) END DESC,
                            started_at LIMIT 1)
                    """)
            case .everything:
                try connection.execute(
                    """
                    DELETE FROM flow WHERE id = (SELECT id FROM flow ORDER BY is_favoured, started_at LIMIT 1)
                    """)
            }
        try uncount(dropped)
    }

    func sweepFlows(at now: Timestamp, limit: Int) throws(StoreError) {
        try uncount(
            try connection.execute(
                """
                DELETE FROM flow WHERE id IN (SELECT id FROM flow WHERE expires_at <= \(now)
                                              ORDER BY expires_at LIMIT \(limit))
                """))
        // A spent code is remembered for an hour after its end, so that a second use can still be told from garbage.
        try connection.execute(
            """
            DELETE FROM authorization_code WHERE digest IN (SELECT digest FROM authorization_code
                WHERE expires_at <= \(now - .hours(1)) ORDER BY expires_at LIMIT \(limit))
            """)
        try connection.execute(
            """
            DELETE FROM guessing_budget WHERE budget IN (SELECT budget FROM guessing_budget
                WHERE expires_at <= \(now) ORDER BY expires_at LIMIT \(limit))
            """)
    }

    private func uncount(_ removed: Int) throws(StoreError) {
        if removed > 0 { try connection.execute("UPDATE flow_total SET flows = flows - \(removed) WHERE id = 1") }
    }

    private static func flowContext(_ id: FlowID, _ digest: [UInt8]) -> [UInt8] {
        RowContext(table: "flow", column: "sealed", owner: id.bytes + digest).bytes
    }

    func seal(_ content: SecretBytes, _ context: [UInt8]) -> [UInt8] {
        content.withExposedBytes { keys.state.seal($0, context: context, entropy: entropy) }
    }

    func open(_ sealed: [UInt8], _ context: [UInt8], table: String) throws(StoreError) -> SecretBytes {
        do {
            return try keys.state.open(sealed, context: context)
        } catch {
            throw .tampered(table: table)
        }
    }
}
