import BucklerAPI
import Hummingbird
import Logging

/// Innermost: turns thrown errors into answers, so that the layers around it see and dress every refusal.
struct ProblemConversion: RouterMiddleware {
    let problems: ProblemResponses

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            if let response = problems.anyResponse(for: error, context) { return response }
            // The type alone: an error's text may contain input.
            context.logger.error("unexpected error", metadata: ["type": .string(String(reflecting: type(of: error)))])
            return problems.response(for: Problem(.internalError), context)
        }
    }
}
