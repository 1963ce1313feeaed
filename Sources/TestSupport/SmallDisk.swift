import Foundation

/// A file system of its own in memory, for tests that fill or freeze it; unmounted when the last reference goes.
public final class SmallDisk: Sendable {
    /// Where it is mounted; mode 0700.
    public let path: String
    private let folder: TemporaryFolder

    /// The system did not let this process mount anything.
    public struct Refused: Error {
        /// An error without more to say.
        public init() {}
    }

    /// Whether this process may mount file systems.
    public static let isAvailable: Bool = {
        guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        return access(disk.path, W_OK) == 0
    }()

    /// Mounts one of this size.
    public init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.path + "/disk"
        guard mkdir(path, 0o700) == 0,
            Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0700", "tmpfs", path])
        else { throw Refused() }
    }

    /// From now on it takes no writes.
    public func makeReadOnly() throws {
        guard Self.run("mount", ["-o", "remount,ro", path]) else { throw Refused() }
    }

    /// Fills what is left of it with one file, whose path is answered.
    public func fill() throws -> String {
        let ballast = path + "/ballast"
        try Data().write(to: URL(filePath: ballast))
        let handle = try FileHandle(forWritingTo: URL(filePath: ballast))
        while (try? handle.write(contentsOf: Data(count: 4096))) != nil {}
        try? handle.close()
        return ballast
    }

    deinit { _ = Self.run("umount", ["-l", path]) }

    private static func run(_ tool: String, _ arguments: [String]) -> Bool {
        (try? ForeignProgram.run([tool] + arguments).status) == 0
    }
}
