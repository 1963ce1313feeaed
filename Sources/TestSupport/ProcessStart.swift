import Foundation
import Synchronization

/// Starts child processes one at a time.
///
/// Foundation's `Process` on Linux watches its children by `select`: it fails in a process that has a thousand descriptors
/// open, and `scripts/test.sh` runs the tests that use it by themselves for that reason.
public enum ProcessStart {
    private static let gate = Mutex(())

    /// Starts a process when no other is being started.
    public static func run(_ process: Process) throws {
        try gate.withLock { _ in try process.run() }
    }
}
