import BucklerPrimitives
import BucklerSecurityEvents
import Foundation

/// The URL under which apps reach the server; the issuer is this and `/buckler`.
package struct PublicURL: Sendable, Hashable, CustomStringConvertible {
    /// `https://host` or `https://host:port`, lower-cased, without the default port.
    package let text: String
    /// The host as in the URL; an IPv6 address without brackets.
    package let host: String
    /// The port; 443 if none is written.
    package let port: Int

    /// Parses; nil for anything but `https://host[:port][/]`.
    package init?(parsing text: String) {
        guard let origin = Origin(parsing: text, schemes: ["https": 443]) else { return nil }
        host = origin.host
        port = origin.port
        self.text = origin.text
    }

    /// The `iss` of tokens.
    package var issuer: String { text + "/buckler" }

    /// True for names and addresses that no stranger can reach: they cannot be a production server's.
    package var isLocal: Bool {
        if let address = SourceAddress(parsing: host) { return address.isPrivate }
        return host == "localhost" || host.hasSuffix(".localhost") || host.hasSuffix(".local") || !host.contains(".")
    }

    /// The text.
    package var description: String { text }
}

/// Where the protected API listens: plain HTTP on this machine or a trusted network, or a Unix socket.
package struct UpstreamURL: Sendable, Hashable, CustomStringConvertible {
    /// The two ways.
    package enum Place: Sendable, Hashable {
        /// Host (an IPv6 address without brackets) and port.
        case tcp(host: String, port: Int)
        /// A Unix socket, the safest place: nobody else can reach it.
        case unix(path: String)
    }

    /// The way.
    package let place: Place
    /// `http://host:port` or `unix:/path`.
    package let text: String

    /// Parses; nil for anything but `http://host[:port][/]` and `unix:/path`.
    package init?(parsing text: String) {
        if text.hasPrefix("unix:/") {
            let path = String(text.dropFirst("unix:".count))
            guard path.utf8.count < 108, !path.hasSuffix("/"), !path.contains("//") else { return nil }
            place = .unix(path: path)
            self.text = text
            return
        }
        guard let origin = Origin(parsing: text, schemes: ["http": 80]) else { return nil }
        place = .tcp(host: origin.host, port: origin.port)
        self.text = origin.text
    }

    /// The text.
    package var description: String { text }
}

/// A mail server.
package struct MailServer: Sendable, Hashable, CustomStringConvertible {
    /// TLS from the first byte (`smtps`); otherwise STARTTLS is demanded.
    package let isImplicitTLS: Bool
    /// The host.
    package let host: String
    /// The port; 465 or 587 if none is written (RFC 8314 §3).
    package let port: Int
    /// `smtps://host` or `smtp://host:port`.
    package let text: String

    /// Parses; nil for any other form.
    package init?(parsing text: String) {
        guard let origin = Origin(parsing: text, schemes: ["smtps": 465, "smtp": 587]) else { return nil }
        isImplicitTLS = origin.scheme == "smtps"
        host = origin.host
        port = origin.port
        self.text = origin.text
    }

    /// The text.
    package var description: String { text }
}

/// A sender: a name for people and an address.
package struct Mailbox: Sendable, Hashable {
    /// The name; nil if there is none.
    ///
    /// Printable characters only.
    package let name: String?
    /// The address.
    package let address: Email

    /// Parses `Name <address>` or `address`; nil for any other form.
    package init?(parsing text: String) {
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }), text.utf8.count <= 320 else {
            return nil
        }
        var address = Substring(text)
        var name: String?
        if text.hasSuffix(">"), let open = text.lastIndex(of: "<") {
            address = text[text.index(after: open)...].dropLast()
            let words = text[..<open].trimmingCharacters(in: .whitespaces)
            if words.contains(where: { "<>\"\\".contains($0) }) { return nil }
            name = words.isEmpty ? nil : words
        }
        guard let email = try? Email(parsing: String(address)) else { return nil }
        self.name = name
        self.address = email
    }
}

