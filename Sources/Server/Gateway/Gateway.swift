import BucklerPrimitives
import BucklerSecurityEvents
import NIOConcurrencyHelpers
import NIOCore
import SecureChannel
import Sessions
import Synchronization

/// What the data plane needs to know.
package struct GatewayConfiguration: Sendable {
    /// `{public_url}/buckler`.
    package var issuer: String
    /// The host (and port) of the public URL, told to the upstream as `X-Forwarded-Host`.
    package var publicHost: String
    /// HSTS or its withdrawal.
    package var security: TransportSecurity
    /// The routes.
    package var policy: RoutePolicy
    /// Where requests go that are not ours; nil if nothing stands behind.
    package var upstream: UpstreamTarget?
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: TrustedProxies
    /// Sizes, counts and times.
    package var limits: GatewayLimits

    /// Makes a configuration.
    package init(
        issuer: String, publicHost: String, security: TransportSecurity, policy: RoutePolicy,
        upstream: UpstreamTarget?, trustedProxies: TrustedProxies = .none, limits: GatewayLimits = GatewayLimits()
    ) {
        self.issuer = issuer
        self.publicHost = publicHost
        self.security = security
        self.policy = policy
        self.upstream = upstream
        self.trustedProxies = trustedProxies
        self.limits = limits
    }
}

/// The data plane's shared parts: policy, checks, secure fields, and the resources of each event loop.
package final class Gateway: Sendable {
    let configuration: GatewayConfiguration
    let limits: GatewayLimits
    let secure: SecureHeaders
    let problems: ProblemDocument
    let authenticator: any GatewayAuthenticator
    let identity: IdentityHeaderMint
    let ended: EndedSessions
    let activity: RequestActivity
    let clock: WallClock
    let entropy: Entropy
    let report: @Sendable (GatewayIncident) -> Void
    /// Counters.
    package let metrics = GatewayMetrics()
    let sources: SourceConnections
    private let draining = Atomic<Bool>(false)
    private let loops = NIOLockedValueBox<[ObjectIdentifier: Loop]>([:])

    private struct Loop {
        let loop: any EventLoop
        let resources: NIOLoopBound<LoopResources>
    }

    /// Puts the parts together.
    package init(
        _ configuration: GatewayConfiguration, authenticator: any GatewayAuthenticator, identity: IdentityHeaderMint,
        ended: EndedSessions, activity: RequestActivity, clock: WallClock, entropy: Entropy,
        report: @escaping @Sendable (GatewayIncident) -> Void = { _ in }
    ) {
        self.configuration = configuration
        limits = configuration.limits
        sources = SourceConnections(limit: configuration.limits.sourceConnectionCount)
        secure = SecureHeaders(configuration.security)
        problems = ProblemDocument(issuer: configuration.issuer)
        self.authenticator = authenticator
        self.identity = identity
        self.ended = ended
        self.activity = activity
        self.clock = clock
        self.entropy = entropy
        self.report = report
    }

    /// The most connections that the listener holds at once.
    package var connectionLimit: Int { limits.connectionCount }

    /// From now on HTTP/1.1 answers announce the end of their connection.
    ///
    /// The first step of a graceful stop.
    package func beginDraining() { draining.store(true, ordering: .releasing) }

    /// True once the server is about to stop; readiness fails then.
    package var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// The upstream connections and the watchdog of an event loop.
    ///
    /// Call on that loop.
    func resources(of loop: any EventLoop) -> LoopResources {
        let bound = loops.withLockedValue { loops in
            if let existing = loops[ObjectIdentifier(loop)] { return existing.resources }
            let created = NIOLoopBound(LoopResources(loop: loop, gateway: self), eventLoop: loop)
            loops[ObjectIdentifier(loop)] = Loop(loop: loop, resources: created)
            return created
        }
        return bound.value
    }

    /// Closes every connection of a client now, whatever it carries.
    ///
    /// The last step of a stop. TLS takes its second to say goodbye.
    ///
    /// - Returns: How many exchanges were under way.
    package func cut() async -> Int {
        var count = 0
        for part in loops.withLockedValue({ Array($0.values) }) {
            let bound = part.resources
            count += (try? await part.loop.submit { bound.value.cut() }.get()) ?? 0
        }
        return count
    }
}

/// What belongs to one event loop and is touched by it alone.
final class LoopResources {
    let upstream: UpstreamPool?
    let watchdog: Watchdog
    private let clock: WallClock
    private var connections: [ObjectIdentifier: any Channel] = [:]
    /// The hard deadline of a stop is over: nothing waits for anything any more.
    private(set) var isCut = false
    private var date: (second: Int64, text: String) = (.min, "")

    init(loop: any EventLoop, gateway: Gateway) {
        upstream = gateway.configuration.upstream.map {
            UpstreamPool($0, loop: loop, limits: gateway.limits, metrics: gateway.metrics)
        }
        watchdog = Watchdog(loop: loop, interval: gateway.limits.watchInterval)
        clock = gateway.clock
    }

    /// Knows a client's connection until it is closed.
    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        connections[id] = channel
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.connections[id] = nil }
    }

    /// Closes all connections and counts the exchanges on them.
    func cut() -> Int {
        isCut = true
        let count = watchdog.count { ($0 as? ExchangeHandler)?.isAnswering ?? false }
        for channel in Array(connections.values) { channel.close(promise: nil) }
        return count
    }

    /// The value of `Date` for an answer that begins now (RFC 9110 §6.6.1), written once a second.
    func dateField() -> String {
        let now = clock.now
        if now.seconds != date.second { date = (now.seconds, HTTPDate.text(now)) }
        return date.text
    }
}

/// Looks at the deadlines of all exchanges of an event loop in one task, so that a request sets no timer.
final class Watchdog {
    /// Something with deadlines.
    protocol Watched: AnyObject {
        func check(_ now: NIODeadline)
    }

    private let loop: any EventLoop
    private let interval: TimeAmount
    private var watched: [ObjectIdentifier: any Watched] = [:]
    private var isRunning = false

    init(loop: any EventLoop, interval: TimeAmount) {
        self.loop = loop
        self.interval = interval
    }

    func add(_ member: any Watched) {
        watched[ObjectIdentifier(member)] = member
        guard !isRunning else { return }
        isRunning = true
        schedule()
    }

    func remove(_ member: any Watched) { watched[ObjectIdentifier(member)] = nil }

    /// How many members are like this.
    func count(where isCounted: (any Watched) -> Bool) -> Int { watched.values.count(where: isCounted) }

    private func schedule() {
        loop.assumeIsolated().scheduleTask(in: interval) { self.look() }
    }

    private func look() {
        guard !watched.isEmpty else {
            isRunning = false
            return
        }
        let now = NIODeadline.now()
        for member in Array(watched.values) { member.check(now) }
        schedule()
    }
}
