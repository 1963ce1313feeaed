import BucklerAPI
import BucklerPrimitives
import Hummingbird
import Monitoring

/// `GET /health/live` and `GET /health/ready` of the public listener: one word each, for probes.
package struct HealthRoutes: RouteCollection {
    private let health: HealthState

    /// Takes the process's state.
    package init(health: HealthState) { self.health = health }

    package func registerAtRoot(on router: RouterGroup<AppRequestContext>) {
        router.get("health/live") { _, _ in JSONResponse.ok(["status": "live"]) }
        router.get("health/ready", use: ready)
    }

    /// 200 `{"status":"ready"}`, or 503 while starting, draining or without a store.
    @Sendable private func ready(_ request: Request, _ context: AppRequestContext) -> Response {
        if health.isReady { return JSONResponse.ok(["status": "ready"]) }
        return JSONResponse.ok(["status": "unready"], status: .serviceUnavailable)
    }
}
