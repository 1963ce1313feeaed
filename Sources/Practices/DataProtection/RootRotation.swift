import BucklerPrimitives

/// A root key that is about to take over: on the disk or with the key manager, and not yet in the database.
package struct NextRoot: Sendable {
    /// What the database has to take over in one transaction.
    package let change: RootChange
    let root: RootKey
    let kept: [KeptKey]
}

/// Root-key rotation (PD-14), in steps that a crash may part.
///
/// 1. `prepareRoot`: the new key is on the disk as `root.next.key`. 2. The database takes `NextRoot.change` over, in one
/// transaction. 3. `takeRoot`: this process goes on with it. 4. `settleRoot`: files get their names, key-encryption keys
/// their new wrapping. Until 2 a start uses the old root key, after it the new one. The old one is not needed from 2 on:
/// what rows still stand under is kept, wrapped by the new one.
extension InstanceKeysLoader {
    /// Makes the next root key, or takes the one that an interrupted rotation made, and wraps what has to be kept.
    ///
    /// - Parameters:
    ///   - keysFolder: the keys directory.
    ///   - keys: the keys in force.
    ///   - external: the next root key of a key manager, instead of a file.
    ///   - refreshEpochs: the epochs of refresh keys whose tokens may still come.
    /// - Returns: what the database has to take over.
    /// - Throws: what the directory or the database refused.
    package func prepareRoot(
        keysFolder: String, keys: InstanceKeys, external: RootKey? = nil, refreshEpochs: [UInt8]
    ) async throws(KeyDirectoryError) -> NextRoot {
        let directory = KeyDirectory(path: keysFolder, files: files)
        try settleRoot(keysFolder: keysFolder, keys: keys)
        guard let record = try await stored({ () async throws(StoreError) in try await store.find() }) else {
            throw .database(.inconsistent)
        }
        let root: RootKey
        if let external { root = external } else { root = try nextRoot(directory) }
        try await checkIsNew(root, record, place: external == nil ? directory.nextRootPath : Self.nextExternalPlace)
        let kept = keys.ring.keysToKeep(refreshEpochs: refreshEpochs)
        let wrapping = KeyRing(root: root.bytes, instance: record.id).sealing(.wrapKeptKeys)
        let wrapped = kept.map { key in
            let sealed = key.bytes.withExposedBytes {
                wrapping.seal($0, context: Self.context(key.name, record.id), entropy: entropy)
            }
            return WrappedKeptKey(name: key.name, sealed: sealed)
        }
        let after = InstanceRecord(
            id: record.id, checkTag: Self.checkTag(root, record.id), rootKeyID: root.id, createdAt: record.createdAt,
            rootEpoch: record.rootEpoch + 1)
        return NextRoot(
            change: RootChange(before: record, after: after, kept: wrapped, at: clock.now), root: root, kept: kept)
    }

    /// Goes on with the root key that the database has just taken over; `keys` and all its copies follow.
    package func takeRoot(_ next: NextRoot, keys: InstanceKeys) {
        keys.ring.adopt(root: next.root.bytes, epoch: next.change.after.rootEpoch, kept: next.kept)
        keys.root.id = next.root.id
    }

    /// Gives the files of the keys directory the form that the root key in force asks for; does nothing where they have it.
    package func settleRoot(keysFolder: String, keys: InstanceKeys) throws(KeyDirectoryError) {
        let directory = KeyDirectory(path: keysFolder, files: files)
        if let next = try directory.readNextRoot(), next.id == keys.rootKeyID { try directory.promoteNextRoot() }
        for key in try directory.wrappedKeys() where key.rootID != keys.rootKeyID {
            let raw = try directory.open(key, keys.ring, keys.rootKeyID)
            let again = raw.withExposedBytes { bytes in
                WrappedKeyEncryptionKey(
                    sealing: bytes, epoch: key.epoch, rootID: keys.rootKeyID, ring: keys.ring, entropy: entropy)
            }
            try directory.replaceKey(again)
        }
    }

    /// How many key-encryption keys are still wrapped by an earlier root key.
    package func keyFilesBehind(keysFolder: String, keys: InstanceKeys) throws(KeyDirectoryError) -> Int {
        try KeyDirectory(path: keysFolder, files: files).wrappedKeys().count { $0.rootID != keys.rootKeyID }
    }

    /// Removes the file of the root key before this one, once no row is behind.
    package func removeFormerRoot(keysFolder: String) throws(KeyDirectoryError) {
        try KeyDirectory(path: keysFolder, files: files).removeFormerRoot()
    }

    /// What error texts call the place of the next root key that no file holds.
    package static let nextExternalPlace = "keys_command_next"

    /// Opens what the database keeps of replaced root keys.
    func keptKeys(_ ring: KeyRing, _ instance: InstanceID) async throws(KeyDirectoryError) -> [KeptKey] {
        let wrapped = try await stored { () async throws(StoreError) in try await store.keptKeys() }
        let wrapping = ring.sealing(.wrapKeptKeys)
        var kept: [KeptKey] = []
        for key in wrapped {
            guard let raw = try? wrapping.open(key.sealed, context: Self.context(key.name, instance)), raw.count == 32
            else { throw .keptKeyNotAuthentic(key.name) }
            kept.append(KeptKey(name: key.name, bytes: raw))
        }
        return kept
    }

    private func nextRoot(_ directory: KeyDirectory) throws(KeyDirectoryError) -> RootKey {
        // Nothing was ever sealed under one that the database did not take over, so it is as good as a new one.
        if let root = try directory.readNextRoot() { return root }
        let root = RootKey(random: entropy)
        try directory.createNextRoot(root)
        return root
    }

    private func checkIsNew(_ root: RootKey, _ record: InstanceRecord, place: String) async throws(KeyDirectoryError) {
        let former = try await stored { () async throws(StoreError) in try await store.formerRoots() }
        guard root.id != record.rootKeyID, !former.contains(where: { $0.id == root.id }), !Self.fits(root, record)
        else { throw .notANewRoot(path: place, found: root.id) }
    }

    private static func context(_ name: KeptKeyName, _ instance: InstanceID) -> [UInt8] {
        let epoch = withUnsafeBytes(of: name.epoch.bigEndian) { Array($0) }
        return RowContext(
            table: "kept_key", column: "wrapped", owner: instance.bytes + epoch + Array(name.purpose.utf8)
        ).bytes
    }
}
