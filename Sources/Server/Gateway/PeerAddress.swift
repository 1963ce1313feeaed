import BucklerSecurityEvents
import NIOCore

/// Reads the network address of a connection's other end.
package enum PeerAddress {
    /// The peer of a connection or of the connection that carries an HTTP/2 stream; nil on Unix sockets.
    package static func of(_ channel: any Channel) -> SourceAddress? {
        (channel.remoteAddress ?? channel.parent?.remoteAddress).flatMap(of)
    }

    /// The bytes of an IPv4 or IPv6 socket address.
    package static func of(_ address: SocketAddress) -> SourceAddress? {
        // The address stands after family and port (4 bytes), in IPv6 after the flow label too (RFC 3493 §3.3).
        let range: Range<Int>
        switch address {
        case .v4: range = 4..<8
        case .v6: range = 8..<24
        case .unixDomainSocket: return nil
        }
        return address.withSockAddr { pointer, size in
            guard size >= range.upperBound else { return nil }
            return SourceAddress(bytes: Array(UnsafeRawBufferPointer(start: pointer, count: size)[range]))
        }
    }

    /// Parses the text form of an address without port.
    package static func parse(_ text: String) -> SourceAddress? {
        (try? SocketAddress(ipAddress: text, port: 0)).flatMap(of)
    }

    /// The text form, as `X-Forwarded-For` writes it.
    package static func text(_ address: SourceAddress) -> String {
        let bytes = address.bytes
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }
}
