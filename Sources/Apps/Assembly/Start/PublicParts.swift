import Authentication
import BucklerPrimitives
import Foundation
import Hummingbird
import Logging
import Monitoring
import NIOCore
import SecureChannel
import ServerConfiguration
import ServerGateway
import ServerHTTP
import Sessions

/// The public listener: certificate, gateway and our own endpoints behind one port.
struct PublicParts {
    let core: ServerCore
    let tls: ServerTLS
    let gateway: Gateway
    let proofs: ProofGuard
    let incidents: IncidentRecorder

    init(core: ServerCore) throws(StartFailure) {
        self.core = core
        let settings = core.settings
        let certificate = ListenerCertificate(settings: settings, environment: core.environment)
        tls = try certificate.load()
        let incidents = IncidentRecorder(core: core)
        self.incidents = incidents
        let verifier = DPoPVerifier(
            publicURLs: try settings.proofURLs(certificate), clock: core.environment.clock,
            entropy: core.environment.entropy,
            replay: ReplayMemory(cap: settings.limits.rememberedProofs, entropy: core.environment.entropy))
        let sessions = core.sessions
        proofs = ProofGuard(
            proofs: verifier, tokens: sessions.tokens, sessions: sessions.guardian, notices: sessions.service.notices,
            ended: sessions.ended, activity: sessions.activity
        ) { incidents.note($0) }
        let signingKeys = sessions.signingKeys
        gateway = Gateway(
            try settings.gatewayConfiguration(),
            authenticator: BoundTokenAuthenticator(
                proofs: verifier, tokens: sessions.tokens, sessions: sessions.guardian,
                notices: sessions.service.notices, ended: sessions.ended, audience: settings.publicURL.text),
            identity: IdentityHeaderMint(
                issuer: settings.issuer, audience: settings.upstream.audience, clock: core.environment.clock,
                revision: { signingKeys.revision }
            ) { try signingKeys.sign($0, .identity) },
            ended: sessions.ended, activity: sessions.activity, clock: core.environment.clock,
            entropy: core.environment.entropy
        ) { incidents.note($0) }
    }

    /// The service, which opens `bound` when it listens.
    func service(bound: Gate, group: any EventLoopGroup) throws(StartFailure) -> Listener {
        let settings = core.settings
        var router = AppRouter(
            .init(
                issuer: settings.issuer, security: settings.transportSecurity,
                trustedProxies: settings.proxies, entropy: core.environment.entropy),
            metrics: core.metrics)
        router.add(try PublicRoutes(core: core, proofs: proofs).collections())
        let (gateway, tls) = (gateway, tls)
        var logger = core.environment.logger
        logger[metadataKey: "listener"] = "public"
        let application = PublicApplication(
            router: router, gateway: gateway, tls: tls,
            address: .hostname(settings.listen.host, port: settings.listen.port), group: group, logger: logger
        ) { bound.open(port: $0.localAddress?.port ?? 0) }
        return Listener(key: "listen", address: settings.listen, bound: bound) { _ in try await application.run() }
    }
}

extension ServerSettings {
    /// HSTS in production; its withdrawal in development (PD-20).
    var transportSecurity: TransportSecurity { mode == .development ? .development : .strict }

    /// What proofs may name as `htu`: the public URL, and in development the names in the certificate.
    func proofURLs(_ certificate: ListenerCertificate) throws(StartFailure) -> [String] {
        guard mode == .development else { return [publicURL.text] }
        let names = ["127.0.0.1", "[::1]"] + (try certificate.furtherNames()).map { $0.contains(":") ? "[\($0)]" : $0 }
        return [publicURL.text] + names.map { "https://\($0):\(publicURL.port)" }
    }

    /// Reverse proxies whose word is taken.
    var proxies: TrustedProxies {
        let networks = trustedProxies
        return TrustedProxies { address in networks.contains { $0.contains(address) } }
    }

    func gatewayConfiguration() throws(StartFailure) -> GatewayConfiguration {
        let target: UpstreamTarget =
            switch upstream.url.place {
            case .tcp(let host, let port): .tcp(host: host, port: port)
            case .unix(let path): .unix(path: path)
            }
        var bounds = GatewayLimits()
        bounds.bodyByteCount = limits.bodyByteCount
        bounds.requestTime = limits.requestTime
        bounds.idleTime = limits.idleTime
        bounds.connectionCount = limits.connections
        bounds.sourceConnectionCount = max(16, limits.connections / 8)
        bounds.streamCount = limits.streams
        bounds.upstreamConnectTime = upstream.connectTimeout
        bounds.upstreamHeaderTime = upstream.responseTimeout
        var rules: [RouteRule] = []
        for (index, route) in routes.enumerated() { rules.append(try route.rule(index: index)) }
        return GatewayConfiguration(
            issuer: issuer, publicHost: String(publicURL.text.dropFirst("https://".count)), security: transportSecurity,
            policy: RoutePolicy(rules: rules), upstream: target, trustedProxies: proxies, limits: bounds)
    }
}

extension RouteSettings {
    /// The same line in the gateway's words.
    func rule(index: Int) throws(StartFailure) -> RouteRule {
        let pattern: RoutePattern
        do throws(RoutePatternError) {
            pattern = try RoutePattern(parsing: path)
        } catch {
            throw .unexpected("routes[\(index)].path")
        }
        return RouteRule(
            pattern, access: isAuthenticationRequired ? .session : .open,
            minimumLevel: level > .one ? RequiredLevel(rawValue: level.rawValue) : nil, maximumAge: maximumAge,
            clients: clients.isEmpty ? nil : Set(clients), methods: Set(methods), scopes: scopes,
            allowsWebSocket: allowsWebSocket, identity: identity == .perRequest ? .perRequest : .perToken,
            bodyByteCount: bodyByteCount,
            requestTime: requestTime)
    }
}
