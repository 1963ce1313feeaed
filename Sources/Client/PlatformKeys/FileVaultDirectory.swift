import BucklerPrimitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A private directory (0700) of small files (0600) that several processes use at once.
///
/// A file appears whole or not at all (written beside, synced, then hard-linked to its name; the link fails if the name
/// exists). Listings are snapshots: changes and listings take a lock on `.lock` that the kernel frees with the process.
struct FileVaultDirectory: Sendable {
    let path: String
    private let entropy: Entropy

    /// Opens or makes the directory.
    ///
    /// Wider modes than 0700 are refused as `EPERM`, never repaired.
    init(path: String, entropy: Entropy) throws(SecretStoreError) {
        self.path = path
        self.entropy = entropy
        try Self.makeDirectories(path)
        var information = stat()
        guard lstat(path, &information) == 0 else { throw .platform(status: errno) }
        guard information.st_mode & S_IFMT == S_IFDIR else { throw .platform(status: ENOTDIR) }
        guard information.st_mode & 0o077 == 0, information.st_uid == geteuid() else { throw .platform(status: EPERM) }
    }

    /// Names of all files that do not begin with a dot.
    func list() throws(SecretStoreError) -> [String] {
        try locked(LOCK_SH) { () throws(SecretStoreError) in
            guard let directory = opendir(path) else { throw .platform(status: errno) }
            defer { closedir(directory) }
            var names: [String] = []
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if !name.hasPrefix(".") { names.append(name) }
            }
            return names
        }
    }

    /// The file's bytes, or nil if there is none.
    ///
    /// A file that others may read is refused.
    func read(_ name: String) throws(SecretStoreError) -> [UInt8]? {
        let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .platform(status: errno)
        }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw .platform(status: errno) }
        guard information.st_mode & 0o077 == 0 else { throw .platform(status: EPERM) }
        guard information.st_size <= Self.maximumByteCount else { throw .damaged }
        return try Self.readAll(descriptor)
    }

    /// Adds a file; false if the name exists.
    func add(_ name: String, _ bytes: [UInt8]) throws(SecretStoreError) -> Bool {
        guard bytes.count <= Self.maximumByteCount else { throw .platform(status: EFBIG) }
        let temporary = "\(path)/.\(Hex.encode(entropy.bytes(16)))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .platform(status: errno) }
        defer { unlink(temporary) }
        do {
            defer { close(descriptor) }
            try Self.writeAll(descriptor, bytes)
        }
        return try locked(LOCK_EX) { () throws(SecretStoreError) in
            guard link(temporary, "\(path)/\(name)") == 0 else {
                if errno == EEXIST { return false }
                throw .platform(status: errno)
            }
            syncDirectory()
            return true
        }
    }

    /// Deletes a file; nothing happens if there is none.
    func delete(_ name: String) throws(SecretStoreError) {
        try locked(LOCK_EX) { () throws(SecretStoreError) in
            guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else { throw .platform(status: errno) }
            syncDirectory()
        }
    }

    private func locked<R>(_ mode: Int32, _ body: () throws(SecretStoreError) -> R) throws(SecretStoreError) -> R {
        let descriptor = open("\(path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .platform(status: errno) }
        defer { close(descriptor) }  // also frees the lock
        while flock(descriptor, mode) != 0 {
            guard errno == EINTR else { throw .platform(status: errno) }
        }
        return try body()
    }

    private func syncDirectory() {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func makeDirectories(_ path: String) throws(SecretStoreError) {
        var prefix = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            prefix += "/\(component)"
            guard mkdir(prefix, 0o700) == 0 || errno == EEXIST || errno == EISDIR || errno == EROFS else {
                throw .platform(status: errno)
            }
        }
    }

    private static func readAll(_ descriptor: Int32) throws(SecretStoreError) -> [UInt8] {
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, &buffer, buffer.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, &buffer, buffer.count)
            #else
                let count = Glibc.read(descriptor, &buffer, buffer.count)
            #endif
            if count == 0 { return output }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .platform(status: errno)
            }
            output += buffer[..<count]
        }
    }

    private static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) throws(SecretStoreError) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .platform(status: errno)
            }
            offset += count
        }
        guard fsync(descriptor) == 0 else { throw .platform(status: errno) }
    }

    private static let maximumByteCount = 1_048_576
}
