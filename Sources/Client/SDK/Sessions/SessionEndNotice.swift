import BucklerJOSE
import BucklerPrimitives

/// Why a session-end notice is ignored.
enum SessionEndNoticeError: Error, Equatable, Sendable {
    /// Not a compact ES256 JWS.
    case malformed
    /// Not signed by one of the server's notice keys, or another `typ`.
    case signature
    /// Of another issuer.
    case issuer
    /// About another session: also a notice of the past, replayed for a new session.
    case session
    /// About another device key.
    case key
    /// A claim is missing or of the wrong type.
    case claims
}

/// The server's signed order to end a session here (PD-05).
///
/// Only a verified one is obeyed.
struct VerifiedSessionEndNotice: Sendable, Equatable {
    /// The server's reason, a short word.
    let reason: String
    /// Whether vault items are destroyed; otherwise the vault is only closed.
    let wipe: Bool

    /// True if a person or operator elsewhere ended the session: then every item goes.
    ///
    /// Sessions that end by time or by the person here leave the items that were declared to live on.
    var isOrderedFromElsewhere: Bool { !["signed_out", "replaced", "idle", "expired"].contains(reason) }

    /// Verifies form, `typ`, one of `keys`, then `iss`, `sid`, `jkt`, in this order.
    ///
    /// `iat` must be there; its age is not checked: a notice about the present session is true whenever it arrives, and one
    /// about an earlier session names another `sid`.
    init(
        verifying text: String, for record: SessionRecord, keys: [P256PublicJWK]
    ) throws(SessionEndNoticeError) {
        let unverified: UnverifiedJWS
        do { unverified = try UnverifiedJWS(parsing: text, maximumByteCount: 4096) } catch { throw .malformed }
        guard let verified = keys.lazy.compactMap({ try? unverified.verified(by: $0, typ: Self.type) }).first else {
            throw .signature
        }
        let claims = verified.payload
        guard claims["iss"]?.string == record.issuer else { throw .issuer }
        guard claims["sid"]?.string == record.session else { throw .session }
        guard claims["jkt"]?.string == record.thumbprint else { throw .key }
        guard claims["iat"]?.integer != nil, let reason = claims["reason"]?.string, reason.utf8.count <= 64,
            let wipe = claims["wipe"]?.bool
        else { throw .claims }
        self.reason = reason
        self.wipe = wipe
    }

    static let type = "buckler-session-end+jwt"
}
