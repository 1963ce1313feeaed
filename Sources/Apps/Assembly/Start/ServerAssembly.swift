import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import Foundation
import Logging
import Monitoring
import NIOCore
import NIOPosix
import ServerConfiguration
import ServerGateway
import ServerHTTP
import ServiceLifecycle
import Sessions

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
        let (publicBound, operationsBound) = (Gate(), Gate())
        let parts = try PublicParts(core: core)
        var configuration = ServiceGroupConfiguration(
            services: try services(parts, publicBound, operationsBound).map { .init(service: $0) },
            gracefulShutdownSignals: [], logger: core.environment.logger)
        // The public listener is cut at the drain time; this is for whatever else does not end then.
        configuration.maximumGracefulShutdownDuration = core.settings.limits.drainTime + .seconds(3)
        let serviceGroup = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Ended.self) { tasks in
            tasks.addTask {
                defer {
                    publicBound.open(port: 0)
                    operationsBound.open(port: 0)
                }
                try await serviceGroup.run()
                return .services
            }
            tasks.addTask { [self] in
                await publicBound.pass()
                await operationsBound.pass()
                // Port 0: the services ended before they listened.
                if let first = publicBound.port, let second = operationsBound.port, first > 0, second > 0 {
                    becomeReady(BoundPorts(publicPort: first, operationsPort: second), ready)
                }
                return .other
            }
            tasks.addTask { [self] in
                await obey(serviceGroup, parts)
                return .other
            }
            defer { tasks.cancelAll() }
            do {
                while let ended = try await tasks.next(), ended != .services {}
            } catch is CancellationError where core.health.phase == .draining && !Task.isCancelled {
                core.environment.logger.warning("services did not end in the drain time and were cancelled")
            }
        }
    }

    private enum Ended {
        case services
        case other
    }

    private func services(_ parts: PublicParts, _ publicBound: Gate, _ operationsBound: Gate) throws -> [any Service] {
        let logger = core.environment.logger
        let (sessions, signIn) = (core.sessions, core.signIn)
        return [
            try mailService(),
            parts.incidents,
            Repeating(interval: .seconds(1), name: "deadlines", logger: logger) {
                sessions.ended.cutOverdueExchanges()
                signIn.releaseIdleMemory()
                sessions.listeners.beat()
            },
            UntilShutdown { [core] in
                let feed = AccountFeed(
                    store: core.events, signal: core.commits, listeners: sessions.listeners, logger: logger)
                await feed.run()
            },
            Repeating(interval: .minutes(10), name: "housekeeping", logger: logger) { [core] in
                try await core.keepHouse()
            },
            CertificateWatch(parts.tls) { outcome in
                if case .failure = outcome {
                    logger.error("the changed certificate cannot be used; the old one stays in use")
                }
            },
            OperationsListener(core: core, gateway: parts.gateway, group: group).service(bound: operationsBound),
            AdminSocket(
                path: core.settings.data + "/" + AdminSocket.fileName, desk: OperatorDesk(core: core, hasServer: true),
                group: group, logger: logger),
            try parts.service(bound: publicBound, group: group),
        ]
    }

    private func mailService() throws -> any Service {
        let environment = core.environment
        let dispatcher = MailDispatcher(
            store: core.authentication,
            transport: try environment.mailTransport ?? core.settings.makeMailTransport(), clock: environment.clock,
            entropy: environment.entropy)
        return UntilShutdown { await dispatcher.run(every: environment.mailInterval) { try await Task.sleep(for: $0) } }
    }

    private func becomeReady(_ ports: BoundPorts, _ ready: @Sendable (BoundPorts) -> Void) {
        core.health.enter(.ready)
        ready(ports)
    }

    private func obey(_ services: ServiceGroup, _ parts: PublicParts) async {
        for await order in orders.stream {
            switch order {
            case .reload: reload(parts.tls)
            case .stop:
                core.health.enter(.draining)
                let stop = GracefulStop(
                    parts.gateway, announcement: core.environment.drainAnnouncement,
                    drainTime: core.settings.limits.drainTime, logger: core.environment.logger)
                return await stop.run(services)
            }
        }
    }

    private func reload(_ tls: ServerTLS) {
        do throws(CertificateError) {
            try tls.reload()
        } catch {
            core.environment.logger.error("the certificate cannot be used; the old one stays in use")
        }
    }
}
