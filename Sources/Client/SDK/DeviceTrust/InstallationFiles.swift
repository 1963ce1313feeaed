import BucklerPlatformKeys
import Foundation
import Synchronization

/// Small files of the app that are not secret: which installation this is, and when a person last touched it.
///
/// Unlike the Keychain they vanish with the app and travel with a backup; PD-13 tells states apart by that difference. So
/// *absent* is an answer of its own: whatever keeps a file from being read is an error and never nil. Processes that share
/// a secret store must share these files too.
public protocol InstallationFiles: Sendable {
    /// The file's bytes; nil only if there is no such file.
    ///
    /// Throws ``SecretStoreError/locked`` while the system keeps it closed, ``SecretStoreError/damaged`` for one that is
    /// longer than 64 KiB, ``SecretStoreError/platform(status:)`` with `errno` for the rest.
    func read(_ name: String) throws(SecretStoreError) -> [UInt8]?
    /// Writes the file whole; readers see the old or the new one.
    func write(_ name: String, _ bytes: [UInt8]) throws(SecretStoreError)
    /// Deletes the file; nothing happens if there is none.
    func delete(_ name: String) throws(SecretStoreError)
}

/// Files in a directory of the app's container.
public struct DirectoryFiles: InstallationFiles {
    private let directory: URL

    /// Uses `directory`; it is made at the first write.
    public init(_ directory: URL) { self.directory = directory }

    /// Reads at most 64 KiB.
    public func read(_ name: String) throws(SecretStoreError) -> [UInt8]? {
        let descriptor = open(directory.appendingPathComponent(name).path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.failure(errno)
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let data: Data
        do { data = try handle.read(upToCount: Self.maximumByteCount + 1) ?? Data() } catch {
            throw Self.failure(error)
        }
        guard data.count <= Self.maximumByteCount else { throw .damaged }
        return Array(data)
    }

    /// Writes atomically, in a directory of the owner only; on Apple's platforms readable from the first unlock on, as the
    /// Keychain's items are.
    public func write(_ name: String, _ bytes: [UInt8]) throws(SecretStoreError) {
        var options: Data.WritingOptions = .atomic
        #if canImport(Darwin)
            options.insert(.completeFileProtectionUntilFirstUserAuthentication)
        #endif
        do {
            try FileManager.default.createDirectory(
                at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(bytes).write(to: directory.appendingPathComponent(name), options: options)
        } catch {
            throw Self.failure(error)
        }
    }

    /// Deletes.
    public func delete(_ name: String) throws(SecretStoreError) {
        guard unlink(directory.appendingPathComponent(name).path) == 0 || errno == ENOENT else {
            throw Self.failure(errno)
        }
    }

    private static func failure(_ error: any Error) -> SecretStoreError {
        let underlying = (error as? CocoaError)?.userInfo[NSUnderlyingErrorKey] as? POSIXError
        return failure((error as? POSIXError ?? underlying)?.code.rawValue ?? EIO)
    }

    private static func failure(_ code: Int32) -> SecretStoreError {
        #if canImport(Darwin)
            // A protected file of a locked device.
            if code == EPERM { return .locked }
        #endif
        return .platform(status: code)
    }

    private static let maximumByteCount = 65_536
}

/// Files in memory: previews and tests.
public final class MemoryFiles: InstallationFiles {
    private let files = Mutex<[String: [UInt8]]>([:])

    /// Without files.
    public init() {}

    /// Reads.
    public func read(_ name: String) throws(SecretStoreError) -> [UInt8]? { files.withLock { $0[name] } }
    /// Writes.
    public func write(_ name: String, _ bytes: [UInt8]) throws(SecretStoreError) { files.withLock { $0[name] = bytes } }
    /// Deletes.
    public func delete(_ name: String) throws(SecretStoreError) { files.withLock { $0[name] = nil } }
    /// Deletes every file, as deleting the app does.
    public func deleteAll() { files.withLock { $0.removeAll() } }
}
