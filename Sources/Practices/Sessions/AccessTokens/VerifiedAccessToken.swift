import Authentication
import BucklerJOSE
import BucklerPrimitives

/// The claims of an access token whose signature, issuer, audience, type and times were checked.
///
/// Only `AccessTokenVerifier` makes one. It says nothing about the session's end or the sender's key: `SessionGuard` does.
package struct VerifiedAccessToken: Sendable, Hashable {
    /// Claim `sub`.
    package let account: AccountID
    /// Claim `sid`.
    package let session: SessionID
    /// Claim `client_id`.
    package let client: ClientID
    /// `cnf.jkt`: only the holder of this key may use the token.
    package let key: JWKThumbprint
    /// Claim `scope`.
    package let scope: [String]
    /// Claim `aud`.
    package let audience: String
    /// Claim `acr`.
    package let level: AuthenticationLevel
    /// Claim `amr`.
    package let amr: [String]
    /// Claim `auth_time`.
    package let authenticatedAt: Timestamp
    /// Claim `device`.
    package let device: DeviceID
    /// Claim `iat`.
    package let issuedAt: Timestamp
    /// `exp`: the first instant at which it is refused.
    package let expiresAt: Timestamp
    /// `session_deadline`: when the session ends if nobody touches it again; streams end then.
    package let sessionDeadline: Timestamp
    /// Claim `jti`.
    package let tokenID: String
    /// SHA-256 of the compact text, the `ath` of proofs.
    package let digest: [UInt8]
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
