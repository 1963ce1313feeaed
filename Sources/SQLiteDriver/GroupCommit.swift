import BucklerPrimitives
import GRDB
import Storage
import Synchronization

/// Many callers' writes in one transaction, each in a savepoint of its own, answered after the commit.
///
/// No waiting window: what arrives during one commit is the next group. The drain runs on the writer's own serial queue
/// and never inside a caller's task, so that no caller's cancellation can touch a transaction that others share.
final class GroupCommit: Sendable {
    private struct Queue {
        var waiting: [WriteJob] = []
        var draining = false
        var closed = false
        var idle: CheckedContinuation<Bool, Never>?
        var statistics = SQLiteStatistics()
    }

    private let queue = Mutex(Queue())
    private let pool: DatabasePool
    private let limits: SQLiteLimits
    private let onCommit: @Sendable () -> Void
    private let faults: SQLiteFaultReporter

    init(
        pool: DatabasePool, limits: SQLiteLimits, onCommit: @escaping @Sendable () -> Void, faults: SQLiteFaultReporter
    ) {
        self.onCommit = onCommit
        self.pool = pool
        self.limits = limits
        self.faults = faults
    }

    var statistics: SQLiteStatistics {
        queue.withLock { queue in
            var statistics = queue.statistics
            statistics.waiting = queue.waiting.count
            return statistics
        }
    }

    /// Queues a job whose continuation is attached, or answers it at once.
    func enqueue(_ job: WriteJob) {
        enum Decision { case drain, wait, refuse(StoreError) }
        let decision = queue.withLock { queue -> Decision in
            if job.state == .cancelled { return .refuse(.cancelled) }
            guard !queue.closed, queue.waiting.count < limits.maximumWaitingWrites else {
                job.state = .taken
                queue.statistics.refused += 1
                return .refuse(.unavailable)
            }
            job.state = .waiting
            queue.waiting.append(job)
            if queue.draining { return .wait }
            queue.draining = true
            return .drain
        }
        switch decision {
        case .drain: pool.asyncWriteWithoutTransaction { [self] in drain($0) }
        case .wait: break
        case .refuse(let reason): job.finish(reason)
        }
    }

    /// Answers a job that still waits; leaves one whose turn has come alone.
    func cancel(_ job: WriteJob) {
        let waited = queue.withLock { queue -> Bool in
            switch job.state {
            case .created:
                job.state = .cancelled
                return false
            case .waiting:
                job.state = .cancelled
                queue.waiting.removeAll { $0 === job }
                return true
            case .taken, .cancelled: return false
            }
        }
        if waited { job.finish(.cancelled) }
    }

    /// Refuses further jobs and returns when the queue is empty.
    ///
    /// False if this was done before.
    func close() async -> Bool {
        enum Decision { case idle, wait, closedBefore }
        return await withCheckedContinuation { continuation in
            let decision = queue.withLock { queue -> Decision in
                if queue.closed { return .closedBefore }
                queue.closed = true
                if !queue.draining { return .idle }
                queue.idle = continuation
                return .wait
            }
            if decision != .wait { continuation.resume(returning: decision == .idle) }
        }
    }

    private func drain(_ database: Database) {
        let connection = SQLiteConnection(database, faults)
        while let group = takeGroup() { commit(group, connection) }
    }

    /// The next group; nil also ends the drain, under the same lock.
    private func takeGroup() -> [WriteJob]? {
        let (group, idle) = queue.withLock { queue -> ([WriteJob]?, CheckedContinuation<Bool, Never>?) in
            let group = Array(queue.waiting.prefix(limits.maximumGroupSize))
            guard !group.isEmpty else {
                queue.draining = false
                defer { queue.idle = nil }
                return (nil, queue.idle)
            }
            queue.waiting.removeFirst(group.count)
            for job in group { job.state = .taken }
            queue.statistics.groups += 1
            queue.statistics.writes += group.count
            return (group, nil)
        }
        idle?.resume(returning: true)
        return group
    }

    private func commit(_ group: [WriteJob], _ connection: SQLiteConnection) {
        var failures = [StoreError?](repeating: nil, count: group.count)
        do throws(StoreError) {
            try connection.control("BEGIN IMMEDIATE")
            try group.count == 1
                ? runAlone(group[0], connection, &failures) : runAll(group, connection, &failures)
            try connection.control("COMMIT")
            onCommit()
        } catch {
            for index in failures.indices where failures[index] == nil { failures[index] = error }
        }
        // After a failed commit or a failed lone job the transaction may still be open.
        connection.abandon()
        for (job, failure) in zip(group, failures) { job.finish(failure) }
    }

    /// One job needs no savepoint: its failure rolls back nobody else.
    private func runAlone(
        _ job: WriteJob, _ connection: SQLiteConnection, _ failures: inout [StoreError?]
    ) throws(StoreError) {
        failures[0] = job.run(connection)
        if let failure = failures[0] { throw failure }
        guard connection.isInsideTransaction else { throw .unavailable }
    }

    private func runAll(
        _ group: [WriteJob], _ connection: SQLiteConnection, _ failures: inout [StoreError?]
    ) throws(StoreError) {
        for (index, job) in group.enumerated() {
            try connection.control("SAVEPOINT job")
            failures[index] = job.run(connection)
            guard connection.isInsideTransaction else {
                // SQLite itself rolled everything back (full disk, I/O error, OR ROLLBACK): nobody's write happened.
                let failure = failures[index]
                if case .full? = failure { throw .full }
                throw .unavailable
            }
            if failures[index] != nil { try connection.control("ROLLBACK TO job") }
            try connection.control("RELEASE job")
        }
    }
}

/// Counters of the embedded engine since its opening.
package struct SQLiteStatistics: Sendable, Hashable {
    /// Writes that wait now.
    package var waiting = 0
    /// Writes that had their turn, failed ones among them.
    package var writes = 0
    /// Transactions; `writes / groups` is the mean size of a group.
    package var groups = 0
    /// Writes refused because the queue was full or closed.
    package var refused = 0
}
