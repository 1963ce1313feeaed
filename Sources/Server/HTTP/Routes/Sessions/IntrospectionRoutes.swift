import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import Sessions

/// Introspection (RFC 7662), for `kind: service` clients only (PD-19).
package struct IntrospectionRoutes: RouteCollection {
    private let introspection: TokenIntrospection
    private let clients: ServiceClients

    /// Takes the introspection and the clients that may ask.
    package init(introspection: TokenIntrospection, clients: ServiceClients) {
        self.introspection = introspection
        self.clients = clients
    }

    /// Registers the endpoint.
    package func register(on router: RouterGroup<AppRequestContext>) {
        router.post("oauth/introspect", use: introspect)
    }

    /// `POST /buckler/oauth/introspect` → 200 with the claims, or `{"active":false}` for anything that is not running
    /// or not for the audience of the service client that asks.
    ///
    /// Problems: `invalid_client` 401 for everybody but a service client with its secret, `invalid_request`.
    @Sendable func introspect(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let values = request.headers[values: .authorization]
        guard values.count == 1, let value = values.first, let service = clients.authenticate(basic: value) else {
            throw OAuthProblem(
                .invalidClient, status: 401,
                headers: [.wwwAuthenticate: #"Basic realm="introspection", charset="UTF-8""#])
        }
        let form = try await request.formBody(context)
        guard let token = form["token"] else {
            throw OAuthProblem(.invalidRequest, code: .requestInvalid, detail: "token is required.")
        }
        return JSONResponse.ok(.object(introspection.describe(token, audience: service.audience)))
    }
}
