import BucklerJOSE
import BucklerPrimitives

/// Device rows inside a transaction.
package protocol DeviceTransaction {
    /// The row of this account's key; nil if it never signed in with it.
    func device(account: AccountID, key: JWKThumbprint) throws -> DeviceRecord?

    /// The row with this id, if it belongs to the account.
    func device(_ id: DeviceID, account: AccountID) throws -> DeviceRecord?

    /// Adds a row.
    ///
    /// A second row of the same account and key is `StoreError.conflict`.
    func insert(_ device: DeviceRecord) throws

    /// Changes what the person calls the device.
    func rename(_ device: DeviceRecord) throws

    /// The account's devices.
    func devices(of account: AccountID) throws -> [DeviceRecord]
}

extension DeviceTransaction {
    /// The row of this account's key, made or renamed if need be.
    package func enrol(
        account: AccountID, key: JWKThumbprint, name: String?, at now: Timestamp, entropy: Entropy
    ) throws -> DeviceRecord {
        if var known = try device(account: account, key: key) {
            if let name, name != known.name {
                known.name = name
                try rename(known)
            }
            return known
        }
        let new = DeviceRecord(id: .random(entropy), account: account, key: key, name: name, createdAt: now)
        try insert(new)
        return new
    }
}