/// A socket address to listen on.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A host name or address; IPv6 without brackets.
    package let host: String
    /// 0 to 65535; with 0 the system chooses.
    package let port: Int

    /// Makes an address.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Parses `host:port` or `[address]:port`.
    package init?(parsing text: String) {
        guard let (host, port) = Origin.splitAuthority(Substring(text)), let port else { return nil }
        self.init(host: host, port: port)
    }

    /// True for `localhost`, 127.0.0.0/8 and ::1.
    package var isLoopback: Bool {
        if let address = SourceAddress(parsing: host) { return address.isLoopback }
        return host == "localhost"
    }

    /// `host:port`.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A network: an address and how many of its leading bits count.
package struct NetworkPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The address, host bits as written.
    package let address: SourceAddress
    /// 0…32 or 0…128.
    package let bitCount: Int
    private let text: String

    /// Parses `address` or `address/bits`.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = SourceAddress(parsing: String(parts[0])) else { return nil }
        var bitCount = address.bytes.count * 8
        if parts.count == 2 {
            guard ConfigurationSyntax.isDigits(parts[1]), let bits = Int(parts[1]), bits <= bitCount else { return nil }
            bitCount = bits
        }
        self.address = address
        self.bitCount = bitCount
        self.text = text
    }

    /// True if `other` is in this network.
    package func contains(_ other: SourceAddress) -> Bool {
        guard other.bytes.count == address.bytes.count else { return false }
        return address.bytes.withUnsafeBufferPointer { own in
            other.bytes.withUnsafeBufferPointer { theirs in
                var left = bitCount
                var index = 0
                while left > 0 {
                    let mask = left >= 8 ? 0xFF : UInt8(truncatingIfNeeded: 0xFF00 >> left)
                    if (own[index] ^ theirs[index]) & mask != 0 { return false }
                    left -= 8
                    index += 1
                }
                return true
            }
        }
    }

    /// As written.
    package var description: String { text }
}

extension SourceAddress {
    /// Parses the text form of an IPv4 or IPv6 address.
    package init?(parsing text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(bytes: withUnsafeBytes(of: six) { Array($0) })
    }

    /// 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Loopback, unspecified, link-local, RFC 1918 or RFC 4193.
    package var isPrivate: Bool {
        if isLoopback || bytes.allSatisfy({ $0 == 0 }) { return true }
        if bytes.count == 16 { return bytes[0] & 0xFE == 0xFC || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80) }
        return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] & 0xF0 == 16) || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 169 && bytes[1] == 254)
    }
}

/// Scheme, host and port of a URL that has nothing else.
struct Origin {
    let scheme: String
    let host: String
    let port: Int
    let text: String

    init?(parsing text: String, schemes: [String: Int]) {
        guard let mark = text.range(of: "://"), text.utf8.count <= 300 else { return nil }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard let standardPort = schemes[scheme] else { return nil }
        var authority = text[mark.upperBound...]
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard let (host, port) = Self.splitAuthority(authority), port != 0 else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port ?? standardPort
        let shown = host.contains(":") ? "[\(host)]" : host
        self.text = "\(scheme)://\(shown)" + (self.port == standardPort ? "" : ":\(self.port)")
    }

    /// Host (lower-cased, brackets removed) and port, if there is one.
    static func splitAuthority(_ text: Substring) -> (String, Int?)? {
        var host = text
        var port: Int?
        let afterBracket = text.lastIndex(of: "]").map { text.index(after: $0) } ?? text.startIndex
        if let colon = text[afterBracket...].lastIndex(of: ":") {
            guard ConfigurationSyntax.isDigits(text[text.index(after: colon)...]),
                let number = Int(text[text.index(after: colon)...]), number <= 65_535
            else { return nil }
            port = number
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast()).lowercased()
            guard SourceAddress(parsing: address) != nil, address.contains(":") else { return nil }
            return (address, port)
        }
        guard ConfigurationSyntax.isHostName(host) else { return nil }
        return (host.lowercased(), port)
    }
}
