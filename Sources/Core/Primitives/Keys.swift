import Crypto
import Foundation

/// A key for HMAC-SHA-256 that is used for one purpose.
public struct MACKey: Sendable {
    private let key: SecretBytes

    /// At least 32 bytes of key.
    public init(_ key: SecretBytes) {
        precondition(key.count >= 32, "a MAC key has at least 32 bytes")
        self.key = key
    }

    /// The 32-byte tag over a domain label and parts, each part preceded by its length, so that no two lists collide.
    ///
    /// Input: label ‖ 0x00 ‖ (u32 length ‖ bytes) for each part.
    public func tag(_ label: StaticString, _ parts: [UInt8]...) -> [UInt8] {
        var input = label.withUTF8Buffer { Array($0) }
        input.append(0)
        for part in parts {
            withUnsafeBytes(of: UInt32(part.count).bigEndian) { input.append(contentsOf: $0) }
            input += part
        }
        return tag(raw: input)
    }

    /// The 32-byte tag over exactly these bytes.
    public func tag(raw input: [UInt8]) -> [UInt8] {
        key.withExposedBytes { Array(HMAC<SHA256>.authenticationCode(for: input, using: SymmetricKey(data: $0))) }
    }
}

/// Why sealed bytes did not open.
public enum SealingError: Error, Equatable {
    /// Too short, another version, another key or other associated data: the value does not belong here.
    case notAuthentic
}

/// A key for AES-256-GCM with a random 96-bit nonce and mandatory associated data.
///
/// Form: version 0x01 ‖ nonce 12 ‖ ciphertext ‖ tag 16.
public struct SealingKey: Sendable {
    private let key: SecretBytes

    /// Exactly 32 bytes of key.
    public init(_ key: SecretBytes) {
        precondition(key.count == 32, "AES-256 has 32 bytes of key")
        self.key = key
    }

    /// Seals `plaintext` and ties it to `context`.
    public func seal(_ plaintext: [UInt8], context: [UInt8], entropy: Entropy) -> [UInt8] {
        key.withExposedBytes { raw in
            // A 12-byte nonce and a 32-byte key cannot be refused: both lengths are fixed here.
            guard let nonce = try? AES.GCM.Nonce(data: entropy.bytes(12)),
                let box = try? AES.GCM.seal(
                    plaintext, using: SymmetricKey(data: raw), nonce: nonce, authenticating: context)
            else { preconditionFailure("AES-GCM refused fixed lengths") }
            return [1] + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        }
    }

    /// Opens what `seal` made for the same context.
    public func open(_ sealed: [UInt8], context: [UInt8]) throws(SealingError) -> SecretBytes {
        guard sealed.count >= 29, sealed[0] == 1 else { throw .notAuthentic }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst())
            let plain = try key.withExposedBytes {
                try AES.GCM.open(box, using: SymmetricKey(data: $0), authenticating: context)
            }
            return SecretBytes(plain)
        } catch {
            throw .notAuthentic
        }
    }
}

extension MACKey: CustomStringConvertible, CustomReflectable {
    /// Always the same text.
    public var description: String { "‹redacted›" }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension SealingKey: CustomStringConvertible, CustomReflectable {
    /// Always the same text.
    public var description: String { "‹redacted›" }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
