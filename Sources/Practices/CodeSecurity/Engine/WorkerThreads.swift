import Foundation

/// Threads whose stacks are deep enough for the deepest tree; tasks have small ones.
enum WorkerThreads {
    /// Bytes of stack for ``TreeBuilder/maximumDepth`` levels with every function of a front end between them, and for
    /// the longest stretch that the parser of Swift is given; what is not used takes no memory.
    static let stackByteCount = 128 * 1_048_576

    /// Runs the same work on several threads and waits for all.
    static func run(count: Int, _ work: @escaping @Sendable () -> Void) {
        let group = DispatchGroup()
        for _ in 0..<count {
            group.enter()
            let thread = Thread {
                work()
                group.leave()
            }
            thread.stackSize = stackByteCount
            thread.start()
        }
        group.wait()
    }
}
