import BucklerAPI
import BucklerPrimitives
import BucklerSecurityEvents
import NIOCore
import NIOHTTP1
import SecureChannel
import Sessions

/// A request that may go to the upstream.
struct ProxyRequest {
    var method: HTTPMethod
    /// The target as it came.
    var uri: String
    /// Everything but framing.
    var fields: [HeaderField]
    /// The announced length of the body.
    var contentLength: Int?
    /// Whose request it is; nil on open routes.
    var token: VerifiedAccessToken?
    /// A new nonce for the client.
    var nonce: String?
    /// The rule it came under.
    var rule: RouteRule
    /// What the client offered, if it asks for a WebSocket.
    var webSocket: WebSocketHandshake?
}

/// Who answers a request.
enum Routed {
    case own
    case upstream(ProxyRequest)
}

extension Gateway {
    /// Decides about a request: path, fields, token, proof, session, rule, in this order.
    ///
    /// All before any body is read.
    func route(_ head: HTTPRequestHead, from handler: ExchangeHandler) throws(GatewayRefusal) -> Routed {
        let (target, rule) = try destination(of: head)
        guard let rule else { return .own }
        let hygiene: RequestHygiene
        do throws(RequestFieldRefusal) {
            hygiene = try RequestHygiene(head.headers, isPage: rule.isPage)
        } catch {
            throw refusal(of: error)
        }
        var request = ProxyRequest(
            method: head.method, uri: head.uri, fields: hygiene.fields, contentLength: hygiene.contentLength,
            token: nil, nonce: nil, rule: rule)
        if hygiene.asksForWebSocket { request.webSocket = try webSocket(head, hygiene, rule, handler) }
        if rule.access == .session { try authenticate(&request, hygiene, target, rule) }
        addForwarded(to: &request, hygiene, handler)
        return .upstream(request)
    }

    private func destination(of head: HTTPRequestHead) throws(GatewayRefusal) -> (RequestTarget, RouteRule?) {
        do throws(TargetRefusal) {
            let target = try RequestTarget(parsing: head.uri)
            switch try configuration.policy.destination(of: target, method: head.method.rawValue) {
            case .own: return (target, nil)
            case .upstream(let rule): return (target, rule)
            }
        } catch {
            throw GatewayRefusal(.pathRefused, event: (.maliciousRequest, error.reason))
        }
    }

    private func refusal(of error: RequestFieldRefusal) -> GatewayRefusal {
        switch error {
        case .page: GatewayRefusal(.pageRefused, event: (.authorizationFail, error.reason))
        default: GatewayRefusal(.headerRefused, event: (.maliciousRequest, error.reason))
        }
    }

    private func webSocket(
        _ head: HTTPRequestHead, _ hygiene: RequestHygiene, _ rule: RouteRule, _ handler: ExchangeHandler
    ) throws(GatewayRefusal) -> WebSocketHandshake {
        guard rule.allowsWebSocket, !handler.isHTTP2, head.version == .http1_1 else {
            throw GatewayRefusal(.upgradeRefused)
        }
        do throws(WebSocketRefusal) {
            return try WebSocketHandshake(method: head.method.rawValue, hygiene)
        } catch {
            throw GatewayRefusal(.headerRefused, event: (.maliciousRequest, error.reason))
        }
    }

    private func authenticate(
        _ request: inout ProxyRequest, _ hygiene: RequestHygiene, _ target: RequestTarget, _ rule: RouteRule
    ) throws(GatewayRefusal) {
        let authenticated = try authenticator.authenticate(
            authorization: hygiene.authorization, proofs: hygiene.proofs, method: request.method.rawValue,
            path: target.path)
        let token = authenticated.session.token
        request.token = token
        request.nonce = authenticated.nonce
        if let objection = rule.objection(to: token, at: clock.now) {
            var refusal = refusal(of: objection)
            refusal.token = token
            throw refusal
        }
        activity.note(authenticated.session)
        do throws(IdentityHeaderError) {
            let identity =
                switch rule.identity {
                case .perToken: try identity.header(for: token)
                case .perRequest:
                    try identity.header(
                        for: token, method: request.method.rawValue, path: target.path, request: .random(entropy))
                }
            request.fields.append(("Buckler-Identity", identity))
        } catch {
            throw GatewayRefusal(.internalError)
        }
    }

    private func refusal(of objection: RouteObjection) -> GatewayRefusal {
        switch objection {
        case .client:
            GatewayRefusal(.clientRefused, event: (.authorizationFail, EventReason("route.client")))
        case .scope(let scopes):
            GatewayRefusal(
                .scopeRequired,
                fields: [
                    (
                        "www-authenticate",
                        "DPoP error=\"insufficient_scope\", scope=\"\(scopes.joined(separator: " "))\", algs=\"ES256\""
                    )
                ], event: (.authorizationFail, EventReason("route.scope")))
        case .stepUp(let requirement):
            GatewayRefusal(
                .stepUpRequired, fields: [("www-authenticate", requirement.challenge)],
                event: (.authorizationFail, EventReason("route.step_up")))
        }
    }

    /// Tells the upstream who the client is, in fields that no client can set (PD-18).
    private func addForwarded(to request: inout ProxyRequest, _ hygiene: RequestHygiene, _ handler: ExchangeHandler) {
        let address = ClientAddress.resolve(
            peer: handler.peer, trusted: configuration.trustedProxies, forwardedFor: hygiene.forwardedFor)
        if let address { request.fields.append(("X-Forwarded-For", handler.text(of: address))) }
        request.fields.append(("X-Forwarded-Proto", "https"))
        request.fields.append(("X-Forwarded-Host", configuration.publicHost))
    }
}

/// Reverse proxies whose `X-Forwarded-For` is believed.
package struct TrustedProxies: Sendable {
    /// True for an address of such a proxy.
    package let contains: @Sendable (SourceAddress) -> Bool

    /// Takes the decision, so that networks can be given.
    package init(_ contains: @escaping @Sendable (SourceAddress) -> Bool) { self.contains = contains }

    /// No proxy: the peer is the client.
    package static let none = TrustedProxies { _ in false }
}

/// Finds the client's address behind trusted reverse proxies.
package enum ClientAddress {
    /// The peer, or where a trusted proxy is the peer the last address in `X-Forwarded-For` that is no trusted proxy's.
    ///
    /// - Parameters:
    ///   - peer: The connection's other end; nil on Unix sockets.
    ///   - trusted: Proxies whose word is taken.
    ///   - forwardedFor: All `X-Forwarded-For` fields, in their order.
    /// - Returns: The client's address; the peer's if the field cannot be read.
    package static func resolve(
        peer: SourceAddress?, trusted: TrustedProxies, forwardedFor: [String]
    ) -> SourceAddress? {
        guard let peer, !forwardedFor.isEmpty, trusted.contains(peer) else { return peer }
        if forwardedFor.count == 1, let address = PeerAddress.parse(forwardedFor[0]) {
            return trusted.contains(address) ? peer : address
        }
        for hop in forwardedFor.joined(separator: ",").split(separator: ",").reversed() {
            guard let address = PeerAddress.parse(String(ASCII.trimmed(hop))) else { return peer }
            if !trusted.contains(address) { return address }
        }
        return peer
    }
}
