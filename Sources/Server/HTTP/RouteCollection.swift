import Hummingbird

/// The routes of one capability.
package protocol RouteCollection: Sendable {
    /// Adds the routes below the issuer's path, `/buckler`.
    func register(on router: RouterGroup<AppRequestContext>)
    /// Adds the routes that stand at the origin's root: well-known documents, health.
    func registerAtRoot(on router: RouterGroup<AppRequestContext>)
}

extension RouteCollection {
    /// None.
    package func register(on router: RouterGroup<AppRequestContext>) {}
    /// None.
    package func registerAtRoot(on router: RouterGroup<AppRequestContext>) {}
}
