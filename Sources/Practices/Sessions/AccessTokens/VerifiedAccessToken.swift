import Authentication
import BucklerJOSE
import BucklerPrimitives

/// The claims of an access token whose signature, issuer, audience, type and times were checked.
///
/// Only `AccessTokenVerifier` makes one. It says nothing about the session's end or the sender's key: `SessionGuard` does.
package struct VerifiedAccessToken: Sendable, Hashable {
    private let box: Box

    /// Takes the claims; one reference is copied with the token afterwards, and it is copied often.
    init(_ claims: AccessTokenClaims, tokenID: String, digest: [UInt8]) {
        box = Box(claims, tokenID: tokenID, digest: digest)
    }

    private final class Box: Sendable {
        let claims: AccessTokenClaims
        let tokenID: String
        let digest: [UInt8]

        init(_ claims: AccessTokenClaims, tokenID: String, digest: [UInt8]) {
            self.claims = claims
            self.tokenID = tokenID
            self.digest = digest
        }
    }

    /// Equal if their texts are: the digest decides.
    package static func == (left: VerifiedAccessToken, right: VerifiedAccessToken) -> Bool {
        left.box === right.box || left.digest == right.digest
    }

    /// Feeds the digest.
    package func hash(into hasher: inout Hasher) { hasher.combine(DigestKey(digest)) }
}

extension VerifiedAccessToken {
    /// Claim `sub`.
    package var account: AccountID { box.claims.account }
    /// Claim `sid`.
    package var session: SessionID { box.claims.session }
    /// Claim `client_id`.
    package var client: ClientID { box.claims.client }
    /// `cnf.jkt`: only the holder of this key may use the token.
    package var key: JWKThumbprint { box.claims.key }
    /// Claim `scope`.
    package var scope: [String] { box.claims.scope }
    /// Claim `aud`.
    package var audience: String { box.claims.audience }
    /// Claim `acr`.
    package var level: AuthenticationLevel { box.claims.level }
    /// Claim `amr`.
    package var amr: [String] { box.claims.amr }
    /// Claim `auth_time`.
    package var authenticatedAt: Timestamp { box.claims.authenticatedAt }
    /// Claim `device`.
    package var device: DeviceID { box.claims.device }
    /// Claim `iat`.
    package var issuedAt: Timestamp { box.claims.issuedAt }
    /// `exp`: the first instant at which it is refused.
    package var expiresAt: Timestamp { box.claims.expiresAt }
    /// `session_deadline`: when the session ends if nobody touches it again; streams end then.
    package var sessionDeadline: Timestamp { box.claims.sessionDeadline }
    /// Claim `jti`.
    package var tokenID: String { box.tokenID }
    /// SHA-256 of the compact text, the `ath` of proofs.
    package var digest: [UInt8] { box.digest }
}

/// What an access token says, before it is signed.
package struct AccessTokenClaims: Sendable {
    package let account: AccountID
    package let session: SessionID
    package let client: ClientID
    package let key: JWKThumbprint
    package let scope: [String]
    package let audience: String
    package let level: AuthenticationLevel
    package let amr: [String]
    package let authenticatedAt: Timestamp
    package let device: DeviceID
    package let issuedAt: Timestamp
    package let expiresAt: Timestamp
    package let sessionDeadline: Timestamp
}

extension AccessTokenClaims {
    /// The payload (RFC 9068 §2.2, RFC 9449 §6.1) with our `sid`, `device` and `session_deadline`.
    package func payload(issuer: String, tokenID: String) -> JSONObject {
        [
            "iss": .string(issuer), "sub": .string(account.text), "aud": .string(audience),
            "client_id": .string(client.text), "iat": .integer(issuedAt.seconds), "exp": .integer(expiresAt.seconds),
            "jti": .string(tokenID), "sid": .string(session.text), "scope": .string(scope.joined(separator: " ")),
            "acr": .string(level.acr), "amr": .array(amr.map { .string($0) }),
            "auth_time": .integer(authenticatedAt.seconds), "device": .string(device.text),
            "session_deadline": .integer(sessionDeadline.seconds), "cnf": ["jkt": .string(key.text)],
        ]
    }
}

extension VerifiedAccessToken {
    /// The `acr` value, for practices that know no levels.
    package var acr: String { level.acr }
    /// The level as a number, 1 to 3.
    package var levelNumber: Int { level.rawValue }
}
