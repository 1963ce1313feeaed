import BucklerJOSE
import BucklerPrimitives
import DataProtection
import DeviceTrust

extension SessionSQLTransaction: DeviceTransaction {
    func device(account: AccountID, key: JWKThumbprint) throws -> DeviceRecord? {
        try connection.query(
            """
            SELECT id, account, jkt, name_sealed, created_at FROM device
            WHERE account = \(account) AND jkt = \(key.bytes)
            """
        ).first.map { try device($0, dataKey: try accountKeys.open(account, connection)) }
    }

    func device(_ id: DeviceID, account: AccountID) throws -> DeviceRecord? {
        try connection.query(
            """
            SELECT id, account, jkt, name_sealed, created_at FROM device WHERE id = \(id) AND account = \(account)
            """
        ).first.map { try device($0, dataKey: try accountKeys.open(account, connection)) }
    }

    func insert(_ device: DeviceRecord) throws {
        try connection.execute(
            """
            INSERT INTO device (id, account, jkt, name_sealed, created_at)
            VALUES (\(device.id), \(device.account), \(device.key.bytes), \(try sealedName(of: device)),
                \(device.createdAt))
            """)
    }

    func rename(_ device: DeviceRecord) throws {
        try connection.execute(
            """
            UPDATE device SET name_sealed = \(try sealedName(of: device))
            WHERE id = \(device.id) AND account = \(device.account)
            """)
    }

    func devices(of account: AccountID) throws -> [DeviceRecord] {
        let dataKey = try accountKeys.open(account, connection)
        return try connection.query(
            """
            SELECT id, account, jkt, name_sealed, created_at FROM device WHERE account = \(account)
            ORDER BY created_at DESC LIMIT 1000
            """
        ).map { try device($0, dataKey: dataKey) }
    }

    /// Nil without a name, and for an account whose data key is destroyed.
    private func sealedName(of device: DeviceRecord) throws -> [UInt8]? {
        guard let name = device.name, let dataKey = try accountKeys.open(device.account, connection) else { return nil }
        return names.seal(Array(name.utf8), Self.context(device.id), dataKey: dataKey)
    }

    private func device(_ row: SQLRow, dataKey: AccountDataKey?) throws(StoreError) -> DeviceRecord {
        let id: DeviceID = try row.identifier(0)
        guard let key = JWKThumbprint(bytes: try row.blob(2)) else { throw .tampered(table: "device") }
        var name: String?
        if !row.isNull(3), let dataKey {
            do {
                let opened = try names.open(try row.blob(3), Self.context(id), dataKey: dataKey)
                name = opened.withExposedBytes { String(decoding: $0, as: UTF8.self) }
            } catch { throw .tampered(table: "device") }
        }
        return DeviceRecord(
            id: id, account: try row.identifier(1), key: key, name: name, createdAt: try row.timestamp(4))
    }

    private static func context(_ device: DeviceID) -> RowContext {
        RowContext(table: "device", column: "name_sealed", owner: device.bytes)
    }
}
