import BucklerPrimitives
import Crypto

/// What a derived key is for.
///
/// One key, one purpose (PD-14, PD-15).
package enum KeyPurpose: Hashable, Sendable {
    /// Tags of refresh tokens of one epoch (PD-01).
    case refresh(epoch: UInt8)
    /// Keyed verifiers: codes, handles, rows (PD-11).
    case verifier
    /// Keys of guessing budgets (PD-09).
    case throttle
    /// Seals Argon2id strings and recovery codes.
    case password
    /// Blind index of one column, such as `account.email`.
    case blindIndex(column: String)
    /// Wraps token signing keys.
    case wrapSigningKeys
    /// Wraps accounts' data keys.
    case wrapDataKeys
    /// Seals state blobs: flows, grants, pending sign-ups, queued mail.
    case state
    /// Proves that database and root key belong together.
    case check

    /// The word in the derivation's info string.
    package var label: String {
        switch self {
        case .refresh(let epoch): "refresh/\(epoch)"
        case .verifier: "verifier"
        case .throttle: "throttle"
        case .password: "password"
        case .blindIndex(let column): "blind-index/\(column)"
        case .wrapSigningKeys: "wrap/signing-keys"
        case .wrapDataKeys: "wrap/data-keys"
        case .state: "state"
        case .check: "check"
        }
    }
}

/// All keys of one instance, derived from its root key.
///
/// root ─HKDF-SHA-256, info = "buckler/v1/" + purpose + "/" + instance id─► 32 bytes (PD-14).
package struct KeyRing: Sendable {
    private let root: SecretBytes
    private let instance: InstanceID

    /// Takes the root key's 32 bytes and the data folder's instance.
    package init(root: SecretBytes, instance: InstanceID) {
        precondition(root.count == 32, "a root key has 32 bytes")
        self.root = root
        self.instance = instance
    }

    /// A MAC key for `purpose`.
    package func mac(_ purpose: KeyPurpose) -> MACKey { MACKey(derive(purpose)) }

    /// A sealing key for `purpose`.
    package func sealing(_ purpose: KeyPurpose) -> SealingKey { SealingKey(derive(purpose)) }

    private func derive(_ purpose: KeyPurpose) -> SecretBytes {
        let info = Array("buckler/v1/\(purpose.label)/\(instance.text)".utf8)
        return root.withExposedBytes { raw in
            HKDF<SHA256>.deriveKey(inputKeyMaterial: SymmetricKey(data: raw), info: info, outputByteCount: 32)
                .withUnsafeBytes { SecretBytes($0) }
        }
    }
}

/// Where a sealed value stands; it opens nowhere else (PD-11).
package struct RowContext: Sendable {
    /// Associated data: each part preceded by its length.
    package let bytes: [UInt8]

    /// Table, column, the owner's identifier and the form's version.
    package init(table: StaticString, column: StaticString, owner: [UInt8], version: UInt8 = 1) {
        var bytes: [UInt8] = []
        for part in [table.withUTF8Buffer { Array($0) }, column.withUTF8Buffer { Array($0) }, owner, [version]] {
            withUnsafeBytes(of: UInt32(part.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes += part
        }
        self.bytes = bytes
    }
}
