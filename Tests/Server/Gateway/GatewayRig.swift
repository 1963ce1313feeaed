import BucklerAPI
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import HTTPTypes
import Hummingbird
import Logging
import Monitoring
import NIOCore
import NIOPosix
import SecureChannel
import ServerGateway
import ServerHTTP
import ServiceLifecycle
import Sessions
import Synchronization
import TestSupport

/// A running public listener with everything real behind it but the store.
struct GatewayRig: Sendable {
    let port: Int
    let gateway: Gateway
    let sessions: SessionRig
    let incidents: Incidents
    let group: ServiceGroup

    static let publicURL = "https://api.example.com"

    /// Runs a listener for the time of `body`.
    static func run<R: Sendable>(
        upstream: Int?, rules: [RouteRule] = [.open], tls: ServerTLS? = nil,
        limits: GatewayLimits = GatewayLimits(), trusted: TrustedProxies = .none,
        routes: [any ServerHTTP.RouteCollection] = [TestRoutes()],
        _ body: @escaping @Sendable (GatewayRig) async throws -> R
    ) async throws -> R {
        let sessions = try await SessionRig()
        let incidents = Incidents()
        let issuer = publicURL + "/buckler"
        let gateway = Gateway(
            GatewayConfiguration(
                issuer: issuer, publicHost: "api.example.com", security: .development,
                policy: RoutePolicy(rules: rules), upstream: upstream.map { .tcp(host: "127.0.0.1", port: $0) },
                trustedProxies: trusted, limits: limits),
            authenticator: sessions.authenticator, identity: sessions.identity, ended: sessions.ended,
            activity: RequestActivity(clients: [], clock: sessions.clock.clock), clock: sessions.clock.clock,
            entropy: .seeded(1), report: { incidents.add($0) })
        var router = AppRouter(.init(issuer: issuer, security: .development), metrics: MetricsRecorder())
        router.add(routes)
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "gateway-tests")
        logger.logLevel = .critical
        let application = PublicApplication(
            router: router, gateway: gateway, tls: tls, address: .hostname("127.0.0.1", port: 0),
            group: MultiThreadedEventLoopGroup.singleton, logger: logger,
            onRunning: { found.yield($0.localAddress?.port ?? 0) })
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(60)
        let group = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try? await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            let rig = GatewayRig(port: port, gateway: gateway, sessions: sessions, incidents: incidents, group: group)
            defer { tasks.cancelAll() }
            return try await body(rig)
        }
    }

    func connect() async throws -> Wire { try await Wire.connect(port: port) }
}

extension RouteRule {
    /// Everything is open.
    static var open: RouteRule { RouteRule(.everything, access: .open) }

    /// A rule for a pattern of a test.
    static func `for`(_ pattern: String, access: RouteAccess = .session) throws -> RouteRule {
        RouteRule(try RoutePattern(parsing: pattern), access: access)
    }
}

/// What the gateway reported.
final class Incidents: Sendable {
    private let all = Mutex<[GatewayIncident]>([])

    var reasons: [String] { all.withLock { $0.map(\.reason.text) } }

    var last: GatewayIncident? { all.withLock { $0.last } }

    func add(_ incident: GatewayIncident) { all.withLock { $0.append(incident) } }
}

/// Keys, tokens and the checks of a listener.
struct SessionRig: Sendable {
    let clock = ManualClock()
    let keys: SigningKeyRing
    let ended: EndedSessions
    let replay: ReplayMemory
    let proofs: DPoPVerifier
    let authenticator: BoundTokenAuthenticator
    let identity: IdentityHeaderMint
    let device = SoftwareDevice(seed: 11)

    init() async throws {
        let clock = clock
        let keys = try await SigningKeyRing(loading: KeysInMemory(), clock: clock.clock, entropy: .seeded(2))
        self.keys = keys
        ended = EndedSessions(clock: clock.clock)
        let issuer = GatewayRig.publicURL + "/buckler"
        replay = ReplayMemory(cap: 1000, entropy: .seeded(4))
        proofs = DPoPVerifier(
            publicURLs: [GatewayRig.publicURL], clock: clock.clock, entropy: .seeded(3),
            replay: replay)
        authenticator = BoundTokenAuthenticator(
            proofs: proofs,
            tokens: AccessTokenVerifier(issuer: issuer, audiences: ["notes-api"], keys: keys, clock: clock.clock),
            sessions: SessionGuard(ended: ended, clock: clock.clock),
            notices: SessionEndNotices(issuer: issuer, keys: keys, clock: clock.clock), ended: ended,
            audience: "notes-api")
        identity = IdentityHeaderMint(
            issuer: issuer, audience: "notes-api", clock: clock.clock, revision: { keys.revision }
        ) { try keys.sign($0, .identity) }
    }

    /// A session of the rig's device.
    func token(
        session: SessionID = .random(.seeded(21)), level: Int = 1, client: String = "notes-ios", age: Int64 = 0,
        scope: String = "notes"
    ) throws -> String {
        let now = clock.now.seconds
        return try keys.sign(
            [
                "iss": .string(GatewayRig.publicURL + "/buckler"),
                "sub": .string(AccountID.random(.seeded(22)).text), "aud": "notes-api", "client_id": .string(client),
                "iat": .integer(now), "exp": .integer(now + 300), "jti": "t1", "sid": .string(session.text),
                "scope": .string(scope), "acr": .string("urn:buckler:acr:\(level)"), "amr": ["pwd"],
                "auth_time": .integer(now - age), "device": .string(DeviceID.random(.seeded(23)).text),
                "session_deadline": .integer(now + 3600), "cnf": ["jkt": .string(device.thumbprint.text)],
            ], .accessToken)
    }

    /// The two fields of an authenticated request.
    func fields(_ method: String, _ path: String, token: String) throws -> String {
        let proof = try device.proof(
            method, GatewayRig.publicURL + path, nonce: proofs.freshNonce(), accessToken: token, at: clock.now)
        return "Authorization: DPoP \(token)\r\nDPoP: \(proof)\r\n"
    }
}

private final class KeysInMemory: SigningKeyStore {
    private let keys = Mutex<[SigningKey]>([])

    func signingKeys() async throws(StoreError) -> [SigningKey] { keys.withLock { $0 } }

    func replaceSigningKeys(_ keys: [SigningKey], events: [SecurityEvent]) async throws(StoreError) {
        self.keys.withLock { $0 = keys }
    }
}

/// Endpoints of our own for tests.
struct TestRoutes: ServerHTTP.RouteCollection {
    func register(on router: RouterGroup<AppRequestContext>) {
        router.get("hello") { _, _ in JSONResponse.ok(["hello": "world"]) }
        router.post("echo") { request, context in JSONResponse.ok(.object(try await request.jsonBody(context))) }
        router.get("fault") { _, _ -> Response in throw CancellationFault() }
    }

    private struct CancellationFault: Error {}
}
