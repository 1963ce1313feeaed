import Crypto
import Foundation

/// Something that signs with a P-256 key it need not show: a software key, a Secure Enclave, a keystore.
public protocol ES256Signer: Sendable {
    /// The public half.
    var publicJWK: P256PublicJWK { get }
    /// ECDSA over SHA-256 of `input` as r‖s, 64 bytes (RFC 7518 §3.4).
    func signature(for input: [UInt8]) throws -> [UInt8]
}

/// A signer whose key lies in this process's memory.
public struct SoftwareES256Signer: ES256Signer {
    /// The public half.
    public let publicJWK: P256PublicJWK
    private let key: P256.Signing.PrivateKey

    /// Takes the key.
    public init(_ key: P256.Signing.PrivateKey) {
        self.key = key
        publicJWK = P256PublicJWK(key.publicKey)
    }

    /// ECDSA over SHA-256 of `input` as r‖s, 64 bytes.
    public func signature(for input: [UInt8]) throws -> [UInt8] {
        Array(try key.signature(for: input).rawRepresentation)
    }
}

extension SoftwareES256Signer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The public half's thumbprint.
    public var description: String { "SoftwareES256Signer(\(publicJWK.thumbprint))" }
    /// The public half's thumbprint.
    public var debugDescription: String { description }
    /// Without children: the key is one.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
