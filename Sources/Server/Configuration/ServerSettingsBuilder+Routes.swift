import Authentication
import BucklerPrimitives

extension ServerSettingsBuilder {
    /// The file's rules in order and the built-in last one.
    mutating func buildRoutes(clients: [ClientSettings]) -> [RouteSettings] {
        let count = document.counts["routes"] ?? 0
        var routes: [RouteSettings] = []
        for index in 0..<count {
            let path = "routes[\(index)]"
            guard document.entries["\(path).path"] != nil else {
                contradiction(path, "a route without path", allowed: ConfigurationType.pathPattern.allowed)
                continue
            }
            if let last = routes.last, last.path == "/**", last.methods.isEmpty {
                contradiction(
                    path, "never reached, since a route before it matches everything",
                    allowed: "“/**” as the last route")
            }
            routes.append(buildRoute(path, clients: clients))
        }
        if let last = routes.last, last.path == "/**", last.methods.isEmpty { return routes }
        return routes + [.builtIn]
    }

    private mutating func buildRoute(_ path: String, clients: [ClientSettings]) -> RouteSettings {
        let isRequired = text("\(path).auth", key: "routes[].auth") != "none"
        if !isRequired {
            for name in ["acr", "max_age", "clients", "scopes", "identity"]
            where document.entries["\(path).\(name)"] != nil {
                contradiction(
                    "\(path).\(name)", "contradicts auth: none, which asks nobody",
                    allowed: "\(name) only with auth: required")
            }
        }
        let pattern = text("\(path).path", key: "routes[].path") ?? "/**"
        if ConfigurationSyntax.isReserved(pattern) {
            contradiction(
                "\(path).path", "reserved for Buckler itself, never proxied",
                allowed: "paths outside /buckler, /health/live and /health/ready")
        }
        let level = AuthenticationLevel(rawValue: integer("\(path).acr", key: "routes[].acr")) ?? .one
        let identity = text("\(path).identity", key: "routes[].identity").flatMap(
            RouteSettings.Identity.init(rawValue:))
        return RouteSettings(
            path: pattern, methods: texts("\(path).methods", key: "routes[].methods"),
            isAuthenticationRequired: isRequired,
            level: level, maximumAge: optionalDuration("\(path).max_age", key: "routes[].max_age"),
            clients: routeClients(path, clients: clients), scopes: texts("\(path).scopes", key: "routes[].scopes"),
            allowsWebSocket: boolean("\(path).websocket", key: "routes[].websocket"),
            identity: identity ?? .remembered, bodyByteCount: optionalInteger("\(path).body", key: "routes[].body"),
            requestTime: optionalDuration("\(path).request_time", key: "routes[].request_time"))
    }

    private mutating func routeClients(_ path: String, clients: [ClientSettings]) -> [ClientID] {
        let names = texts("\(path).clients", key: "routes[].clients")
        let known = Set(clients.filter { $0.kind == .native }.map(\.id.text))
        for name in names where !known.contains(name) {
            contradiction(
                "\(path).clients", "“\(name)” is not a native client of this configuration",
                allowed: known.sorted().joined(separator: ", "))
        }
        return names.compactMap { ClientID(parsing: $0) }
    }
}

extension ConfigurationSyntax {
    /// True for patterns that name only paths which never reach the upstream (PD-17).
    static func isReserved(_ pattern: String) -> Bool {
        ["/buckler", "/health/live", "/health/ready"].contains(pattern) || pattern.hasPrefix("/buckler/")
    }
}
