import BucklerPrimitives
import Storage

/// One caller's write while it waits and runs.
///
/// `@unchecked Sendable`: `state` is touched only under the queue's lock; everything else only by the one who owns the
/// job in that state (the caller before it is queued, the drain afterwards).
class WriteJob: @unchecked Sendable {
    enum State {
        case created
        case waiting
        case taken
        case cancelled
    }

    var state = State.created

    /// Runs the body and keeps its result.
    ///
    /// Answers why it failed.
    func run(_ connection: SQLiteConnection) -> StoreError? { .inconsistent }

    /// Answers the caller; to be called exactly once.
    func finish(_ failure: StoreError?) {}
}

/// A write that returns a `Result`.
final class TypedWriteJob<Result: Sendable>: WriteJob, @unchecked Sendable {
    typealias Outcome = Swift.Result<Result, StoreError>

    private let body: @Sendable (any SQLConnection) throws -> Result
    private var result: Result?
    private var continuation: CheckedContinuation<Outcome, Never>?

    init(_ body: @escaping @Sendable (any SQLConnection) throws -> Result) { self.body = body }

    func attach(_ continuation: CheckedContinuation<Outcome, Never>) { self.continuation = continuation }

    override func run(_ connection: SQLiteConnection) -> StoreError? {
        do {
            result = try body(connection)
            return nil
        } catch {
            return StoreError(bodyFailure: error)
        }
    }

    override func finish(_ failure: StoreError?) {
        let outcome: Outcome =
            if let failure { .failure(failure) } else if let result { .success(result) } else {
                .failure(.inconsistent)
            }
        continuation?.resume(returning: outcome)
        continuation = nil
    }
}
