import Foundation

/// A folder of its own for one test, removed when the last reference goes.
public final class TemporaryFolder: Sendable {
    /// Where it is made.
    public enum Place: Sendable {
        /// In memory, where the system offers that.
        case memory
        /// Where temporary files go; for whole servers, whose files would crowd the memory.
        case disk
    }

    /// The folder's path; mode 0700.
    public let path: String

    /// Creates the folder.
    public init(_ place: Place = .memory) throws {
        let isInMemory = place == .memory && access("/dev/shm", W_OK) == 0
        // Not a longer folder that the environment names: sockets stand here, and their paths have at most 104 bytes.
        var template = Array("\(isInMemory ? "/dev/shm" : "/tmp")/buckler-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        path = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
