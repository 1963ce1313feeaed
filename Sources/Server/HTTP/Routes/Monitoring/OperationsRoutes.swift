import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import Monitoring

/// The operations listener: `GET /metrics` (Prometheus text) and `GET /health` (details).
///
/// Nothing personal, no secret.
///
/// A browser page of a stranger must not read it by pointing its own host name at 127.0.0.1, so only requests for a
/// loopback name or address, or for the listener's own, are answered.
package struct OperationsRoutes: RouteCollection {
    private let health: HealthState
    private let metrics: MetricsRecorder
    private let details: @Sendable () async -> JSONObject
    private let gauges: @Sendable (MetricsRecorder) async -> Void
    private let hosts: Set<String>

    /// Takes the process's state, further host names that may be asked for, the members of `/health` beyond the status, and
    /// what brings the gauges up to date before they are read.
    package init(
        health: HealthState, metrics: MetricsRecorder, hosts: Set<String> = [],
        details: @escaping @Sendable () async -> JSONObject,
        gauges: @escaping @Sendable (MetricsRecorder) async -> Void
    ) {
        self.health = health
        self.metrics = metrics
        self.details = details
        self.gauges = gauges
        self.hosts = hosts.union(["localhost", "127.0.0.1", "[::1]", "console.localhost"])
    }

    package func registerAtRoot(on router: RouterGroup<AppRequestContext>) {
        router.get("metrics", use: readMetrics)
        router.get("health", use: readHealth)
        HealthRoutes(health: health).registerAtRoot(on: router)
    }

    @Sendable private func readMetrics(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        try checkHost(request)
        await gauges(metrics)
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: metrics.prometheusText)))
    }

    @Sendable private func readHealth(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        try checkHost(request)
        var answer: JSONObject = ["status": .string(health.isReady ? "ready" : "unready")]
        answer["phase"] = .string(health.phase.rawValue)
        answer["store_failed_at"] = health.storeFailedAt.map { .string($0.rfc3339) } ?? .null
        for member in await details().members { answer[member.name] = member.value }
        return JSONResponse.ok(.object(answer), status: health.isReady ? .ok : .serviceUnavailable)
    }

    private func checkHost(_ request: Request) throws {
        let authority = request.head.authority ?? ""
        let port = authority.lastIndex(of: ":").map { authority[$0...].dropFirst() } ?? ""
        let isPort = !port.isEmpty && port.utf8.allSatisfy { (48...57).contains($0) }
        let host = isPort ? String(authority.dropLast(port.utf8.count + 1)) : authority
        guard hosts.contains(host.lowercased()) else { throw Problem(.notFound) }
    }
}
