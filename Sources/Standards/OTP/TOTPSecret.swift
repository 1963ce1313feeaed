import BucklerPrimitives

/// The shared secret of an authenticator app: SHA-1, 6 digits, 30 seconds, the profile that every app implements.
public struct TOTPSecret: Sendable, Hashable {
    /// The secret's bytes, for the store that seals them.
    public let bytes: SecretBytes

    /// Draws 160 bits (RFC 4226 §4 R6).
    public init(random entropy: Entropy) { bytes = SecretBytes(entropy.bytes(Self.byteCount)) }

    /// Takes a stored secret; nil below RFC 4226's minimum of 128 bits or above 64 bytes.
    public init?(bytes: SecretBytes) {
        guard (16...64).contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    /// Takes the text that an authenticator app shows; nil if it is no base32 or the length does not fit.
    public init?(base32 text: SecretString) {
        guard let decoded = text.withExposedText({ Base32.decode($0) }) else { return nil }
        self.init(bytes: SecretBytes(decoded))
    }

    /// The text to type into an authenticator app.
    public var base32: SecretString { SecretString(bytes.withExposedBytes { Base32.encode($0) }) }

    /// The code that an authenticator app shows at `instant`: six digits.
    public func code(at instant: Timestamp) -> String {
        HOTP.code(key: bytes, counter: UInt64(max(0, TOTP.step(at: instant))))
    }

    /// The key URI that a QR code carries: `otpauth://totp/issuer:account?secret=…`.
    ///
    /// Both names are shown by the app and are escaped here; the URI contains the secret.
    public func otpauthURI(issuer: String, account: String) -> SecretString {
        let label = Self.escaped(issuer) + ":" + Self.escaped(account)
        let secret = base32.withExposedText { $0 }
        return SecretString(
            "otpauth://totp/\(label)?secret=\(secret)&issuer=\(Self.escaped(issuer))&algorithm=SHA1&digits=6&period=30")
    }

    /// Percent-encodes everything but RFC 3986's unreserved characters: apps disagree about `+` and `:`.
    private static func escaped(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default: output += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return output
    }

    /// The size of new secrets.
    private static let byteCount = 20
}

extension TOTPSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same text.
    public var description: String { "‹redacted›" }
    /// Always the same text.
    public var debugDescription: String { "‹redacted›" }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
