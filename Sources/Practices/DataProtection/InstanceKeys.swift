import BucklerPrimitives
import Synchronization

/// All keys of a running instance.
package struct InstanceKeys: Sendable {
    /// The instance.
    package let instance: InstanceID
    /// The root key's name.
    package var rootKeyID: KeyID { root.id }
    /// Everything derived from the root key.
    package let ring: KeyRing
    /// Accounts' data keys.
    package let accountKeys: AccountDataKeys
    let root: RootName
}

/// The name of the root key in force, for every copy of an instance's keys.
final class RootName: Sendable {
    private let name: Mutex<KeyID>

    init(_ id: KeyID) { name = Mutex(id) }

    var id: KeyID {
        get { name.withLock { $0 } }
        set { name.withLock { $0 = newValue } }
    }
}

/// Opens the keys directory, checks it against the database, and makes both on the very first start (PD-14).
package struct InstanceKeysLoader: Sendable {
    let files: any KeyFiles
    let store: any InstanceStore
    let clock: WallClock
    let entropy: Entropy

    /// Takes the ports to directory and database.
    package init(files: any KeyFiles, store: any InstanceStore, clock: WallClock, entropy: Entropy) {
        self.files = files
        self.store = store
        self.clock = clock
        self.entropy = entropy
    }

    /// The keys of the instance whose data lie in `dataFolder`.
    ///
    /// A missing root key is made only for a database without an instance; a missing first epoch only while no account's
    /// key stands under one. Nothing is ever overwritten.
    ///
    /// - Parameters:
    ///   - keysFolder: the keys directory; created with mode 0700 if missing.
    ///   - dataFolder: the data folder, which must exist.
    ///   - externalRoot: the root key of a key manager, instead of `root.key`.
    ///   - nextExternalRoot: the one that a key manager has ready to take over, or that has taken over already.
    /// - Returns: the opened keys.
    /// - Throws: the first check that failed, with a text for the operator.
    package func load(
        keysFolder: String, dataFolder: String, externalRoot: RootKey? = nil, nextExternalRoot: RootKey? = nil
    ) async throws(KeyDirectoryError) -> InstanceKeys {
        let directory = KeyDirectory(path: keysFolder, files: files)
        try directory.prepare(outside: dataFolder)
        let record = try await stored { () async throws(StoreError) in try await store.find() }
        let root: RootKey
        if let externalRoot {
            // Two roots would be a riddle at the next start; the operator says which one counts.
            guard try directory.readRoot() == nil else { throw .rootTwice(path: directory.rootPath) }
            root = nextExternalRoot.flatMap { Self.fits($0, record) ? $0 : nil } ?? externalRoot
        } else {
            root = try rootKey(directory, record)
        }
        let place = externalRoot == nil ? directory.rootPath : Self.externalPlace
        let instance = try await instance(root, record, place: place)
        let epoch = record?.rootEpoch ?? 1
        let kept = try await keptKeys(KeyRing(root: root.bytes, instance: instance), instance)
        let ring = KeyRing(root: root.bytes, instance: instance, epoch: epoch, kept: kept)
        let keys = try await keyEncryptionKeys(directory, ring, root.id)
        return InstanceKeys(
            instance: instance, ring: ring, accountKeys: AccountDataKeys(keys, entropy: entropy),
            root: RootName(root.id))
    }

    /// Adds a key-encryption key of the next epoch: new accounts use it from the return of this call on, and the keys of
    /// older ones are re-wrapped in the background.
    ///
    /// The file is on the disk before anything is wrapped under it; if the process dies between, the next start uses it.
    /// `keys` and every copy of its `accountKeys` take the epoch up.
    package func addEpoch(keysFolder: String, keys: InstanceKeys) throws(KeyDirectoryError) {
        let directory = KeyDirectory(path: keysFolder, files: files)
        try createKey(keys.accountKeys.currentEpoch.next, directory, keys.ring, keys.rootKeyID)
        guard let opened = KeyEncryptionKeys(try directory.openKeys(keys.ring, keys.rootKeyID)) else {
            throw .epochMissing(path: directory.keyPath(.first))
        }
        keys.accountKeys.take(opened)
    }

    /// What error texts call the place of a root key that no file holds.
    package static let externalPlace = "keys_command"

    private func rootKey(_ directory: KeyDirectory, _ record: InstanceRecord?) throws(KeyDirectoryError) -> RootKey {
        let found = try directory.readRoot()
        if let record, found.map({ !Self.fits($0, record) }) ?? true, let next = try directory.readNextRoot(),
            Self.fits(next, record)
        {
            // The database took the next root key over, and then the process ended.
            try directory.promoteNextRoot()
            return next
        }
        if let found { return found }
        if let record { throw .rootMissing(path: directory.rootPath, expected: record.rootKeyID) }
        let root = RootKey(random: entropy)
        try directory.createRoot(root)
        return root
    }

    private func instance(
        _ root: RootKey, _ record: InstanceRecord?, place: String
    ) async throws(KeyDirectoryError) -> InstanceID {
        guard let record else {
            let id = InstanceID.random(entropy)
            let new = InstanceRecord(
                id: id, checkTag: Self.checkTag(root, id), rootKeyID: root.id, createdAt: clock.now)
            try await stored { () async throws(StoreError) in try await store.create(new) }
            return id
        }
        guard ConstantTime.equal(Self.checkTag(root, record.id), record.checkTag) else {
            if root.id == record.rootKeyID { throw .checkFailed(path: place, key: root.id) }
            let former = try await stored { () async throws(StoreError) in try await store.formerRoots() }
            if let old = former.first(where: { $0.id == root.id }) {
                throw .replacedRoot(path: place, found: root.id, expected: record.rootKeyID, at: old.replacedAt)
            }
            throw .otherRoot(path: place, found: root.id, expected: record.rootKeyID)
        }
        return record.id
    }

    private func keyEncryptionKeys(
        _ directory: KeyDirectory, _ ring: KeyRing, _ rootID: KeyID
    ) async throws(KeyDirectoryError) -> KeyEncryptionKeys {
        let inUse = try await stored { () async throws(StoreError) in try await store.epochsInUse() }
        var keys = try directory.openKeys(ring, rootID)
        if let missing = inUse.filter({ keys[$0] == nil }).min() {
            throw .epochMissing(path: directory.keyPath(missing))
        }
        if keys.isEmpty {
            try createKey(.first, directory, ring, rootID)
            keys = try directory.openKeys(ring, rootID)
        }
        guard let opened = KeyEncryptionKeys(keys) else { throw .epochMissing(path: directory.keyPath(.first)) }
        return opened
    }

    private func createKey(
        _ epoch: KeyEpoch, _ directory: KeyDirectory, _ ring: KeyRing, _ rootID: KeyID
    ) throws(KeyDirectoryError) {
        try directory.createKey(
            WrappedKeyEncryptionKey(
                sealing: entropy.bytes(32), epoch: epoch, rootID: rootID, ring: ring, entropy: entropy))
    }

    func stored<Value: Sendable>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(KeyDirectoryError) -> Value {
        do { return try await body() } catch { throw .database(error) }
    }

    static func fits(_ root: RootKey, _ record: InstanceRecord?) -> Bool {
        record.map { ConstantTime.equal(checkTag(root, $0.id), $0.checkTag) } ?? false
    }

    static func checkTag(_ root: RootKey, _ instance: InstanceID) -> [UInt8] {
        KeyRing(root: root.bytes, instance: instance).mac(.check).tag("buckler/instance", instance.bytes)
    }
}
