import BucklerPrimitives

/// When an item can be read.
///
/// Every class is "this device only": nothing migrates through a backup.
public enum ItemProtection: String, Sendable, Hashable, CaseIterable {
    /// From the first unlock after a start until the device is switched off; what background work needs.
    case afterFirstUnlock
    /// Only while the device is unlocked.
    case whenUnlocked
    /// Only while unlocked, and destroyed when the passcode is removed.
    case whenPasscodeSet
}

/// Why a secret store or key store did not do what was asked.
public enum SecretStoreError: Error, Equatable, Sendable {
    /// Not readable now: the device has not been unlocked since it was started, or is locked (-25308). Try again later.
    case locked
    /// An item is there but does not open under this store's key, or is not what it was: lost, damaged or moved.
    case damaged
    /// The app lacks the entitlement for the access group (-34018).
    case notEntitled
    /// The store answered something else; the platform's status code.
    case platform(status: Int32)
}

/// A place for small secrets: the Keychain on Apple's platforms, an encrypted directory elsewhere.
///
/// Items are **add-only** (PD-01): adding a name that exists changes nothing and says so. This is the one operation that
/// two processes may race on; it is atomic, and exactly one of them sees `true`. There is no update.
public protocol SecretStore: Sendable {
    /// Throws ``SecretStoreError/locked`` unless items of class `afterFirstUnlock` can be read and written now.
    func checkReadable() throws(SecretStoreError)
    /// The names of all items, a snapshot, in no order.
    func names() throws(SecretStoreError) -> [String]
    /// The item's bytes, or nil if there is none.
    func read(_ name: String) throws(SecretStoreError) -> SecretBytes?
    /// Adds an item. True if this call added it, false if the name exists (its bytes stay as they are).
    func add(_ name: String, _ value: SecretBytes, protection: ItemProtection) throws(SecretStoreError) -> Bool
    /// Deletes an item; nothing happens if there is none.
    func delete(_ name: String) throws(SecretStoreError)
}
