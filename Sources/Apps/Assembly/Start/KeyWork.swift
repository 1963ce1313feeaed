import Synchronization

/// Lets one order at a time work on the instance's keys.
final class KeyWork: Sendable {
    private let isBusy = Mutex(false)

    /// False if another order works on them.
    func begin() -> Bool {
        isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
    }

    /// The order is done.
    func end() { isBusy.withLock { $0 = false } }
}
