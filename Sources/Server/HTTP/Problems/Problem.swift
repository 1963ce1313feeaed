import BucklerAPI
import BucklerPrimitives
import HTTPTypes

/// A refusal in the form of RFC 9457, thrown by routes outside the OAuth endpoints.
package struct Problem: Error {
    /// What a program reads.
    package let code: ProblemCode
    /// The code's status, unless the endpoint has a reason for another.
    package let status: Int
    /// A fixed text for developers; never input, never which secret check failed.
    package let detail: String?
    /// Becomes `Retry-After`, rounded up to whole seconds.
    package let retryAfter: Duration?
    /// Further response fields, such as `WWW-Authenticate`.
    package var headers: HTTPFields
    /// Further members of the document, such as `session_end`.
    package var members: JSONObject

    /// Makes a refusal.
    package init(
        _ code: ProblemCode, status: Int? = nil, detail: String? = nil, retryAfter: Duration? = nil,
        headers: HTTPFields = [:], members: JSONObject = [:]
    ) {
        self.code = code
        self.status = status ?? code.status
        self.detail = detail
        self.retryAfter = retryAfter
        self.headers = headers
        self.members = members
    }
}

/// Errors that know their refusal; one extension per practice's error type, exhaustive on purpose.
package protocol ProblemConvertible: Error {
    /// The refusal.
    var problem: Problem { get }
}

extension StoreError: ProblemConvertible {
    /// Every fault of the store is the same to a client: nothing was changed, try again.
    package var problem: Problem { Problem(.temporarilyUnavailable, retryAfter: .seconds(1)) }
}
