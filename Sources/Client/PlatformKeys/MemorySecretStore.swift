import BucklerPrimitives
import Synchronization

/// Secrets that live as long as the process: previews and tests.
public final class MemorySecretStore: SecretStore {
    private let items = Mutex<[String: SecretBytes]>([:])

    /// An empty store.
    public init() {}

    /// Always readable.
    public func checkReadable() throws(SecretStoreError) {}
    /// All names.
    public func names() throws(SecretStoreError) -> [String] { items.withLock { Array($0.keys) } }
    /// One item.
    public func read(_ name: String) throws(SecretStoreError) -> SecretBytes? { items.withLock { $0[name] } }
    /// Adds unless the name exists.
    public func add(
        _ name: String, _ value: SecretBytes, protection: ItemProtection
    ) throws(SecretStoreError) -> Bool {
        items.withLock { items in
            guard items[name] == nil else { return false }
            items[name] = value
            return true
        }
    }
    /// Deletes one item.
    public func delete(_ name: String) throws(SecretStoreError) { items.withLock { $0[name] = nil } }
}

/// A device key that lives as long as the process: previews and tests.
public final class MemoryDeviceKeyStore: DeviceKeyStore {
    private let key = Mutex<SoftwareDeviceKey?>(nil)

    /// Without a key.
    public init() {}

    /// False.
    public var isHardwareBacked: Bool { false }
    /// The key, if one was made.
    public func load() throws(SecretStoreError) -> (any DeviceKey)? { key.withLock { $0 } }
    /// Makes the key once.
    public func create() throws(SecretStoreError) -> any DeviceKey {
        key.withLock { key in
            let made = key ?? SoftwareDeviceKey()
            key = made
            return made
        }
    }
    /// Forgets the key.
    public func delete() throws(SecretStoreError) { key.withLock { $0 = nil } }
}
