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
        if let four = parseIPv4(text) { return SourceAddress(bytes: four) }
        return (try? SocketAddress(ipAddress: text, port: 0)).flatMap(of)
    }

    /// The text form, as `X-Forwarded-For` writes it.
    package static func text(_ address: SourceAddress) -> String {
        let bytes = address.bytes
        if bytes.count == 4 { return textIPv4(bytes) }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }

    /// Four decimal numbers up to 255 without leading zeros, as `inet_pton` reads them; nil for anything else.
    private static func parseIPv4(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var value = 0
        var digits = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, bytes.count < 3 else { return nil }
                bytes.append(UInt8(value))
                (value, digits) = (0, 0)
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits == 0 || value > 0 else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            digits += 1
            guard value <= 255 else { return nil }
        }
        guard digits > 0, bytes.count == 3 else { return nil }
        bytes.append(UInt8(value))
        return bytes
    }

    private static func textIPv4(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 15) { output in
            var count = 0
            for (index, byte) in bytes.enumerated() {
                if index > 0 {
                    output[count] = UInt8(ascii: ".")
                    count += 1
                }
                for divisor: UInt8 in [100, 10, 1] where byte >= divisor || divisor == 1 {
                    output[count] = UInt8(ascii: "0") + byte / divisor % 10
                    count += 1
                }
            }
            return count
        }
    }
}
