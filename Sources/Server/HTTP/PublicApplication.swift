import BucklerPrimitives
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServerGateway
import ServiceLifecycle

/// The public listener: the gateway in front, our own endpoints behind it, one service.
package struct PublicApplication: Service {
    private let gateway: Gateway
    private let application: Application<RouterResponder<AppRequestContext>>

    /// Puts gateway, certificate and routes together.
    ///
    /// - Parameters:
    ///   - router: Our own endpoints.
    ///   - gateway: Everything else.
    ///   - tls: The certificate; nil serves plain HTTP/1.1.
    ///   - address: Where to listen; port 0 picks one.
    ///   - group: The event loops.
    ///   - logger: For faults of ours.
    ///   - onRunning: Called once with the listening channel.
    package init(
        router: AppRouter, gateway: Gateway, tls: ServerTLS?, address: BindAddress, group: any EventLoopGroup,
        logger: Logger, onRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) {
        self.gateway = gateway
        application = Application(
            responder: router.buildResponder(),
            server: HTTPServerBuilder { PublicChannel(gateway: gateway, tls: tls, responder: $0) },
            configuration: .init(
                address: address, serverName: nil, backlog: 1024, reuseAddress: true,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    gateway.connectionLimit, logger: logger)),
            onServerRunning: onRunning, eventLoopGroupProvider: .shared(group), logger: logger)
    }

    /// Serves until the service group stops gracefully or the task is cancelled.
    package func run() async throws { try await application.run() }
}

/// The steps of a graceful stop (PD-04's acknowledgements come first; this is about answers under way).
///
/// Announce: HTTP/1.1 answers carry `Connection: close`, readiness fails, for `announcement`. Then the group's graceful
/// shutdown sends GOAWAY and closes idle connections. What is still open at the group's own deadline
/// (`ServiceGroupConfiguration.maximumGracefulShutdownDuration`) is cut.
package struct GracefulStop: Sendable {
    private let gateway: Gateway
    private let announcement: Duration

    /// Takes the gateway and the time between announcement and closing.
    package init(_ gateway: Gateway, announcement: Duration = .seconds(1)) {
        self.gateway = gateway
        self.announcement = announcement
    }

    /// Announces, waits, and starts the group's graceful shutdown.
    package func begin(_ group: ServiceGroup) async {
        gateway.beginDraining()
        // A second signal cancels the wait; then the shutdown starts at once.
        do { try await Task.sleep(for: announcement) } catch is CancellationError {} catch {}
        await group.triggerGracefulShutdown()
    }
}
