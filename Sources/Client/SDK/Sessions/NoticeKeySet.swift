import BucklerJOSE
import BucklerPrimitives

/// Why a set of notice keys is ignored.
enum NoticeKeySetError: Error, Equatable, Sendable {
    /// Not a compact ES256 JWS, or no usable set.
    case malformed
    /// Not signed by a key that this session has, or another `typ`.
    case signature
    /// Of another issuer.
    case issuer
}

/// Notice keys that came after the sign-in, signed by a key that the session had already (PD-05).
///
/// The first set is trusted as the sign-in is. Later ones must not be: whoever can change one answer on its way would
/// otherwise bring in a key of his own, and wipe with it.
struct VerifiedNoticeKeySet: Sendable, Equatable {
    /// The server's seconds at which it was signed: of two sets the later one counts.
    let issuedAt: Int64
    /// At most eight keys, at least one.
    let keys: [P256PublicJWK]

    /// Verifies form, `typ`, one of `known`, then `iss`.
    init(verifying text: String, issuer: String, known: [P256PublicJWK]) throws(NoticeKeySetError) {
        let unverified: UnverifiedJWS
        do { unverified = try UnverifiedJWS(parsing: text, maximumByteCount: 8192) } catch { throw .malformed }
        guard let verified = known.lazy.compactMap({ try? unverified.verified(by: $0, typ: Self.type) }).first else {
            throw .signature
        }
        guard verified.payload["iss"]?.string == issuer else { throw .issuer }
        let keys = SessionRecord.keys(verified.payload)
        guard let issuedAt = verified.payload["iat"]?.integer, issuedAt >= 0, !keys.isEmpty else { throw .malformed }
        self.issuedAt = issuedAt
        self.keys = keys
    }

    static let type = "buckler-notice-keys+jwt"
}
