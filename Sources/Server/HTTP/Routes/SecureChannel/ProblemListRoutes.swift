import BucklerAPI
import BucklerPrimitives
import Hummingbird

/// What the `type` of a problem document points to (RFC 9457 §3.1.1): every code with its meaning.
///
/// JSON, since the public listener has no pages (PD-17).
package struct ProblemListRoutes: RouteCollection {
    /// Makes the routes.
    package init() {}

    /// Below the issuer, where `type` and `error_uri` say it is.
    package func register(on router: RouterGroup<AppRequestContext>) { router.get("problems", use: list) }

    /// `GET /buckler/problems` → 200 `{"problems": [{"code", "status", "title", "explanation"}]}`; caches keep it an hour.
    @Sendable private func list(_ request: Request, _ context: AppRequestContext) -> Response {
        JSONResponse.document(Self.document, maximumAge: .hours(1))
    }

    private static let document: JSONValue = [
        "problems": .array(
            ProblemCode.all.map { code in
                [
                    "code": .string(code.text), "status": .integer(Int64(code.status)), "title": .string(code.title),
                    "explanation": .string(code.explanation),
                ]
            })
    ]
}
