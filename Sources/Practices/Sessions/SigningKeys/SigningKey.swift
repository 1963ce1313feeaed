import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation

/// What a signing key signs.
///
/// One key, one purpose, one `typ` (PD-15).
package enum SigningPurpose: String, Sendable, Hashable, CaseIterable {
    /// Access tokens.
    case accessToken = "access"
    /// The identity header for the upstream.
    case identity
    /// Session-end notices and what else the app obeys.
    case notice

    /// The JWS `typ` of what is signed.
    package var typ: String {
        switch self {
        case .accessToken: "at+jwt"
        case .identity: "buckler-identity+jwt"
        case .notice: "buckler-session-end+jwt"
        }
    }

    /// How long the last signature of a key that stopped signing is still accepted: the longest life of what it signed.
    package var longestLife: Duration {
        switch self {
        case .accessToken: .seconds(300)
        case .identity: .seconds(90)
        case .notice: .days(30)
        }
    }
}

/// One ES256 key of one purpose with the instants of its life.
///
/// *next* from `publishedAt`, *active* from `activeAt`, *verifying* from `retiredAt`, gone from `goneAt` (each inclusive).
package struct SigningKey: Sendable {
    /// The RFC 7638 thumbprint of the public half.
    package let kid: String
    /// What it signs.
    package let purpose: SigningPurpose
    /// When it first stood in a key set.
    package let publishedAt: Timestamp
    /// When it began to sign; nil while it is next.
    package var activeAt: Timestamp?
    /// When it stopped signing.
    package var retiredAt: Timestamp?
    /// From when on nothing that it signed is accepted.
    package var goneAt: Timestamp?
    /// Signs, in memory.
    package let signer: SoftwareES256Signer
    /// The private half's 32 bytes, for the store to seal.
    package let privateBytes: SecretBytes

    /// Draws a new key.
    package init(purpose: SigningPurpose, publishedAt: Timestamp, entropy: Entropy) {
        // A random 32-byte string is a valid scalar except for about one in 2^32: draw again then.
        while true {
            let bytes = SecretBytes(entropy.bytes(32))
            if let key = SigningKey(purpose: purpose, privateBytes: bytes, publishedAt: publishedAt) {
                self = key
                return
            }
        }
    }

    /// Takes a stored key; nil if the bytes are no private key of P-256.
    package init?(
        purpose: SigningPurpose, privateBytes: SecretBytes, publishedAt: Timestamp, activeAt: Timestamp? = nil,
        retiredAt: Timestamp? = nil, goneAt: Timestamp? = nil
    ) {
        let key = privateBytes.withExposedBytes { try? P256.Signing.PrivateKey(rawRepresentation: $0) }
        guard let key else { return nil }
        signer = SoftwareES256Signer(key)
        kid = signer.publicJWK.thumbprint.text
        self.purpose = purpose
        self.privateBytes = privateBytes
        self.publishedAt = publishedAt
        self.activeAt = activeAt
        self.retiredAt = retiredAt
        self.goneAt = goneAt
    }

    /// True while it signs.
    package var isActive: Bool { activeAt != nil && retiredAt == nil }

    /// True from `goneAt` on.
    package func isGone(at now: Timestamp) -> Bool { goneAt.map { $0 <= now } ?? false }

    /// The public half as a member of a key set (RFC 7517 §4).
    package var publishedJWK: JSONObject {
        var json = signer.publicJWK.json
        json["use"] = "sig"
        json["alg"] = "ES256"
        json["kid"] = .string(kid)
        return json
    }
}
