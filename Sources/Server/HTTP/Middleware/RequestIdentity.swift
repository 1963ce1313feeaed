import BucklerPrimitives
import BucklerSecurityEvents
import HTTPTypes
import Hummingbird
import Logging
import ServerGateway

/// Outermost: draws the request's identifier and finds the client's address.
///
/// `X-Forwarded-For` is read only when the peer is a configured proxy, from the right: the first address that is not
/// a trusted proxy's is the client's.
struct RequestIdentity: RouterMiddleware {
    let entropy: Entropy
    let trustedProxies: TrustedProxies

    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = .random(entropy)
        context.source =
            ClientAddress.resolve(
                peer: context.peer, trusted: trustedProxies, forwardedFor: request.headers[values: .forwardedFor])
            ?? context.peer
        context.logger[metadataKey: "request_id"] = .string(context.requestID.text)
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID.text
        for field in context.answerFields.all { response.headers[field.name] = field.value }
        return response
    }
}
