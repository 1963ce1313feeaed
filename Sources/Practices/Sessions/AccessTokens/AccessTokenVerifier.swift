import Authentication
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// Why an access token is refused.
///
/// Each check has its own event reason; the answer is `invalid_token` for all of them.
package enum AccessTokenRefusal: Error, Equatable, Sendable {
    /// Not a compact JWS that this product accepts.
    case malformed
    /// `typ` is not `at+jwt`: another kind of our own tokens, or none of ours.
    case type
    /// No access-token key has this `kid`.
    case unknownKey
    /// Not signed by the key it names.
    case signature
    /// `iss` is another issuer.
    case issuer
    /// `aud` is not the one that was asked for.
    case audience
    /// `exp` has come.
    case expired
    /// `iat` lies ahead of our own clock.
    case notYetValid
    /// A claim is missing or of another form.
    case claims

    /// The check that refused, for the event.
    package var reason: EventReason {
        switch self {
        case .malformed: EventReason("access_token.malformed")
        case .type: EventReason("access_token.type")
        case .unknownKey: EventReason("access_token.unknown_key")
        case .signature: EventReason("access_token.signature")
        case .issuer: EventReason("access_token.issuer")
        case .audience: EventReason("access_token.audience")
        case .expired: EventReason("access_token.expired")
        case .notYetValid: EventReason("access_token.not_yet_valid")
        case .claims: EventReason("access_token.claims")
        }
    }
}

/// An access token as it came, with its SHA-256: the `ath` of proofs and the place in our memory.
package struct PresentedAccessToken: Sendable {
    /// The compact text.
    package let text: String
    /// Thirty-two bytes.
    package let digest: [UInt8]

    /// Computes the digest.
    package init(_ text: String) {
        self.text = text
        digest = SHA256Bytes.digest(of: text)
    }
}

/// Checks access tokens (RFC 9068 §4) and remembers those it has checked, so that a request costs one curve operation.
///
/// States issuer, audiences, `typ`, one algorithm and one key set (PD-15). Remembered tokens are forgotten at their
/// expiry, when the keys change, and when there are too many: two generations of at most `capacity` each.
package final class AccessTokenVerifier: Sendable {
    private let issuer: String
    private let audiences: Set<String>
    private let keys: SigningKeyRing
    private let clock: WallClock
    private let memory: VerifiedTokenMemory

    /// Takes our issuer and every audience that this server issues tokens for (at least one).
    package init(
        issuer: String, audiences: Set<String>, keys: SigningKeyRing, clock: WallClock, capacity: Int = 100_000
    ) {
        precondition(!issuer.isEmpty && !audiences.isEmpty, "a verifier states issuer and audience")
        self.issuer = issuer
        self.audiences = audiences
        self.keys = keys
        self.clock = clock
        memory = VerifiedTokenMemory(capacity: capacity)
    }

    /// Checks a token for one audience; nil stands for any of this server's own audiences (for its account endpoints).
    ///
    /// Not decided here: the session's end and the sender's key (`SessionGuard`).
    package func verify(_ token: String, audience: String?) throws(AccessTokenRefusal) -> VerifiedAccessToken {
        guard token.utf8.count <= Self.maximumByteCount else { throw .malformed }
        return try verify(PresentedAccessToken(token), audience: audience)
    }

    /// The same for a token whose digest was needed before, for a proof's `ath`.
    package func verify(
        _ presented: PresentedAccessToken, audience: String?
    ) throws(AccessTokenRefusal) -> VerifiedAccessToken {
        let (token, digest) = (presented.text, presented.digest)
        guard token.utf8.count <= Self.maximumByteCount else { throw .malformed }
        let revision = keys.revision
        let now = clock.now
        let verified: VerifiedAccessToken
        if let remembered = memory.token(digest, revision: revision) {
            verified = remembered
        } else {
            verified = try check(token, digest: digest)
            if now < verified.expiresAt { memory.remember(verified, revision: revision, at: now) }
        }
        guard now < verified.expiresAt else { throw .expired }
        guard verified.issuedAt <= now + Self.clockTolerance else { throw .notYetValid }
        if let audience { guard verified.audience == audience else { throw .audience } }
        return verified
    }

    private func check(_ token: String, digest: [UInt8]) throws(AccessTokenRefusal) -> VerifiedAccessToken {
        let unverified: UnverifiedJWS
        do { unverified = try UnverifiedJWS(parsing: token, maximumByteCount: Self.maximumByteCount) } catch {
            throw .malformed
        }
        guard unverified.typ == SigningPurpose.accessToken.typ else { throw .type }
        guard let kid = unverified.kid, let key = keys.publicKey(.accessToken, kid: kid) else { throw .unknownKey }
        let payload: JSONObject
        do { payload = try unverified.verified(by: key, typ: SigningPurpose.accessToken.typ).payload } catch {
            throw .signature
        }
        guard payload["iss"]?.string == issuer else { throw .issuer }
        guard let audience = payload["aud"]?.string, audiences.contains(audience) else { throw .audience }
        guard let claims = VerifiedAccessToken(payload, audience: audience, digest: digest) else { throw .claims }
        return claims
    }

    /// Our tokens have about 900 bytes.
    private static let maximumByteCount = 4096
    /// The clock that minted is the clock that checks; a step back of the machine's clock stays below this.
    private static let clockTolerance = Duration.seconds(10)
}

extension VerifiedAccessToken {
    /// Reads the claims of a payload whose signature was checked; nil if one is missing or malformed.
    fileprivate init?(_ payload: JSONObject, audience: String, digest: [UInt8]) {
        guard let account = payload["sub"]?.string.flatMap(AccountID.init(parsing:)),
            let session = payload["sid"]?.string.flatMap(SessionID.init(parsing:)),
            let client = payload["client_id"]?.string.flatMap(ClientID.init(parsing:)),
            let device = payload["device"]?.string.flatMap(DeviceID.init(parsing:)),
            let key = payload["cnf"]?.object?["jkt"]?.string.flatMap(JWKThumbprint.init(parsing:)),
            let level = payload["acr"]?.string.flatMap(AuthenticationLevel.init(acr:)),
            let methods = payload["amr"]?.array, let scope = payload["scope"]?.string,
            let tokenID = payload["jti"]?.string, let issuedAt = payload["iat"]?.integer,
            let expiresAt = payload["exp"]?.integer, let authenticatedAt = payload["auth_time"]?.integer,
            let deadline = payload["session_deadline"]?.integer
        else { return nil }
        let amr = methods.compactMap(\.string)
        guard amr.count == methods.count else { return nil }
        self.init(
            AccessTokenClaims(
                account: account, session: session, client: client, key: key,
                scope: scope.split(separator: " ").map(String.init), audience: audience, level: level, amr: amr,
                authenticatedAt: Timestamp(seconds: authenticatedAt), device: device,
                issuedAt: Timestamp(seconds: issuedAt), expiresAt: Timestamp(seconds: expiresAt),
                sessionDeadline: Timestamp(seconds: deadline)),
            tokenID: tokenID, digest: digest)
    }
}
