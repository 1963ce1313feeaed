import BucklerPrimitives
import Crypto

/// The SHA-256 thumbprint of a public key (RFC 7638), DPoP's `jkt`.
public struct JWKThumbprint: Hashable, Sendable, CustomStringConvertible {
    /// Thirty-two bytes.
    public let bytes: [UInt8]

    /// Takes 32 bytes; nil for any other number.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Parses 43 characters of base64url; nil for anything else.
    public init?(parsing text: String) {
        guard let bytes = Base64URL.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    init(digest: [UInt8]) { bytes = digest }

    /// Feeds the bytes at once.
    public func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    /// 43 characters of base64url.
    public var text: String { Base64URL.encode(bytes) }

    /// The text.
    public var description: String { text }
}
