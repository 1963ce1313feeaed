import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Sessions

extension SessionRepository {
    package func signingKeys() async throws(StoreError) -> [SigningKey] {
        try await database.read { [self] in try signingKeys($0) }
    }

    func signingKeys(_ connection: any SQLConnection) throws -> [SigningKey] {
        try connection.query(
            """
            SELECT kid, purpose, private_sealed, published_at, active_at, retired_at, gone_at FROM signing_key
            ORDER BY published_at, kid
            """
        ).map(signingKey)
    }

    func sealed(_ key: SigningKey) -> [UInt8] {
        key.privateBytes.withExposedBytes { bytes in
            signingKeySeal.seal(bytes, context: Self.context(kid: key.kid, purpose: key.purpose), entropy: entropy)
        }
    }

    package func replaceSigningKeys(_ keys: [SigningKey], events: [SecurityEvent]) async throws(StoreError) {
        try await database.write { [self] connection in
            try connection.execute("DELETE FROM signing_key")
            for key in keys {
                try connection.execute(
                    """
                    INSERT INTO signing_key (kid, purpose, private_sealed, published_at, active_at, retired_at, gone_at)
                    VALUES (\(key.kid), \(key.purpose.rawValue), \(sealed(key)), \(key.publishedAt), \(key.activeAt),
                        \(key.retiredAt), \(key.goneAt))
                    """)
            }
            for event in events { try EventRows.insert(event, connection) }
        }
    }

    private func signingKey(_ row: SQLRow) throws(StoreError) -> SigningKey {
        let kid = try row.text(0)
        guard let purpose = SigningPurpose(rawValue: try row.text(1)) else { throw .tampered(table: "signing_key") }
        let sealed = try row.blob(2)
        let opened: SecretBytes
        do { opened = try signingKeySeal.open(sealed, context: Self.context(kid: kid, purpose: purpose)) } catch {
            throw .tampered(table: "signing_key")
        }
        let key = SigningKey(
            purpose: purpose, privateBytes: opened, publishedAt: try row.timestamp(3),
            activeAt: row.isNull(4) ? nil : try row.timestamp(4),
            retiredAt: row.isNull(5) ? nil : try row.timestamp(5), goneAt: row.isNull(6) ? nil : try row.timestamp(6))
        guard let key, key.kid == kid else { throw .tampered(table: "signing_key") }
        return key
    }

    /// Key id and purpose: a private half opens only for what it is for.
    private static func context(kid: String, purpose: SigningPurpose) -> [UInt8] {
        let owner = Array(purpose.rawValue.utf8) + [0] + Array(kid.utf8)
        return RowContext(table: "signing_key", column: "private_sealed", owner: owner).bytes
    }
}
