import HTTPTypes
import Hummingbird
import SecureChannel

/// Puts the secure response fields on every answer that passes; a route's own value of a name stands.
struct SecureHeadersMiddleware: RouterMiddleware {
    private let fields: [HTTPField]

    init(_ headers: SecureHeaders) {
        fields = headers.own.compactMap { field in
            HTTPField.Name(field.name).map { HTTPField(name: $0, value: field.value) }
        }
    }

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in fields where response.headers[field.name] == nil { response.headers.append(field) }
        return response
    }
}
