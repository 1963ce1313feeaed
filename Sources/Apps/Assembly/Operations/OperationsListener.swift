import BucklerPrimitives
import Hummingbird
import Logging
import Monitoring
import NIOCore
import SQLiteDriver
import ServerConfiguration
import ServerGateway
import ServerHTTP

/// The operations listener: plain HTTP on loopback (PD-17).
struct OperationsListener {
    let core: ServerCore
    let gateway: Gateway
    let group: any EventLoopGroup

    /// The service, which opens `bound` when it listens.
    func service(bound: Gate) -> Listener {
        let address = core.settings.operations
        let core = core
        let (gateway, group) = (gateway, group)
        return Listener(key: "operations.listen", address: address, bound: bound) { gate in
            var logger = core.environment.logger
            logger[metadataKey: "listener"] = "operations"
            let application = Application(
                responder: Self.responder(core, gateway),
                configuration: .init(
                    address: .hostname(address.host, port: address.port), serverName: nil, reuseAddress: true),
                onServerRunning: { gate.open(port: $0.localAddress?.port ?? 0) },
                eventLoopGroupProvider: .shared(group), logger: logger)
            try await application.run()
        }
    }

    private static func responder(_ core: ServerCore, _ gateway: Gateway) -> RouterResponder<AppRequestContext> {
        var router = AppRouter(
            .init(
                issuer: core.settings.issuer,
                security: core.settings.transportSecurity, entropy: core.environment.entropy
            ),
            metrics: core.metrics)
        let routes = OperationsRoutes(
            health: core.health, metrics: core.metrics, hosts: [core.settings.operations.host],
            details: { await core.healthDetails() },
            gauges: { metrics in
                await core.updateGauges(metrics)
                gateway.metrics.export(to: metrics)
            })
        router.add([routes])
        return router.buildResponder()
    }
}

extension ServerCore {
    /// Members of `/health` beyond the status; numbers only.
    func healthDetails() async -> JSONObject {
        let database = database.statistics
        return [
            "version": .string(ProductVersion.text), "database": .string("\(database)"),
            "resident_bytes": .integer(ProcessMemory.residentByteCount),
        ]
    }

    /// Brings the gauges up to date.
    func updateGauges(_ metrics: MetricsRecorder) async {
        metrics.gauge(
            "buckler_resident_bytes", help: "Resident memory of the process.",
            to: Double(ProcessMemory.residentByteCount))
        metrics.gauge("buckler_ready", help: "1 while the server wants requests.", to: health.isReady ? 1 : 0)
    }
}
