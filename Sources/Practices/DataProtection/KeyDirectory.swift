import BucklerPrimitives

/// The keys directory: `root.key` and `kek/<epoch>`, each checked before it is read.
struct KeyDirectory {
    let path: String
    let files: any KeyFiles

    var rootPath: String { path + "/root.key" }
    /// A root key that is to take over.
    var nextRootPath: String { path + "/root.next.key" }
    /// The root key before the present one, until no row is behind.
    var formerRootPath: String { path + "/root.former.key" }
    private var keysPath: String { path + "/kek" }

    func keyPath(_ epoch: KeyEpoch) -> String { "\(keysPath)/\(epoch)" }

    /// Creates what is missing and checks place, modes and owners of the directories.
    func prepare(outside dataFolder: String) throws(KeyDirectoryError) {
        // Before anything is created: a wrong configuration must not leave a directory behind in the data folder.
        try checkPlace(outside: dataFolder)
        try ensureDirectory(path)
        try checkPlace(outside: dataFolder)
        try ensureDirectory(keysPath)
    }

    func readRoot() throws(KeyDirectoryError) -> RootKey? { try readRoot(rootPath) }

    func readNextRoot() throws(KeyDirectoryError) -> RootKey? { try readRoot(nextRootPath) }

    private func readRoot(_ path: String) throws(KeyDirectoryError) -> RootKey? {
        guard let bytes = try readChecked(path) else { return nil }
        let text = bytes.withExposedBytes { SecretString(String(decoding: $0, as: UTF8.self)) }
        guard let root = RootKey(parsing: text) else { throw .malformed(path: path) }
        return root
    }

    func createRoot(_ root: RootKey) throws(KeyDirectoryError) {
        try create(rootPath, root.fileForm.withExposedBytes { SecretBytes($0) })
    }

    func createNextRoot(_ root: RootKey) throws(KeyDirectoryError) {
        try create(nextRootPath, root.fileForm.withExposedBytes { SecretBytes($0) })
    }

    /// The next root key becomes the root key.
    ///
    /// After a crash between the two steps the next start does the second.
    func promoteNextRoot() throws(KeyDirectoryError) {
        if try status(rootPath) != nil {
            try system(rootPath) { () throws(KeyFileError) in try files.move(rootPath, to: formerRootPath) }
        }
        try system(nextRootPath) { () throws(KeyFileError) in try files.move(nextRootPath, to: rootPath) }
    }

    func removeFormerRoot() throws(KeyDirectoryError) {
        try system(formerRootPath) { () throws(KeyFileError) in try files.remove(formerRootPath) }
    }

    func replaceKey(_ key: WrappedKeyEncryptionKey) throws(KeyDirectoryError) {
        let path = keyPath(key.epoch)
        let contents = SecretBytes(key.fileForm.utf8)
        try system(path) { () throws(KeyFileError) in try files.replaceFile(at: path, contents: contents) }
    }

    func createKey(_ key: WrappedKeyEncryptionKey) throws(KeyDirectoryError) {
        try create(keyPath(key.epoch), SecretBytes(key.fileForm.utf8))
    }

    /// All epochs' keys that are here, opened.
    func openKeys(_ ring: KeyRing, _ rootID: KeyID) throws(KeyDirectoryError) -> [KeyEpoch: SecretBytes] {
        var keys: [KeyEpoch: SecretBytes] = [:]
        for key in try wrappedKeys() { keys[key.epoch] = try open(key, ring, rootID) }
        return keys
    }

    func open(
        _ key: WrappedKeyEncryptionKey, _ ring: KeyRing, _ rootID: KeyID
    ) throws(KeyDirectoryError) -> SecretBytes {
        do { return try key.open(ring) } catch {
            let path = keyPath(key.epoch)
            throw key.rootID == rootID
                ? .notAuthentic(path: path) : .underOtherRoot(path: path, found: key.rootID, expected: rootID)
        }
    }

    /// All epochs' keys that are here.
    func wrappedKeys() throws(KeyDirectoryError) -> [WrappedKeyEncryptionKey] {
        var keys: [WrappedKeyEncryptionKey] = []
        for name in try system(keysPath, { () throws(KeyFileError) in try files.names(in: keysPath) }) {
            let path = "\(keysPath)/\(name)"
            guard let bytes = try readChecked(path) else { continue }
            let text = bytes.withExposedBytes { String(decoding: $0, as: UTF8.self) }
            guard let key = WrappedKeyEncryptionKey(parsing: text), key.epoch.description == name else {
                throw .malformed(path: path)
            }
            keys.append(key)
        }
        return keys
    }

    private func checkPlace(outside dataFolder: String) throws(KeyDirectoryError) {
        guard let data = files.canonicalPath(of: dataFolder) else { throw .refused(path: dataFolder, .missing) }
        guard let keys = canonicalPathOfExistingPart() else { return }
        if keys == data || keys.hasPrefix(data == "/" ? "/" : data + "/") {
            throw .insideDataFolder(keys: path, data: dataFolder)
        }
    }

    /// The directory's own canonical path, or its parent's while it does not exist.
    private func canonicalPathOfExistingPart() -> String? {
        if let canonical = files.canonicalPath(of: path) { return canonical }
        let parent = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
        return files.canonicalPath(of: parent.isEmpty ? "/" : String(parent))
    }

    private func ensureDirectory(_ path: String) throws(KeyDirectoryError) {
        if try status(path) == nil {
            try system(path) { () throws(KeyFileError) in try files.createDirectory(at: path) }
        }
        guard let status = try status(path) else { throw .refused(path: path, .missing) }
        try check(status, path, kind: .directory, allowed: 0o700)
    }

    private func readChecked(_ path: String) throws(KeyDirectoryError) -> SecretBytes? {
        guard let status = try status(path) else { return nil }
        try check(status, path, kind: .file, allowed: 0o600)
        return try system(path) { () throws(KeyFileError) in try files.read(path) }
    }

    private func create(_ path: String, _ contents: SecretBytes) throws(KeyDirectoryError) {
        try system(path) { () throws(KeyFileError) in try files.createFile(at: path, contents: contents) }
    }

    private func check(
        _ status: KeyFileStatus, _ path: String, kind: KeyFileStatus.Kind, allowed: UInt32
    ) throws(KeyDirectoryError) {
        guard status.kind == kind else { throw .wrongKind(path: path) }
        guard status.owner == files.effectiveUser else {
            throw .otherOwner(path: path, owner: status.owner, expected: files.effectiveUser)
        }
        guard status.mode & ~allowed == 0 else { throw .modeTooWide(path: path, mode: status.mode, allowed: allowed) }
    }

    private func status(_ path: String) throws(KeyDirectoryError) -> KeyFileStatus? {
        try system(path) { () throws(KeyFileError) in try files.status(of: path) }
    }

    private func system<Value>(
        _ path: String, _ body: () throws(KeyFileError) -> Value
    ) throws(KeyDirectoryError) -> Value {
        do { return try body() } catch { throw .refused(path: path, error) }
    }
}
