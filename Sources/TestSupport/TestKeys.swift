import BucklerPrimitives
import DataProtection

/// Keys of an instance for tests, the same at every run.
package struct TestKeys: Sendable {
    /// The instance.
    package let instance: InstanceID
    /// Everything derived from the root.
    package let ring: KeyRing
    /// Accounts' data keys.
    package let accountKeys: AccountDataKeys

    /// Draws everything from a seed: two seeds are two instances.
    package init(seed: UInt64 = 7) {
        let entropy = Entropy.seeded(seed)
        instance = InstanceID.random(entropy)
        ring = KeyRing(root: SecretBytes(entropy.bytes(32)), instance: instance)
        guard let keys = KeyEncryptionKeys([.first: SecretBytes(entropy.bytes(32))]) else {
            preconditionFailure("one epoch is enough")
        }
        accountKeys = AccountDataKeys(keys, entropy: entropy)
    }
}
