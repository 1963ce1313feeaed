import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation

/// A phone of the tests: a P-256 key that makes proofs and signs tokens.
public struct SoftwareDevice: Sendable {
    /// The private key; tests may show it to everybody.
    public let key: P256.Signing.PrivateKey
    /// Signs with the key.
    public let signer: SoftwareES256Signer
    private let maker: DPoPProofMaker

    /// A device whose key and proof identifiers follow from `seed`.
    public init(seed: UInt64) {
        let entropy = Entropy.seeded(seed)
        key = .seeded(entropy)
        signer = SoftwareES256Signer(key)
        maker = DPoPProofMaker(signer: signer, entropy: entropy)
    }

    /// The public key.
    public var jwk: P256PublicJWK { signer.publicJWK }

    /// The key's thumbprint.
    public var thumbprint: JWKThumbprint { jwk.thumbprint }

    /// A proof for one request.
    public func proof(
        _ method: String, _ url: String, nonce: String?, accessToken: String? = nil,
        at instant: Timestamp = Timestamp(seconds: 1_767_225_600), claims: JSONObject = [:]
    ) throws -> String {
        try maker.proof(
            method: method, url: url, nonce: nonce, accessToken: accessToken, issuedAt: instant, extraClaims: claims)
    }
}

extension P256.Signing.PrivateKey {
    /// A key from a reproducible stream.
    public static func seeded(_ entropy: Entropy) -> P256.Signing.PrivateKey {
        while true {
            // Refused only for zero and for numbers above the group's order: once in 2³² draws.
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: entropy.bytes(32)) { return key }
        }
    }
}
