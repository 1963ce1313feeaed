import BucklerPrimitives

/// A client's network address, as 4 or 16 bytes.
public struct SourceAddress: Sendable, Hashable {
    /// Network byte order; an IPv4-mapped IPv6 address is kept as IPv4.
    public let bytes: [UInt8]

    /// Makes an address of 4 or 16 bytes; nil for other lengths.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16:
            let mapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            self.bytes = mapped ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// The address 127.0.0.1.
    public static let loopback = SourceAddress(unchecked: [127, 0, 0, 1])

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The network that budgets count: /32 of IPv4, /56 of IPv6 (PD-09).
    public var prefix: [UInt8] { bytes.count == 4 ? bytes : Array(bytes.prefix(7)) }
}
