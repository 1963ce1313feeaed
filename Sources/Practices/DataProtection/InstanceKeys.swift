import BucklerPrimitives

/// All keys of a running instance.
package struct InstanceKeys: Sendable {
    /// The instance.
    package let instance: InstanceID
    /// The root key's name.
    package let rootKeyID: KeyID
    /// Everything derived from the root key.
    package let ring: KeyRing
    /// Accounts' data keys.
    package let accountKeys: AccountDataKeys
}

/// Opens the keys directory, checks it against the database, and makes both on the very first start (PD-14).
package struct InstanceKeysLoader: Sendable {
    private let files: any KeyFiles
    private let store: any InstanceStore
    private let clock: WallClock
    private let entropy: Entropy

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
    /// - Returns: the opened keys.
    /// - Throws: the first check that failed, with a text for the operator.
    package func load(
        keysFolder: String, dataFolder: String, externalRoot: RootKey? = nil
    ) async throws(KeyDirectoryError) -> InstanceKeys {
        let directory = KeyDirectory(path: keysFolder, files: files)
        try directory.prepare(outside: dataFolder)
        let record = try await stored { () async throws(StoreError) in try await store.find() }
        let root: RootKey
        if let externalRoot {
            // Two roots would be a riddle at the next start; the operator says which one counts.
            guard try directory.readRoot() == nil else { throw .rootTwice(path: directory.rootPath) }
            root = externalRoot
        } else {
            root = try rootKey(directory, record)
        }
        let place = externalRoot == nil ? directory.rootPath : Self.externalPlace
        let instance = try await instance(root, record, place: place)
        let ring = KeyRing(root: root.bytes, instance: instance)
        let keys = try await keyEncryptionKeys(directory, ring, root.id)
        return InstanceKeys(
            instance: instance, rootKeyID: root.id, ring: ring, accountKeys: AccountDataKeys(keys, entropy: entropy))
    }

    /// Adds a key-encryption key of the next epoch: new accounts use it from the return of this call on, and the keys of
    /// older ones are re-wrapped in the background.
    ///
    /// The file is on the disk before anything is wrapped under it; if the process dies between, the next start uses it.
    /// `keys` and every copy of its `accountKeys` take the epoch up.
    package func addEpoch(keysFolder: String, keys: InstanceKeys) throws(KeyDirectoryError) {
        let directory = KeyDirectory(path: keysFolder, files: files)
        try createKey(keys.accountKeys.currentEpoch.next, directory, keys.ring, keys.rootKeyID)
        guard let opened = KeyEncryptionKeys(try directory.openKeys(keys.ring)) else {
            throw .epochMissing(path: directory.keyPath(.first))
        }
        keys.accountKeys.take(opened)
    }

    /// What error texts call the place of a root key that no file holds.
    package static let externalPlace = "keys_command"

    private func rootKey(_ directory: KeyDirectory, _ record: InstanceRecord?) throws(KeyDirectoryError) -> RootKey {
        if let root = try directory.readRoot() { return root }
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
            throw .otherRoot(path: place, found: root.id, expected: record.rootKeyID)
        }
        return record.id
    }

    private func keyEncryptionKeys(
        _ directory: KeyDirectory, _ ring: KeyRing, _ rootID: KeyID
    ) async throws(KeyDirectoryError) -> KeyEncryptionKeys {
        let inUse = try await stored { () async throws(StoreError) in try await store.epochsInUse() }
        var keys = try directory.openKeys(ring)
        if let missing = inUse.filter({ keys[$0] == nil }).min() {
            throw .epochMissing(path: directory.keyPath(missing))
        }
        if keys.isEmpty {
            try createKey(.first, directory, ring, rootID)
            keys = try directory.openKeys(ring)
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

    private func stored<Value: Sendable>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(KeyDirectoryError) -> Value {
        do { return try await body() } catch { throw .database(error) }
    }

    private static func checkTag(_ root: RootKey, _ instance: InstanceID) -> [UInt8] {
        KeyRing(root: root.bytes, instance: instance).mac(.check).tag("buckler/instance", instance.bytes)
    }
}
