import HTTPTypes
import Hummingbird
import Logging
import Monitoring

/// Counts answers and their time; writes one debug line per request.
///
/// Labels are the route's pattern, never the path.
struct RequestMetrics: RouterMiddleware {
    let metrics: MetricsRecorder

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let duration = ContinuousClock.now - start
        let route = context.endpointPath ?? "none"
        let status = response.status.code
        metrics.count(
            "buckler_http_requests_total", help: "Answers of our own endpoints.",
            labels: [("route", route), ("status", String(status))])
        metrics.observe(
            "buckler_http_request_seconds", help: "Time to our own endpoints' answers.",
            labels: [("route", route)], duration.seconds)
        context.logger.debug(
            "request", metadata: ["route": .string(route), "status": .stringConvertible(status)])
        return response
    }
}
