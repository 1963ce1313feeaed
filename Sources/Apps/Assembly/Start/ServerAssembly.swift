import BucklerPrimitives
import BucklerSecurityEvents
import Foundation
import Logging
import Monitoring
import NIOCore
import NIOPosix
import ServerConfiguration
import ServiceLifecycle

/// Which ports a running server got; useful where the configuration says port 0.
package struct BoundPorts: Sendable, Hashable {
    /// The public listener's.
    package let publicPort: Int
    /// The operations listener's.
    package let operationsPort: Int
}

/// The composition root: builds everything from the database to the listeners, and runs it until it is told to stop.
package final class ServerAssembly: Sendable {
    /// Database, keys and services.
    package let core: ServerCore
    private let orders = ServerOrders()
    private let group: MultiThreadedEventLoopGroup

    /// Opens the database and the keys and makes the practices' services; listens to nothing yet.
    ///
    /// - Throws: `StartFailure`.
    package init(settings: ServerSettings, environment: ServerEnvironment) async throws {
        core = try await ServerCore(settings: settings, environment: environment)
        group = .singleton
    }

    /// Tells a running server to finish what runs and to stop.
    package func stop() { orders.give(.stop) }

    /// Runs until `stop()` or a signal.
    ///
    /// Returns after everything is closed.
    ///
    /// - Parameters:
    /// - hearsSignals: whether SIGTERM, SIGINT and SIGHUP are this server's; false in tests.
    /// - ready: called once when all listeners are bound and the process wants requests.
    /// - Throws: `StartFailure` if a listener could not be bound.
    package func run(hearsSignals: Bool = true, ready: @escaping @Sendable (BoundPorts) -> Void) async throws {
        let sources = hearsSignals ? orders.listenToSignals() : []
        defer { for source in sources { source.cancel() } }
        do {
            try await runServices(ready: ready)
        } catch {
            await core.close()
            throw error
        }
        await core.close()
    }

    private func runServices(ready: @escaping @Sendable (BoundPorts) -> Void) async throws {
        let operationsBound = Gate()
        let services: [any Service] = [
            OperationsListener(core: core, group: group).service(bound: operationsBound),
            AdminSocket(
                path: core.settings.data + "/" + AdminSocket.fileName, desk: OperatorDesk(core: core, hasServer: true),
                group: group, logger: core.environment.logger),
        ]
        let serviceGroup = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [],
                logger: core.environment.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { operationsBound.open() }
                try await serviceGroup.run()
            }
            tasks.addTask { [self] in
                await operationsBound.pass()
                await becomeReady(BoundPorts(publicPort: 0, operationsPort: operationsBound.port ?? 0), ready)
            }
            tasks.addTask { [self] in await obey(serviceGroup) }
            // The services end first: by an order, or by a failure that is thrown here.
            try await tasks.next()
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private func becomeReady(_ ports: BoundPorts, _ ready: @Sendable (BoundPorts) -> Void) async {
        core.health.enter(.ready)
        ready(ports)
    }

    private func obey(_ services: ServiceGroup) async {
        for await order in orders.stream {
            switch order {
            case .reload: break
            case .stop:
                core.health.enter(.draining)
                await services.triggerGracefulShutdown()
                return
            }
        }
    }
}
