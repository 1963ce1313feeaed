import Foundation
import Synchronization

/// Small files of the app that are not secret: which installation this is, and when a person last touched it.
///
/// Unlike the Keychain they vanish with the app and travel with a backup; PD-13 tells states apart by that difference.
/// Failures are silence: a missing file only makes the SDK more careful.
public protocol InstallationFiles: Sendable {
    /// The file's bytes, or nil.
    func read(_ name: String) -> [UInt8]?
    /// Writes the file whole; readers see the old or the new one.
    func write(_ name: String, _ bytes: [UInt8])
    /// Deletes the file.
    func delete(_ name: String)
}

/// Files in a directory of the app's container.
public struct DirectoryFiles: InstallationFiles {
    private let directory: URL

    /// Uses `directory`; it is made at the first write.
    public init(_ directory: URL) { self.directory = directory }

    /// Reads at most 64 KiB.
    public func read(_ name: String) -> [UInt8]? {
        guard let data = try? Data(contentsOf: directory.appendingPathComponent(name)), data.count <= 65_536 else {
            return nil
        }
        return Array(data)
    }

    /// Writes atomically, readable by the owner only.
    public func write(_ name: String, _ bytes: [UInt8]) {
        try? FileManager.default.createDirectory(
            at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? Data(bytes).write(to: directory.appendingPathComponent(name), options: .atomic)
    }

    /// Deletes.
    public func delete(_ name: String) {
        try? FileManager.default.removeItem(at: directory.appendingPathComponent(name))
    }
}

/// Files in memory: previews and tests.
public final class MemoryFiles: InstallationFiles {
    private let files = Mutex<[String: [UInt8]]>([:])

    /// Without files.
    public init() {}

    /// Reads.
    public func read(_ name: String) -> [UInt8]? { files.withLock { $0[name] } }
    /// Writes.
    public func write(_ name: String, _ bytes: [UInt8]) { files.withLock { $0[name] = bytes } }
    /// Deletes.
    public func delete(_ name: String) { files.withLock { $0[name] = nil } }
    /// Deletes every file, as deleting the app does.
    public func deleteAll() { files.withLock { $0.removeAll() } }
}
