import BucklerAPI
import BucklerPrimitives
import HTTPTypes

/// An `error` value of an OAuth standard.
package struct OAuthErrorName: Sendable, Hashable, CustomStringConvertible {
    /// The word on the wire.
    package let text: String

    /// Names a registered value.
    package init(_ literal: StaticString) { text = literal.description }

    /// The word.
    package var description: String { text }

    /// RFC 6749 §5.2.
    package static let invalidRequest = OAuthErrorName("invalid_request")
    /// RFC 6749 §5.2.
    package static let invalidClient = OAuthErrorName("invalid_client")
    /// RFC 6749 §5.2.
    package static let invalidGrant = OAuthErrorName("invalid_grant")
    /// RFC 6749 §5.2.
    package static let unauthorizedClient = OAuthErrorName("unauthorized_client")
    /// RFC 6749 §5.2.
    package static let unsupportedGrantType = OAuthErrorName("unsupported_grant_type")
    /// RFC 6749 §5.2.
    package static let invalidScope = OAuthErrorName("invalid_scope")
    /// RFC 8707 §2.
    package static let invalidTarget = OAuthErrorName("invalid_target")
    /// RFC 6749 §4.1.2.1.
    package static let temporarilyUnavailable = OAuthErrorName("temporarily_unavailable")
    /// RFC 6749 §4.1.2.1.
    package static let serverError = OAuthErrorName("server_error")
    /// RFC 9449 §5.
    package static let invalidDPoPProof = OAuthErrorName("invalid_dpop_proof")
    /// RFC 9449 §8.
    package static let useDPoPNonce = OAuthErrorName("use_dpop_nonce")
    /// draft-ietf-oauth-first-party-apps §5.2.2.
    package static let insufficientAuthorization = OAuthErrorName("insufficient_authorization")
    /// draft-ietf-oauth-first-party-apps §5.2.2.
    package static let invalidSession = OAuthErrorName("invalid_session")
    /// OpenID Connect Core §3.1.2.6; the person has to act.
    package static let accessDenied = OAuthErrorName("access_denied")
}

/// A refusal in the form of RFC 6749 §5.2, thrown by the OAuth endpoints.
package struct OAuthProblem: Error {
    /// The standard's word.
    package let error: OAuthErrorName
    /// Our further code, if one exists.
    package let code: ProblemCode?
    /// 400 unless said.
    package let status: Int
    /// A fixed text for developers.
    package let detail: String?
    /// Becomes `Retry-After`, rounded up to whole seconds.
    package let retryAfter: Duration?
    /// Further response fields.
    package var headers: HTTPFields
    /// Further members, such as `auth_session`, `challenge`, `session_end`.
    package var members: JSONObject

    /// Makes a refusal.
    package init(
        _ error: OAuthErrorName, code: ProblemCode? = nil, status: Int = 400, detail: String? = nil,
        retryAfter: Duration? = nil, headers: HTTPFields = [:], members: JSONObject = [:]
    ) {
        self.error = error
        self.code = code
        self.status = status
        self.detail = detail
        self.retryAfter = retryAfter
        self.headers = headers
        self.members = members
    }
}
