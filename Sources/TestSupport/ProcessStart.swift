import Foundation
import Synchronization

/// Starts child processes one at a time.
///
/// Foundation's `Process.run` on Linux keeps its sockets in sets that two starts at once corrupt.
public enum ProcessStart {
    private static let gate = Mutex(())

    /// Starts a process when no other is being started.
    public static func run(_ process: Process) throws {
        try gate.withLock { _ in try process.run() }
    }
}
