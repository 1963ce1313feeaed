import BucklerPrimitives
import Sessions

/// Who may use a route.
package enum RouteAccess: Sendable, Hashable {
    /// Anybody; the upstream is told no identity.
    case open
    /// The holder of a running session.
    case session
}

/// How the identity header is made for a route (PD-18).
package enum IdentityMode: Sendable, Hashable {
    /// One header per access token, remembered for 30 s.
    case perToken
    /// One header per request, with method, path and request identifier.
    case perRequest
}

/// One line of the policy.
package struct RouteRule: Sendable, Hashable {
    /// The paths it is for.
    package let pattern: RoutePattern
    /// Who may pass.
    package let access: RouteAccess
    /// The least level; nil if every session will do.
    package let minimumLevel: RequiredLevel?
    /// How long ago the person may have authenticated; nil without limit.
    package let maximumAge: Duration?
    /// The clients that may pass; nil for all.
    package let clients: Set<ClientID>?
    /// The methods it is for, in upper case; empty for all.
    ///
    /// `HEAD` counts as `GET`, as upstreams answer it.
    package let methods: Set<String>
    /// Scopes that must all have been granted.
    package let scopes: [String]
    /// A bound of its own for bodies.
    package let bodyByteCount: Int?
    /// A bound of its own for the time of a whole request.
    package let requestTime: Duration?
    /// Browsers may open it as a page.
    package let isPage: Bool
    /// WebSockets may be opened (RFC 6455).
    package let allowsWebSocket: Bool
    /// How the upstream learns who asks.
    package let identity: IdentityMode

    /// Makes a rule.
    ///
    /// Level, age and clients on an open route are a contradiction and trap: the configuration refuses it.
    package init(
        _ pattern: RoutePattern, access: RouteAccess = .session, minimumLevel: RequiredLevel? = nil,
        maximumAge: Duration? = nil, clients: Set<ClientID>? = nil, methods: Set<String> = [], scopes: [String] = [],
        isPage: Bool = false, allowsWebSocket: Bool = false, identity: IdentityMode = .perToken,
        bodyByteCount: Int? = nil,
        requestTime: Duration? = nil
    ) {
        precondition(
            access == .session || (minimumLevel == nil && maximumAge == nil && clients == nil && scopes.isEmpty))
        self.pattern = pattern
        self.access = access
        self.minimumLevel = minimumLevel
        self.maximumAge = maximumAge
        self.clients = clients
        self.methods = methods
        self.scopes = scopes
        self.bodyByteCount = bodyByteCount
        self.requestTime = requestTime
        self.isPage = isPage
        self.allowsWebSocket = allowsWebSocket
        self.identity = identity
    }

    /// The built-in last line: everything needs a session (I10).
    package static let everythingNeedsASession = RouteRule(.everything)

    /// What keeps this session from the route; nil if it may pass.
    package func objection(to token: VerifiedAccessToken, at now: Timestamp) -> RouteObjection? {
        if let clients, !clients.contains(token.client) { return .client }
        guard scopes.allSatisfy(token.scope.contains) else { return .scope(scopes) }
        let requirement = StepUpRequirement(minimumLevel: minimumLevel, maximumAge: maximumAge)
        return requirement.isMet(by: token, at: now) ? nil : .stepUp(requirement)
    }
}

/// Why a running session may not use a route.
package enum RouteObjection: Sendable, Hashable {
    /// The route is for other clients.
    case client
    /// The sign-in was not granted all of these.
    case scope([String])
    /// The person must authenticate at a higher level or again (RFC 9470).
    case stepUp(StepUpRequirement)
}

/// The routes of the upstream, in the configuration's order; the first that matches decides.
package struct RoutePolicy: Sendable {
    /// The rules, the built-in one last.
    package let rules: [RouteRule]
    private let lenientPatterns: [RoutePattern]
    private let reserved: ReservedPaths

    /// Takes the configured rules and the paths that are ours.
    package init(rules: [RouteRule], reserved: ReservedPaths = .standard) {
        self.rules = rules + [.everythingNeedsASession]
        lenientPatterns = self.rules.map(\.pattern.lowercased)
        self.reserved = reserved
    }

    /// Where a request goes.
    package enum Destination: Sendable {
        /// One of our own endpoints.
        case own
        /// The upstream, under this rule.
        case upstream(RouteRule)
    }

    /// Decides by path and method.
    ///
    /// A path that lenient servers would read as one of another rule is refused.
    package func destination(of target: RequestTarget, method: String) throws(TargetRefusal) -> Destination {
        let isOwn = reserved.contains(target.path)
        if target.lenient != nil || target.path.utf8.count != target.strict.count {
            let readings = [target.strict, target.lenient].compactMap { $0 }
            guard readings.allSatisfy({ reserved.contains(String(decoding: $0, as: UTF8.self)) == isOwn }) else {
                throw .ambiguous
            }
        }
        if isOwn { return .own }
        let index = rules.firstIndex { $0.isFor(method) && $0.pattern.matches(target.strict) } ?? rules.count - 1
        if let lenient = target.lenient {
            let other =
                rules.indices.first { rules[$0].isFor(method) && lenientPatterns[$0].matches(lenient) }
                ?? rules.count - 1
            guard rules[other].isAsStrict(as: rules[index]) else { throw .ambiguous }
        }
        return .upstream(rules[index])
    }
}

extension RouteRule {
    fileprivate func isFor(_ method: String) -> Bool {
        methods.isEmpty || methods.contains(method) || (method == "HEAD" && methods.contains("GET"))
    }

    /// True if the two rules differ in their pattern only: then it does not matter which one the upstream's reading meets.
    fileprivate func isAsStrict(as other: RouteRule) -> Bool {
        access == other.access && minimumLevel == other.minimumLevel && maximumAge == other.maximumAge
            && clients == other.clients && scopes == other.scopes && isPage == other.isPage
            && allowsWebSocket == other.allowsWebSocket && identity == other.identity
            && bodyByteCount == other.bodyByteCount && requestTime == other.requestTime
    }
}

/// The paths of the public origin that are not the upstream's (PD-17).
package struct ReservedPaths: Sendable {
    private let exact: Set<String>

    /// `/buckler` and all below it, and the given single documents.
    package init(exact: Set<String>) { self.exact = exact }

    /// RFC 8414's, RFC 9728's document and the probes.
    package static let standard = ReservedPaths(exact: [
        "/.well-known/oauth-authorization-server/buckler", "/.well-known/oauth-protected-resource", "/health/live",
        "/health/ready",
    ])

    /// True if the path is ours.
    func contains(_ path: String) -> Bool {
        path.hasPrefix("/buckler/") || path == "/buckler" || exact.contains(path)
    }
}
