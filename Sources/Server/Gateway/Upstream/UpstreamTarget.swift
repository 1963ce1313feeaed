import NIOCore

/// Where the API stands behind the gateway.
package enum UpstreamTarget: Sendable, Hashable {
    /// Plain HTTP/1.1 over TCP; loopback unless the operator knows better.
    case tcp(host: String, port: Int)
    /// Plain HTTP/1.1 over a Unix socket, the safest place (PD-18).
    case unix(path: String)

    /// The `Host` that the upstream receives.
    var hostField: String {
        switch self {
        case .tcp(let host, let port):
            let host = host.contains(":") ? "[\(host)]" : host
            return port == 80 ? host : "\(host):\(port)"
        case .unix: return "localhost"
        }
    }
}
