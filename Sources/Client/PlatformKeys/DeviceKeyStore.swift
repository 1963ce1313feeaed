/// A P-256 key that signs and does not leave the device (PD-13).
public protocol DeviceKey: Sendable {
    /// The public point, uncompressed: 0x04 ‖ x ‖ y, 65 bytes (SEC 1 §2.3.3).
    var publicPoint: [UInt8] { get }
    /// ECDSA with SHA-256 over `message`: r ‖ s, 64 bytes. Fails if the key was invalidated since it was loaded.
    func signature(for message: [UInt8]) throws(SecretStoreError) -> [UInt8]
}

/// The place of one device key: one per installation and profile.
public protocol DeviceKeyStore: Sendable {
    /// True if private keys are held by hardware and cannot be exported.
    var isHardwareBacked: Bool { get }
    /// The key, or nil if there is none or it was invalidated.
    func load() throws(SecretStoreError) -> (any DeviceKey)?
    /// Makes the key, or returns the one that another process made first.
    func create() throws(SecretStoreError) -> any DeviceKey
    /// Destroys the key; nothing happens if there is none.
    func delete() throws(SecretStoreError)
}
