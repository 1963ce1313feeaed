import Authentication
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import Sessions

/// What standard clients read before anything else: metadata and key sets (PD-15, PD-17).
package struct MetadataRoutes: RouteCollection {
    private let issuer: String
    private let resource: String
    private let scopes: [String]
    private let keys: SigningKeyRing

    /// Takes the issuer, the resource that the gateway protects, every scope that a client may ask for, and the keys.
    package init(issuer: String, resource: String, scopes: [String], keys: SigningKeyRing) {
        self.issuer = issuer
        self.resource = resource
        self.scopes = scopes
        self.keys = keys
    }

    /// Key sets and the OpenID document stand below the issuer.
    package func register(on router: RouterGroup<AppRequestContext>) {
        router.get("jwks.json") { _, _ in document(keys.keySet([.accessToken, .notice])) }
        router.get("identity/jwks.json") { _, _ in document(keys.keySet([.identity])) }
        router.get(".well-known/openid-configuration") { _, _ in document(openIDConfiguration) }
    }

    /// RFC 8414 and RFC 9728 put theirs before the path.
    package func registerAtRoot(on router: RouterGroup<AppRequestContext>) {
        router.get(".well-known/oauth-authorization-server/buckler") { _, _ in document(authorizationServer) }
        router.get(".well-known/oauth-protected-resource") { _, _ in document(protectedResource) }
    }

    /// RFC 8414 §2, RFC 9449 §5.1, draft-ietf-oauth-first-party-apps §4.
    private var authorizationServer: JSONObject {
        [
            "issuer": .string(issuer), "token_endpoint": endpoint("oauth/token"),
            "authorization_challenge_endpoint": endpoint("oauth/authorize-challenge"),
            "revocation_endpoint": endpoint("oauth/revoke"), "introspection_endpoint": endpoint("oauth/introspect"),
            "jwks_uri": endpoint("jwks.json"), "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic"],
            "dpop_signing_alg_values_supported": ["ES256"],
            "acr_values_supported": .array(AuthenticationLevel.reachable.map { .string($0.acr) }),
            "scopes_supported": .array(scopes.map { .string($0) }),
            "buckler_nonce_endpoint": endpoint("nonce"),
        ]
    }

    /// OpenID Connect Discovery §3: the same, with what that document demands.
    ///
    /// There is no browser endpoint and no ID token.
    private var openIDConfiguration: JSONObject {
        var json = authorizationServer
        json["subject_types_supported"] = ["public"]
        json["id_token_signing_alg_values_supported"] = ["ES256"]
        return json
    }

    /// RFC 9728 §2.
    private var protectedResource: JSONObject {
        [
            "resource": .string(resource), "authorization_servers": [.string(issuer)],
            "bearer_methods_supported": ["header"], "scopes_supported": .array(scopes.map { .string($0) }),
            "dpop_bound_access_tokens_required": true, "dpop_signing_alg_values_supported": ["ES256"],
        ]
    }

    private func endpoint(_ path: String) -> JSONValue { .string("\(issuer)/\(path)") }

    /// New keys are published a day before they sign, so an hour in a cache loses nothing.
    private func document(_ json: JSONObject) -> Response {
        JSONResponse.document(.object(json), maximumAge: .hours(1))
    }
}
