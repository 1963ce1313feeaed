import BucklerJOSE
import BucklerSecurityEvents

/// Why a request's DPoP proof was refused: one case per check, in the order of the checks.
package enum DPoPRefusal: Error, Hashable, Sendable {
    /// No `DPoP` header field.
    case missing
    /// More than one `DPoP` header field.
    case repeated
    /// The field is not a proof that is read here.
    case malformed(DPoPProofError)
    /// No `nonce` claim.
    case nonceMissing
    /// The nonce was not made by this process since its start.
    case nonceForged
    /// The nonce is older than 300 s.
    case nonceStale
    /// `htm` is another method.
    case method
    /// `htu` is another URI, or another server's.
    case uri
    /// A token came with the request and the proof has no `ath`.
    case accessTokenHashMissing
    /// `ath` belongs to another token.
    case accessTokenHash
    /// `user_idle` is not a whole, possible number of seconds.
    case userIdle
    /// The signature was not made by the key in the proof.
    case signature
    /// This proof was used before.
    case replayed
    /// This key, or without a session this network, has made a tenth of all proofs that can be remembered.
    case shareExceeded
    /// No more proofs can be remembered, and none is forgotten early.
    case replayStoreFull

    /// True if a new nonce may heal it: the answer is `use_dpop_nonce`.
    package var needsNonce: Bool {
        switch self {
        case .nonceMissing, .nonceForged, .nonceStale: true
        default: false
        }
    }

    /// True if the server, not the client, is at its limit: the answer is 503 `dpop.replay_store_full`.
    package var isOverload: Bool { self == .shareExceeded || self == .replayStoreFull }

    /// The event's reason; every check has its own.
    package var reason: EventReason {
        switch self {
        case .missing: EventReason("dpop.missing")
        case .repeated: EventReason("dpop.repeated")
        case .malformed(let error): error.reason
        case .nonceMissing: EventReason("dpop.nonce.missing")
        case .nonceForged: EventReason("dpop.nonce.forged")
        case .nonceStale: EventReason("dpop.nonce.stale")
        case .method: EventReason("dpop.htm.mismatch")
        case .uri: EventReason("dpop.htu.mismatch")
        case .accessTokenHashMissing: EventReason("dpop.ath.missing")
        case .accessTokenHash: EventReason("dpop.ath.mismatch")
        case .userIdle: EventReason("dpop.user_idle.malformed")
        case .signature: EventReason("dpop.signature")
        case .replayed: EventReason("dpop.replayed")
        case .shareExceeded: EventReason("dpop.share_exceeded")
        case .replayStoreFull: EventReason("dpop.replay_store_full")
        }
    }
}

extension DPoPProofError {
    fileprivate var reason: EventReason {
        switch self {
        case .tooLarge: EventReason("dpop.too_large")
        case .form: EventReason("dpop.form")
        case .type: EventReason("dpop.typ")
        case .algorithm: EventReason("dpop.alg")
        case .forbiddenHeader: EventReason("dpop.forbidden_header")
        case .key: EventReason("dpop.jwk")
        case .privateKey: EventReason("dpop.jwk.private")
        case .method: EventReason("dpop.htm.malformed")
        case .uri: EventReason("dpop.htu.malformed")
        case .identifier: EventReason("dpop.jti.malformed")
        case .issuedAt: EventReason("dpop.iat.malformed")
        case .accessTokenHash: EventReason("dpop.ath.malformed")
        case .nonce: EventReason("dpop.nonce.malformed")
        case .signature: EventReason("dpop.signature")
        }
    }
}
