import BucklerJOSE
import BucklerPrimitives

/// The server's public URL: `https`, a host, perhaps a port, nothing else.
struct ServerAddress: Hashable, Sendable {
    /// Such as `https://api.example.com`, normalised, without a slash at the end.
    let origin: String

    /// Nil for anything else than an `https` origin.
    init?(parsing text: String) {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard trimmed.lowercased().hasPrefix("https://"), let target = TargetURI.normalized(trimmed + "/") else {
            return nil
        }
        let origin = String(target.dropLast())
        let authority = origin.dropFirst("https://".count)
        guard !authority.isEmpty, !authority.contains("/"), !authority.contains("@"), !trimmed.contains("?"),
            !trimmed.contains("#")
        else { return nil }
        self.origin = origin
    }

    /// An address that nobody has (RFC 2606).
    static let preview = ServerAddress(origin: "https://preview.invalid")

    private init(origin: String) { self.origin = origin }

    /// The issuer: `{origin}/buckler`.
    var issuer: String { origin + "/buckler" }

    /// True if `url` is absolute and lies on this origin: the only place that proofs and tokens are sent to.
    func covers(_ url: String) -> Bool {
        guard let target = TargetURI.normalized(url) else { return false }
        return target == origin || target.hasPrefix(origin + "/")
    }
}
