import BucklerPrimitives
import Crypto
import Foundation

/// The hash under the HMAC of a one-time password (RFC 6238 §1.2).
public enum OTPAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// What authenticator apps agree on; HMAC does not need collision resistance (RFC 4226 appendix B).
    case sha1 = "SHA1"
    /// SHA-256.
    case sha256 = "SHA256"
    /// SHA-512.
    case sha512 = "SHA512"
}

/// Counter-based one-time passwords (RFC 4226).
public enum HOTP {
    /// The code of `digits` digits (6 to 8) for one value of the counter.
    public static func code(
        key: SecretBytes, counter: UInt64, digits: Int = 6, algorithm: OTPAlgorithm = .sha1
    ) -> String {
        precondition((6...8).contains(digits), "RFC 4226 §5.3 allows 6 to 8 digits")
        let message = withUnsafeBytes(of: counter.bigEndian) { Array($0) }
        let tag = key.withExposedBytes { raw in
            authenticationCode(for: message, key: SymmetricKey(data: raw), algorithm: algorithm)
        }
        let number = truncated(tag) % power(of: 10, digits)
        let text = String(number)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    private static func authenticationCode(
        for message: [UInt8], key: SymmetricKey, algorithm: OTPAlgorithm
    ) -> [UInt8] {
        switch algorithm {
        case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
    }

    /// Dynamic truncation (RFC 4226 §5.3).
    private static func truncated(_ tag: [UInt8]) -> UInt32 {
        let offset = Int(tag[tag.count - 1] & 15)
        let word = tag[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return word & 0x7FFF_FFFF
    }

    private static func power(of base: UInt32, _ exponent: Int) -> UInt32 {
        (0..<exponent).reduce(UInt32(1)) { product, _ in product * base }
    }
}
