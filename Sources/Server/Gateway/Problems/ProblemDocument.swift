import BucklerAPI
import BucklerPrimitives

/// Writes problem documents (RFC 9457) and OAuth errors (RFC 6749 §5.2) of one issuer.
package struct ProblemDocument: Sendable {
    /// `{public_url}/buckler`.
    package let issuer: String

    /// Takes the issuer, without a slash at the end.
    package init(issuer: String) { self.issuer = issuer }

    /// The media type of `body(…)`.
    package static let mediaType = "application/problem+json"

    /// The address of a code's documentation.
    package func documentation(of code: ProblemCode) -> String { "\(issuer)/problems#\(code.text)" }

    /// A problem's body.
    ///
    /// `members` must not contain the standard names.
    package func body(
        _ code: ProblemCode, status: Int? = nil, detail: String? = nil, request: String?, members: JSONObject = [:]
    ) -> [UInt8] {
        var object: JSONObject = [
            "type": .string(documentation(of: code)), "title": .string(code.title),
            "status": .integer(Int64(status ?? code.status)), "code": .string(code.text),
        ]
        if let detail { object["detail"] = .string(detail) }
        if let request { object["request_id"] = .string(request) }
        for (name, value) in members.members { object[name] = value }
        return JSONValue.object(object).serialized
    }

    /// An OAuth error's body: the RFC's `error`, our `code`, `error_uri` and further members.
    package func oauthBody(
        error: String, code: ProblemCode?, description: String? = nil, request: String?, members: JSONObject = [:]
    ) -> [UInt8] {
        var object: JSONObject = ["error": .string(error)]
        if let description { object["error_description"] = .string(description) }
        if let code {
            object["code"] = .string(code.text)
            object["error_uri"] = .string(documentation(of: code))
        }
        if let request { object["request_id"] = .string(request) }
        for (name, value) in members.members { object[name] = value }
        return JSONValue.object(object).serialized
    }
}
