import BucklerPrimitives
import BucklerSecurityEvents

/// The port to the table of signing keys.
///
/// Private halves are wrapped by the store (`KeyPurpose.wrapSigningKeys`).
package protocol SigningKeyStore: Sendable {
    /// Every key that is not gone.
    ///
    /// A key that does not open is `StoreError.tampered`.
    func signingKeys() async throws(StoreError) -> [SigningKey]

    /// Makes the table hold exactly `keys`, and records `events`, in one transaction.
    func replaceSigningKeys(_ keys: [SigningKey], events: [SecurityEvent]) async throws(StoreError)
}
