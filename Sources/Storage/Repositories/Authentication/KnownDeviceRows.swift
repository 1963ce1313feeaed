import Authentication
import BucklerJOSE
import BucklerPrimitives

extension AuthenticationSQLTransaction {
    func isKnownDevice(
        _ key: JWKThumbprint, of account: AccountID, at now: Timestamp
    ) throws(StoreError) -> Bool {
        let tag = keyTag(key, account)
        let rows = try connection.query(
            "SELECT last_seen_at, row_mac FROM known_device WHERE account_id = \(account) AND key_tag = \(tag)")
        guard let row = rows.first else { return false }
        let seen = try row.timestamp(0)
        guard ConstantTime.equal(deviceMAC(tag, account, seen), try row.blob(1)) else {
            throw tampered(.knownDevice, account)
        }
        return now < seen + Self.knownDeviceLifetime
    }

    func forgetDevices(of account: AccountID, except key: JWKThumbprint) throws(StoreError) {
        try connection.execute(
            "DELETE FROM known_device WHERE account_id = \(account) AND key_tag <> \(keyTag(key, account))")
    }

    func rememberDevice(_ key: JWKThumbprint, of account: AccountID, at now: Timestamp) throws(StoreError) {
        let tag = keyTag(key, account)
        try connection.execute(
            """
            INSERT INTO known_device (account_id, key_tag, last_seen_at, row_mac)
            VALUES (\(account), \(tag), \(now), \(deviceMAC(tag, account, now)))
            ON CONFLICT (account_id, key_tag) DO UPDATE SET
                last_seen_at = excluded.last_seen_at, row_mac = excluded.row_mac
            """)
        try connection.execute(
            """
            DELETE FROM known_device
            WHERE account_id = \(account) AND last_seen_at <= \(now - Self.knownDeviceLifetime)
            """)
        // The oldest go: a person has few devices, and rows are not for filling disks.
        try connection.execute(
            """
            DELETE FROM known_device WHERE account_id = \(account) AND key_tag NOT IN (
                SELECT key_tag FROM known_device WHERE account_id = \(account)
                ORDER BY last_seen_at DESC, key_tag LIMIT \(Self.maximumKnownDeviceCount))
            """)
    }

    private func keyTag(_ key: JWKThumbprint, _ account: AccountID) -> [UInt8] {
        keys.verifier.tag("buckler known device v1", account.bytes, key.bytes)
    }

    private func deviceMAC(_ tag: [UInt8], _ account: AccountID, _ seen: Timestamp) -> [UInt8] {
        let instant = withUnsafeBytes(of: seen.milliseconds.bigEndian) { Array($0) }
        return keys.verifier.tag("buckler known device row v1", account.bytes, tag, instant)
    }

    private static var knownDeviceLifetime: Duration { .days(90) }
    private static var maximumKnownDeviceCount: Int { 50 }
}
