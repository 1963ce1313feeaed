import Crypto
import Foundation

/// The key of a purpose in one epoch of the root key.
package struct EpochKey: Sendable {
    /// Which root key it was derived from: 1 for an instance's first one.
    package let epoch: Int64
    /// The key.
    package let bytes: SecretBytes

    /// Names a key's epoch.
    package init(epoch: Int64, bytes: SecretBytes) {
        self.epoch = epoch
        self.bytes = bytes
    }

    /// The epoch's last byte.
    var mark: UInt8 { UInt8(truncatingIfNeeded: epoch) }
}

/// The keys of one purpose, which may change while they are used.
package protocol EpochKeys: Sendable {
    /// The newest first; never empty.
    var inForce: [EpochKey] { get }
}

/// A purpose with one key.
private struct FixedKey: EpochKeys {
    let key: EpochKey
    var inForce: [EpochKey] { [key] }
}

/// A key for HMAC-SHA-256 that is used for one purpose.
///
/// Tags are made with the newest epoch of the purpose's keys.
public struct MACKey: Sendable {
    private let keys: any EpochKeys

    /// At least 32 bytes of key.
    public init(_ key: SecretBytes) { self.init(EpochKey(epoch: 1, bytes: key)) }

    /// The key of a purpose whose keys may change while this value is used.
    package init(_ keys: any EpochKeys) { self.keys = keys }

    private init(_ key: EpochKey) {
        precondition(key.bytes.count >= 32, "a MAC key has at least 32 bytes")
        keys = FixedKey(key: key)
    }

    /// One key for each epoch that still counts, the newest first: what stands in rows may be of any of them.
    package var epochs: [MACKey] { keys.inForce.map { MACKey($0) } }

    /// One byte that tells epochs apart in what is handed out.
    package var mark: UInt8 { keys.inForce[0].mark }

    /// The key of the epoch with this mark, for good; the oldest if there is none.
    package func marked(_ mark: UInt8) -> MACKey {
        let keys = self.keys.inForce
        return MACKey(keys.first { $0.mark == mark } ?? keys[keys.count - 1])
    }

    /// The 32-byte tag over a domain label and parts, each part preceded by its length, so that no two lists collide.
    ///
    /// Input: label ‖ 0x00 ‖ (u32 length ‖ bytes) for each part.
    public func tag(_ label: StaticString, _ parts: [UInt8]...) -> [UInt8] { tag(label, parts: parts) }

    /// The same over a list of parts.
    package func tag(_ label: StaticString, parts: [[UInt8]]) -> [UInt8] {
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
        keys.inForce[0].bytes.withExposedBytes {
            Array(HMAC<SHA256>.authenticationCode(for: input, using: SymmetricKey(data: $0)))
        }
    }
}

/// Why sealed bytes did not open.
public enum SealingError: Error, Equatable {
    /// Too short, another version, another key or other associated data: the value does not belong here.
    case notAuthentic
}

/// A key for AES-256-GCM with a random 96-bit nonce and mandatory associated data.
///
/// Form: version 0x01 ‖ nonce 12 ‖ ciphertext ‖ tag 16. Sealed with the newest epoch of the purpose's keys, opened with
/// any.
public struct SealingKey: Sendable {
    private let keys: any EpochKeys

    /// Exactly 32 bytes of key.
    public init(_ key: SecretBytes) {
        precondition(key.count == 32, "AES-256 has 32 bytes of key")
        keys = FixedKey(key: EpochKey(epoch: 1, bytes: key))
    }

    /// The key of a purpose whose keys may change while this value is used.
    package init(_ keys: any EpochKeys) { self.keys = keys }

    /// Seals `plaintext` and ties it to `context`.
    public func seal(_ plaintext: [UInt8], context: [UInt8], entropy: Entropy) -> [UInt8] {
        keys.inForce[0].bytes.withExposedBytes { raw in
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
        guard sealed.count >= 29, sealed[0] == 1, let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst())
        else { throw .notAuthentic }
        for key in keys.inForce {
            let plain = key.bytes.withExposedBytes {
                try? AES.GCM.open(box, using: SymmetricKey(data: $0), authenticating: context)
            }
            if let plain { return SecretBytes(plain) }
        }
        throw .notAuthentic
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
