/// Which hosts a development certificate may be trusted for (PD-20): this machine and private networks, nothing public.
public enum DevelopmentHost {
    /// True for loopback, `localhost`, `.localhost`, `.local` and private addresses (RFC 1918, RFC 4193, link-local).
    public static func isAllowed(_ host: String) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name.hasSuffix(".local") { return true }
        if let octets = ipv4(name) {
            return switch (octets[0], octets[1]) {
            case (127, _), (10, _), (192, 168), (169, 254), (172, 16...31): true
            default: false
            }
        }
        let address = name.hasPrefix("[") && name.hasSuffix("]") ? String(name.dropFirst().dropLast()) : name
        guard address.contains(":") else { return false }
        return address == "::1" || address.hasPrefix("fe80:") || address.hasPrefix("fc") || address.hasPrefix("fd")
    }

    /// The host of an `https` URL, without brackets' meaning changed; nil if there is none.
    public static func host(ofURL url: String) -> String? {
        guard url.lowercased().hasPrefix("https://") else { return nil }
        let rest = url.dropFirst("https://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return nil }
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        let host = authority.prefix { $0 != ":" }
        return host.isEmpty ? nil : String(host)
    }

    private static func ipv4(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let octets = parts.compactMap { $0.count <= 3 ? UInt8($0) : nil }
        return octets.count == 4 ? octets : nil
    }
}
