import BucklerPrimitives
import Crypto

/// An encrypted directory of secrets, for Linux and for tools.
///
/// Each item is one file, AES-256-GCM under `vault.key` (32 random bytes, 0600) with the item's name as associated data:
/// a file moved to another name does not open. This protects against other users of the machine and against a copied
/// item without the key file; it does **not** protect against the same user, who can read both.
public struct FileSecretStore: SecretStore {
    let directory: FileVaultDirectory
    private let entropy: Entropy

    /// Opens or makes the vault at `path`; the directory must be 0700 and the user's own.
    public init(path: String, entropy: Entropy = .system) throws(SecretStoreError) {
        self.entropy = entropy
        directory = try FileVaultDirectory(path: path, entropy: entropy)
    }

    /// A file vault is readable whenever its process runs.
    public func checkReadable() throws(SecretStoreError) { _ = try key() }

    /// The names of the items.
    public func names() throws(SecretStoreError) -> [String] {
        try directory.list().compactMap { file in
            guard file.hasSuffix(Self.suffix), let name = Base64URL.decode(file.dropLast(Self.suffix.count)) else {
                return nil
            }
            return String(validating: name, as: UTF8.self)
        }
    }

    /// Opens one item.
    public func read(_ name: String) throws(SecretStoreError) -> SecretBytes? {
        guard let sealed = try directory.read(Self.file(name)) else { return nil }
        return try open(sealed, name)
    }

    /// Seals and adds one item.
    ///
    /// The protection classes mean nothing here: a file has no notion of a locked device.
    public func add(
        _ name: String, _ value: SecretBytes, protection: ItemProtection
    ) throws(SecretStoreError) -> Bool {
        try directory.add(Self.file(name), seal(value, name))
    }

    /// Deletes one item's file.
    public func delete(_ name: String) throws(SecretStoreError) { try directory.delete(Self.file(name)) }

    func seal(_ value: SecretBytes, _ name: String) throws(SecretStoreError) -> [UInt8] {
        let key = try key()
        return value.withExposedBytes { key.seal($0, context: Self.context(name), entropy: entropy) }
    }

    func open(_ sealed: [UInt8], _ name: String) throws(SecretStoreError) -> SecretBytes {
        do {
            return try key().open(sealed, context: Self.context(name))
        } catch is SealingError {
            throw .damaged
        } catch let error as SecretStoreError {
            throw error
        } catch {
            throw .damaged
        }
    }

    private func key() throws(SecretStoreError) -> SealingKey {
        if let bytes = try directory.read(Self.keyFile) {
            guard bytes.count == 32 else { throw .damaged }
            return SealingKey(SecretBytes(bytes))
        }
        // Exactly one of several processes adds the key; all of them read the one that is there.
        _ = try directory.add(Self.keyFile, entropy.bytes(32))
        guard let bytes = try directory.read(Self.keyFile), bytes.count == 32 else { throw .damaged }
        return SealingKey(SecretBytes(bytes))
    }

    private static func file(_ name: String) -> String { Base64URL.encode(Array(name.utf8)) + suffix }
    private static func context(_ name: String) -> [UInt8] { Array("buckler file vault v1\0\(name)".utf8) }
    private static let suffix = ".item"
    private static let keyFile = "vault.key"
}

/// The device key as a file beside the vault, sealed under the vault's key.
///
/// Not hardware: see ``FileSecretStore``.
public struct FileDeviceKeyStore: DeviceKeyStore {
    private let vault: FileSecretStore

    /// The key of the vault's directory.
    public init(vault: FileSecretStore) { self.vault = vault }

    /// False: the same user can read the key.
    public var isHardwareBacked: Bool { false }

    /// Opens the key file; a file that does not open under the vault's key is a lost key.
    public func load() throws(SecretStoreError) -> (any DeviceKey)? {
        guard let sealed = try vault.directory.read(Self.file) else { return nil }
        do {
            return try SoftwareDeviceKey(vault.open(sealed, Self.file))
        } catch .damaged {
            return nil
        } catch {
            throw error
        }
    }

    /// Makes the key, or reads the one that another process made first.
    public func create() throws(SecretStoreError) -> any DeviceKey {
        if let existing = try load() { return existing }
        // A file that is there but does not open is a lost key; without a file there is nothing to delete, and deleting
        // could take the key of a process that is faster.
        if try vault.directory.read(Self.file) != nil, try load() == nil { try delete() }
        let fresh = SecretBytes(P256.Signing.PrivateKey().rawRepresentation)
        _ = try vault.directory.add(Self.file, vault.seal(fresh, Self.file))
        guard let key = try load() else { throw .damaged }
        return key
    }

    /// Deletes the key file.
    public func delete() throws(SecretStoreError) { try vault.directory.delete(Self.file) }

    private static let file = "device.key"
}

/// A P-256 key in memory.
public struct SoftwareDeviceKey: DeviceKey {
    private let key: P256.Signing.PrivateKey

    /// Takes 32 bytes of private key.
    public init(_ raw: SecretBytes) throws(SecretStoreError) {
        do {
            key = try raw.withExposedBytes { try P256.Signing.PrivateKey(rawRepresentation: $0) }
        } catch {
            throw .damaged
        }
    }

    /// Makes a fresh key.
    public init() { key = P256.Signing.PrivateKey() }

    /// The public point.
    public var publicPoint: [UInt8] { Array(key.publicKey.x963Representation) }

    /// Signs in this process.
    public func signature(for message: [UInt8]) throws(SecretStoreError) -> [UInt8] {
        do {
            return Array(try key.signature(for: message).rawRepresentation)
        } catch {
            throw .damaged
        }
    }
}
