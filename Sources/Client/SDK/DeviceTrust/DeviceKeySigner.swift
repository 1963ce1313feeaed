import BucklerJOSE
import BucklerPlatformKeys
import BucklerPrimitives
import Crypto

/// The device key as the signer of proofs.
struct DeviceKeySigner: ES256Signer {
    let publicJWK: P256PublicJWK
    private let key: any DeviceKey

    /// Nil if the key's public point is not a point of P-256.
    init?(_ key: any DeviceKey) {
        guard let publicKey = try? P256.Signing.PublicKey(x963Representation: key.publicPoint) else { return nil }
        self.key = key
        publicJWK = P256PublicJWK(publicKey)
    }

    var publicPoint: [UInt8] { key.publicPoint }

    func signature(for input: [UInt8]) throws -> [UInt8] { try sign(input) }

    /// The signature, with the store's own errors.
    func sign(_ input: [UInt8]) throws(SecretStoreError) -> [UInt8] { try key.signature(for: input) }
}
