import BucklerJOSE
import BucklerPrimitives

/// A device key's row (PD-13): one P-256 key of one account on one installation.
///
/// No advertising, vendor or hardware identifier is kept; the public id names the row and opens nothing.
package struct DeviceRecord: Sendable, Hashable {
    /// The public id, `dev_…`.
    package let id: DeviceID
    /// Whose.
    package let account: AccountID
    /// The key's thumbprint.
    package let key: JWKThumbprint
    /// What the person calls the device; personal, sealed in the store.
    package var name: String?
    /// When this account first signed in with this key.
    package let createdAt: Timestamp

    /// States a row.
    package init(id: DeviceID, account: AccountID, key: JWKThumbprint, name: String?, createdAt: Timestamp) {
        self.id = id
        self.account = account
        self.key = key
        self.name = name
        self.createdAt = createdAt
    }
}
