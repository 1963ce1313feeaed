import BucklerAPI
import BucklerPrimitives
import BucklerSecurityEvents
import HTTPTypes
import Hummingbird
import Monitoring
import SecureChannel
import ServerGateway

/// Builds the router of a listener: the middleware in its order, the routes, and 405 for every other method of a path.
package struct AppRouter {
    private let router: Router<AppRequestContext>
    private var collections: [any RouteCollection] = []

    /// What a listener's router needs.
    package struct Configuration: Sendable {
        /// `{public_url}/buckler`.
        package var issuer: String
        /// HSTS or its withdrawal.
        package var security: TransportSecurity
        /// Reverse proxies whose `X-Forwarded-For` is believed.
        package var trustedProxies: TrustedProxies
        /// Where request identifiers come from.
        package var entropy: Entropy

        /// Makes a configuration.
        package init(
            issuer: String, security: TransportSecurity, trustedProxies: TrustedProxies = .none,
            entropy: Entropy = .system
        ) {
            self.issuer = issuer
            self.security = security
            self.trustedProxies = trustedProxies
            self.entropy = entropy
        }
    }

    /// Makes a router without routes.
    package init(_ configuration: Configuration, metrics: MetricsRecorder) {
        let problems = ProblemResponses(document: ProblemDocument(issuer: configuration.issuer))
        router = Router(context: AppRequestContext.self, options: .autoGenerateHeadEndpoints)
        // Outermost first.
        router.add(
            middleware: RequestIdentity(
                entropy: configuration.entropy, trustedProxies: configuration.trustedProxies))
        router.add(middleware: SecureHeadersMiddleware(SecureHeaders(configuration.security)))
        router.add(middleware: RequestMetrics(metrics: metrics))
        router.add(middleware: BodyLimit(maximumByteCount: maximumBodyByteCount, problems: problems))
        router.add(middleware: ProblemConversion(problems: problems))
    }

    /// Adds routes.
    package mutating func add(_ collections: [any RouteCollection]) { self.collections += collections }

    /// The finished responder.
    package func buildResponder() -> RouterResponder<AppRequestContext> {
        let root = router.group()
        let issuer = router.group("buckler")
        for collection in collections {
            collection.register(on: issuer)
            collection.registerAtRoot(on: root)
        }
        refuseOtherMethods()
        return router.buildResponder()
    }

    private func refuseOtherMethods() {
        for (path, routes) in Dictionary(grouping: router.routes, by: { $0.path.description }) {
            var present = Set(routes.map(\.method))
            // The router answers HEAD where there is GET (RFC 9110 §9.3.2).
            if present.contains(.get) { present.insert(.head) }
            let allow = present.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !present.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem(.methodNotAllowed, headers: [.allow: allow])
                }
            }
        }
    }

    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
}
