import BucklerPrimitives

/// The keys directory: `root.key` and `kek/<epoch>`, each checked before it is read.
struct KeyDirectory {
    let path: String
    let files: any KeyFiles

    var rootPath: String { path + "/root.key" }
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

    func readRoot() throws(KeyDirectoryError) -> RootKey? {
        guard let bytes = try readChecked(rootPath) else { return nil }
        let text = bytes.withExposedBytes { SecretString(String(decoding: $0, as: UTF8.self)) }
        guard let root = RootKey(parsing: text) else { throw .malformed(path: rootPath) }
        return root
    }

    func createRoot(_ root: RootKey) throws(KeyDirectoryError) {
        try create(rootPath, root.fileForm.withExposedBytes { SecretBytes($0) })
    }

    func createKey(_ key: WrappedKeyEncryptionKey) throws(KeyDirectoryError) {
        try create(keyPath(key.epoch), SecretBytes(key.fileForm.utf8))
    }

    /// All epochs' keys that are here, opened.
    func openKeys(_ ring: KeyRing) throws(KeyDirectoryError) -> [KeyEpoch: SecretBytes] {
        var keys: [KeyEpoch: SecretBytes] = [:]
        for name in try system(keysPath, { () throws(KeyFileError) in try files.names(in: keysPath) }) {
            let path = "\(keysPath)/\(name)"
            guard let bytes = try readChecked(path) else { continue }
            let text = bytes.withExposedBytes { String(decoding: $0, as: UTF8.self) }
            guard let key = WrappedKeyEncryptionKey(parsing: text), key.epoch.description == name else {
                throw .malformed(path: path)
            }
            do { keys[key.epoch] = try key.open(ring) } catch { throw .notAuthentic(path: path) }
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
