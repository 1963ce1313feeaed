import BucklerPrimitives
import Synchronization

/// One account's key for its personal data.
///
/// Destroying its wrapped form makes that data unreadable for good.
package struct AccountDataKey: Sendable {
    /// Whose key this is.
    package let account: AccountID
    let key: SealingKey
}

/// An account's data key as it is stored: sealed under the key-encryption key of an epoch, tied to the account.
package struct WrappedDataKey: Sendable, Hashable {
    /// Which file under `kek/` opens it.
    package let epoch: KeyEpoch
    /// The sealed 32 bytes.
    package let sealed: [UInt8]

    /// Takes the stored parts.
    package init(epoch: KeyEpoch, sealed: [UInt8]) {
        self.epoch = epoch
        self.sealed = sealed
    }
}

/// The number of a key-encryption key.
package struct KeyEpoch: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Positive.
    package let number: Int64

    /// Nil for zero and negative numbers.
    package init?(_ number: Int64) {
        guard number > 0 else { return nil }
        self.number = number
    }

    private init(unchecked number: Int64) { self.number = number }

    /// The first epoch of an instance.
    package static let first = KeyEpoch(unchecked: 1)

    /// The epoch after this one.
    package var next: KeyEpoch { KeyEpoch(unchecked: number + 1) }

    /// The file's name under `kek/`.
    package var description: String { "\(number)" }

    /// By number.
    package static func < (left: KeyEpoch, right: KeyEpoch) -> Bool { left.number < right.number }
}

/// Why an account's data key did not open.
package enum DataKeyError: Error, Equatable {
    /// The epoch's file is gone: everything under it is shredded.
    case epochDestroyed(KeyEpoch)
    /// The wrapped key belongs to another account, or was changed.
    case notAuthentic
}

/// Makes, wraps and opens accounts' data keys.
///
/// Cost of each verb: one AES-GCM operation over 32 bytes. No file or database is touched. Copies share the
/// key-encryption keys, so that a new epoch reaches every repository at once.
package struct AccountDataKeys: Sendable {
    private let shared: SharedKeys
    private let entropy: Entropy

    /// Takes the opened key-encryption keys.
    package init(_ keyEncryptionKeys: KeyEncryptionKeys, entropy: Entropy) {
        shared = SharedKeys(keyEncryptionKeys)
        self.entropy = entropy
    }

    /// The epoch under which new keys are wrapped.
    package var currentEpoch: KeyEpoch { shared.keys.current }

    /// Uses these key-encryption keys from now on, here and in every copy.
    ///
    /// For a further epoch of the same instance; what was wrapped before still opens.
    func take(_ keyEncryptionKeys: KeyEncryptionKeys) { shared.keys = keyEncryptionKeys }

    private final class SharedKeys: Sendable {
        private let state: Mutex<KeyEncryptionKeys>

        init(_ keys: KeyEncryptionKeys) { state = Mutex(keys) }

        var keys: KeyEncryptionKeys {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    /// Draws a new key for an account; store its wrapped form in the transaction that creates the account.
    package func create(for account: AccountID) -> (key: AccountDataKey, wrapped: WrappedDataKey) {
        let raw = entropy.bytes(32)
        return (AccountDataKey(account: account, key: SealingKey(SecretBytes(raw))), wrap(raw, for: account))
    }

    /// Opens an account's stored key.
    package func open(_ wrapped: WrappedDataKey, for account: AccountID) throws(DataKeyError) -> AccountDataKey {
        AccountDataKey(account: account, key: SealingKey(try unwrap(wrapped, for: account)))
    }

    /// The same key under the current epoch; nil if it stands there already.
    package func rewrap(
        _ wrapped: WrappedDataKey, for account: AccountID
    ) throws(DataKeyError) -> WrappedDataKey? {
        guard wrapped.epoch != currentEpoch else { return nil }
        return try unwrap(wrapped, for: account).withExposedBytes { wrap($0, for: account) }
    }

    private func wrap(_ raw: [UInt8], for account: AccountID) -> WrappedDataKey {
        // One look: a new epoch may come between two.
        let keys = shared.keys
        let sealed = keys.currentKey.seal(raw, context: Self.context(account, keys.current), entropy: entropy)
        return WrappedDataKey(epoch: keys.current, sealed: sealed)
    }

    private func unwrap(_ wrapped: WrappedDataKey, for account: AccountID) throws(DataKeyError) -> SecretBytes {
        guard let key = shared.keys[wrapped.epoch] else { throw .epochDestroyed(wrapped.epoch) }
        guard let raw = try? key.open(wrapped.sealed, context: Self.context(account, wrapped.epoch)), raw.count == 32
        else { throw .notAuthentic }
        return raw
    }

    private static func context(_ account: AccountID, _ epoch: KeyEpoch) -> [UInt8] {
        RowContext(table: "account_key", column: "wrapped", owner: account.bytes + Array("\(epoch)".utf8)).bytes
    }
}

/// The key-encryption keys of all epochs that still exist.
package struct KeyEncryptionKeys: Sendable {
    /// The epoch under which new keys are wrapped.
    package let current: KeyEpoch
    let currentKey: SealingKey
    private let others: [KeyEpoch: SealingKey]

    /// Takes raw 32-byte keys by epoch; the greatest epoch is the current one.
    ///
    /// Nil without any.
    package init?(_ keys: [KeyEpoch: SecretBytes]) {
        guard let (current, raw) = keys.max(by: { $0.key < $1.key }) else { return nil }
        self.current = current
        currentKey = SealingKey(raw)
        others = keys.mapValues { SealingKey($0) }
    }

    /// The key of an epoch; nil once it is destroyed.
    subscript(_ epoch: KeyEpoch) -> SealingKey? { others[epoch] }
}

/// Seals personal data under its account's key and ties it to where it stands (PD-11).
package struct PersonalDataSealer: Sendable {
    private let entropy: Entropy

    /// Takes the source of nonces.
    package init(entropy: Entropy) { self.entropy = entropy }

    /// Seals `bytes` for one place.
    package func seal(_ bytes: [UInt8], _ context: RowContext, dataKey: AccountDataKey) -> [UInt8] {
        dataKey.key.seal(bytes, context: Self.bound(context, dataKey), entropy: entropy)
    }

    /// Opens what `seal` made for the same place and account.
    package func open(
        _ sealed: [UInt8], _ context: RowContext, dataKey: AccountDataKey
    ) throws(SealingError) -> SecretBytes {
        try dataKey.key.open(sealed, context: Self.bound(context, dataKey))
    }

    /// The account stands in the associated data whatever the caller took as the row's owner.
    private static func bound(_ context: RowContext, _ dataKey: AccountDataKey) -> [UInt8] {
        context.bytes + dataKey.account.bytes
    }
}

/// Finds rows by a value that is stored only sealed: equal values have equal tags, and tags cannot be made without the
/// key.
package struct BlindIndex: Sendable {
    private let key: MACKey

    /// The index of one column, such as `account.email`.
    package init(column: String, _ keyRing: KeyRing) { key = keyRing.mac(.blindIndex(column: column)) }

    /// The 32-byte tag of a value in its canonical form.
    package func tag(_ canonical: String) -> [UInt8] { key.tag("buckler/blind-index", Array(canonical.utf8)) }

    /// The tags under which rows with the value may stand, the newest first; more than one only while a root key's
    /// replacement goes on.
    package func tags(_ canonical: String) -> [[UInt8]] {
        key.epochs.map { $0.tag("buckler/blind-index", Array(canonical.utf8)) }
    }
}
