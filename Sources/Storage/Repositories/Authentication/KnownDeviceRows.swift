import Authentication
import BucklerJOSE
import BucklerPrimitives

extension AuthenticationSQLTransaction {
    func isKnownDevice(
        _ key: JWKThumbprint, of account: AccountID, at now: Timestamp
    ) throws(StoreError) -> Bool {
        var seen: Timestamp?
        for epoch in keys.verifier.epochs { seen = try knownDevice(key, of: account, epoch) ?? seen }
        return seen.map { now < $0 + Self.knownDeviceLifetime } ?? false
    }

    /// When a device was seen last, if its row stands under this epoch of the verifier key.
    private func knownDevice(
        _ key: JWKThumbprint, of account: AccountID, _ epoch: MACKey
    ) throws(StoreError) -> Timestamp? {
        let tag = Self.keyTag(key, account, epoch)
        let rows = try connection.query(
            "SELECT last_seen_at, row_mac FROM known_device WHERE account_id = \(account) AND key_tag = \(tag)")
        guard let row = rows.first else { return nil }
        let seen = try row.timestamp(0)
        guard ConstantTime.equal(Self.deviceMAC(tag, account, seen, epoch), try row.blob(1)) else {
            throw tampered(.knownDevice, account)
        }
        return seen
    }

    /// Names a device's row anew under the present root key.
    func moveKnownDevice(_ key: JWKThumbprint, of account: AccountID) throws(StoreError) {
        let tag = Self.keyTag(key, account, keys.verifier)
        for epoch in keys.verifier.epochs.dropFirst() {
            guard let seen = try knownDevice(key, of: account, epoch) else { continue }
            let former = Self.keyTag(key, account, epoch)
            // Whoever signed in since has a row under the present key already.
            try connection.execute(
                """
                UPDATE known_device SET key_tag = \(tag),
                    row_mac = \(Self.deviceMAC(tag, account, seen, keys.verifier))
                WHERE account_id = \(account) AND key_tag = \(former)
                    AND NOT EXISTS (SELECT 1 FROM known_device WHERE account_id = \(account) AND key_tag = \(tag))
                """)
            try connection.execute(
                "DELETE FROM known_device WHERE account_id = \(account) AND key_tag = \(former)")
        }
    }

    func forgetDevices(of account: AccountID, except key: JWKThumbprint) throws(StoreError) {
        // First under its present name, so that one name is enough.
        try moveKnownDevice(key, of: account)
        let tag = Self.keyTag(key, account, keys.verifier)
        try connection.execute("DELETE FROM known_device WHERE account_id = \(account) AND key_tag <> \(tag)")
    }

    func rememberDevice(_ key: JWKThumbprint, of account: AccountID, at now: Timestamp) throws(StoreError) {
        try moveKnownDevice(key, of: account)
        let tag = Self.keyTag(key, account, keys.verifier)
        try connection.execute(
            """
            INSERT INTO known_device (account_id, key_tag, last_seen_at, row_mac)
            VALUES (\(account), \(tag), \(now), \(Self.deviceMAC(tag, account, now, keys.verifier)))
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

    static func keyTag(_ key: JWKThumbprint, _ account: AccountID, _ verifier: MACKey) -> [UInt8] {
        verifier.tag("buckler known device v1", account.bytes, key.bytes)
    }

    private static func deviceMAC(
        _ tag: [UInt8], _ account: AccountID, _ seen: Timestamp, _ verifier: MACKey
    ) -> [UInt8] {
        let instant = withUnsafeBytes(of: seen.milliseconds.bigEndian) { Array($0) }
        return verifier.tag("buckler known device row v1", account.bytes, tag, instant)
    }

    private static var knownDeviceLifetime: Duration { .days(90) }
    private static var maximumKnownDeviceCount: Int { 50 }
}
