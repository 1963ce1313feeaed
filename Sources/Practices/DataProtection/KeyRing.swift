import BucklerPrimitives
import Crypto
import Synchronization

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
    /// Wraps keys of replaced roots.
    case wrapKeptKeys
    /// Proves that database and root key belong together.
    case check

    /// The word in the derivation's info string.
    package var label: String {
        switch self {
        case .refresh(let epoch): "\(Self.refreshPrefix)\(epoch)"
        case .verifier: "verifier"
        case .throttle: "throttle"
        case .password: "password"
        case .blindIndex(let column): "blind-index/\(column)"
        case .wrapSigningKeys: "wrap/signing-keys"
        case .wrapDataKeys: "wrap/data-keys"
        case .state: "state"
        case .wrapKeptKeys: "wrap/kept-keys"
        case .check: "check"
        }
    }

    static let refreshPrefix = "refresh/"

    /// Columns with a blind index.
    ///
    /// A column that is not here would not be found any more after a new root key.
    package static let blindIndexColumns: Set = ["account.email"]

    /// What stands in rows and files, so that its key is kept when the root is replaced.
    ///
    /// The keys of refresh epochs too.
    static var changing: [KeyPurpose] {
        [.verifier, .throttle, .password, .wrapSigningKeys, .wrapDataKeys, .state]
            + blindIndexColumns.sorted().map { .blindIndex(column: $0) }
    }
}

/// All keys of one instance, derived from its root key.
///
/// root ─HKDF-SHA-256, info = "buckler/v1/" + purpose + "/" + instance id─► 32 bytes (PD-14). Keys of replaced roots are
/// kept as long as rows need them. Copies, and keys taken from them, follow a new root.
package struct KeyRing: Sendable {
    private let shared: SharedRing

    /// Takes the root key's 32 bytes, the data folder's instance, which root it is, and what is kept of those before it.
    package init(root: SecretBytes, instance: InstanceID, epoch: Int64 = 1, kept: [KeptKey] = []) {
        precondition(root.count == 32, "a root key has 32 bytes")
        shared = SharedRing(RingState(root: root, instance: instance, epoch: epoch, kept: kept))
    }

    /// A MAC key for `purpose`.
    package func mac(_ purpose: KeyPurpose) -> MACKey { MACKey(PurposeKeys(shared: shared, label: purpose.label)) }

    /// A sealing key for `purpose`.
    package func sealing(_ purpose: KeyPurpose) -> SealingKey {
        SealingKey(PurposeKeys(shared: shared, label: purpose.label))
    }

    /// How many root keys the instance had, this one included.
    package var epoch: Int64 { shared.state.withLock { $0.epoch } }

    /// The names of what is kept of earlier roots.
    package var kept: [KeptKeyName] { shared.state.withLock { $0.keptKeys.map(\.name) } }

    /// What a next root has to keep of this one and those before it, with the refresh keys of these epochs.
    func keysToKeep(refreshEpochs: [UInt8]) -> [KeptKey] {
        let labels = KeyPurpose.changing.map(\.label) + refreshEpochs.map { KeyPurpose.refresh(epoch: $0).label }
        return shared.state.withLock { state in
            labels.flatMap { label in
                state.keys(label).map { KeptKey(name: KeptKeyName(purpose: label, epoch: $0.epoch), bytes: $0.bytes) }
            }
        }
    }

    /// Goes on with another root key: here, in every copy, and in every key that was taken.
    func adopt(root: SecretBytes, epoch: Int64, kept: [KeptKey]) {
        shared.state.withLock { state in
            state = RingState(root: root, instance: state.instance, epoch: epoch, kept: kept)
        }
    }

    /// Lets go of kept keys that no row needs.
    package func forget(_ names: Set<KeptKeyName>) {
        shared.state.withLock { state in
            let left = state.keptKeys.filter { !names.contains($0.name) }
            state = RingState(root: state.root, instance: state.instance, epoch: state.epoch, kept: left)
        }
    }
}

/// Which key of an earlier root is kept.
package struct KeptKeyName: Sendable, Hashable, CustomStringConvertible {
    /// The purpose's label.
    package let purpose: String
    /// Under which of the instance's root keys it was derived.
    package let epoch: Int64

    /// Names a kept key.
    package init(purpose: String, epoch: Int64) {
        self.purpose = purpose
        self.epoch = epoch
    }

    /// Purpose and epoch.
    package var description: String { "\(purpose)@\(epoch)" }
}

/// A key that was derived from a replaced root, for the rows that still stand under it.
package struct KeptKey: Sendable {
    /// Which one.
    package let name: KeptKeyName
    let bytes: SecretBytes
}

private struct PurposeKeys: EpochKeys {
    let shared: SharedRing
    let label: String

    var inForce: [EpochKey] { shared.state.withLock { $0.keys(label) } }
}

private final class SharedRing: Sendable {
    let state: Mutex<RingState>

    init(_ state: RingState) { self.state = Mutex(state) }
}

private struct RingState {
    let root: SecretBytes
    let instance: InstanceID
    let epoch: Int64
    let keptKeys: [KeptKey]
    private var derived: [String: [EpochKey]] = [:]

    init(root: SecretBytes, instance: InstanceID, epoch: Int64, kept: [KeptKey]) {
        self.root = root
        self.instance = instance
        self.epoch = epoch
        keptKeys = kept.sorted { $0.name.epoch > $1.name.epoch }
    }

    /// The newest first.
    ///
    /// A refresh epoch belongs to the root under which it began and to no other.
    mutating func keys(_ label: String) -> [EpochKey] {
        if let known = derived[label] { return known }
        let kept = keptKeys.filter { $0.name.purpose == label }
            .map { EpochKey(epoch: $0.name.epoch, bytes: $0.bytes) }
        let keys =
            label.hasPrefix(KeyPurpose.refreshPrefix) && !kept.isEmpty
            ? [kept[0]] : [EpochKey(epoch: epoch, bytes: derive(label))] + kept
        derived[label] = keys
        return keys
    }

    private func derive(_ label: String) -> SecretBytes {
        let info = Array("buckler/v1/\(label)/\(instance.text)".utf8)
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
