import BucklerAPI
import HTTPTypes
import Hummingbird

/// Refuses announced bodies that are too large before anything of them is read.
struct BodyLimit: RouterMiddleware {
    let maximumByteCount: Int
    let problems: ProblemResponses

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let text = request.headers[.contentLength] else { return try await next(request, context) }
        guard let length = Int(text), length <= maximumByteCount else {
            var response = problems.response(for: Problem(.requestTooLarge), context)
            response.headers[.connection] = "close"
            return response
        }
        return try await next(request, context)
    }
}
