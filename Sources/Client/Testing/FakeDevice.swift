import Buckler
import BucklerPlatformKeys
import BucklerPrimitives

/// A pretended device: what survives a process (secrets, key, files), so that a test can start the app anew.
public struct FakeDevice: Sendable {
    /// Its secret store.
    public var secrets: any SecretStore
    /// Its key.
    public var keys: any DeviceKeyStore
    /// Its files.
    public var files: any InstallationFiles
    /// What its person calls it.
    public var name: String
    /// Whether its owner is there when asked.
    public var presence: any UserPresence

    /// A new device with everything in memory, whose owner is always there.
    public init(name: String = "Test phone") {
        secrets = MemorySecretStore()
        keys = MemoryDeviceKeyStore()
        files = MemoryFiles()
        presence = ClosurePresence { _ in true }
        self.name = name
    }
}
