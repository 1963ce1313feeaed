import Authentication
import BucklerJOSE
import BucklerPrimitives

/// What the introspection endpoint says about a token (RFC 7662 §2.2).
package struct TokenIntrospection: Sendable {
    private let issuer: String
    private let tokens: AccessTokenVerifier
    private let ended: EndedSessions

    /// Takes the verifier of access tokens and the register of what ended.
    package init(issuer: String, tokens: AccessTokenVerifier, ended: EndedSessions) {
        self.issuer = issuer
        self.tokens = tokens
        self.ended = ended
    }

    /// The claims of a running session's access token for `audience`; `{"active":false}` for everything else.
    ///
    /// Refresh tokens and another audience's tokens are everything else too: a service learns nothing about tokens that
    /// are not meant for it (RFC 7662 §4).
    package func describe(_ token: String, audience: String) -> JSONObject {
        guard let verified = try? tokens.verify(token, audience: audience), !ended.isEnded(verified) else {
            return ["active": false]
        }
        return [
            "active": true, "token_type": "DPoP", "iss": .string(issuer), "sub": .string(verified.account.text),
            "aud": .string(verified.audience), "client_id": .string(verified.client.text),
            "scope": .string(verified.scope.joined(separator: " ")), "iat": .integer(verified.issuedAt.seconds),
            "exp": .integer(verified.expiresAt.seconds), "jti": .string(verified.tokenID),
            "sid": .string(verified.session.text), "acr": .string(verified.level.acr),
            "amr": .array(verified.amr.map { .string($0) }),
            "auth_time": .integer(verified.authenticatedAt.seconds), "device": .string(verified.device.text),
            "cnf": ["jkt": .string(verified.key.text)],
        ]
    }
}
