import BucklerPrimitives
import Synchronization

/// Tells waiting readers that something was committed.
///
/// Waking costs one lock when nobody waits. A reader that is woken looks into the store; a signal that comes while it
/// looks is kept, so none is lost.
package final class CommitSignal: Sendable {
    private struct State {
        var waiting: [UInt64: AsyncStream<Void>.Continuation] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    /// A signal without listeners.
    package init() {}

    /// Wakes every listener.
    ///
    /// Called after each commit, on the engine's thread.
    package func wake() {
        state.withLock { state in
            for continuation in state.waiting.values { continuation.yield() }
        }
    }

    /// Ends all streams, at the end of the process.
    package func finish() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.finish() }
    }

    /// One element for one or more commits since the last one was taken.
    package func listen() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.next += 1
            state.waiting[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            // The dictionary's own lock is not held here: `wake` and `finish` never terminate under it.
            _ = self?.state.withLock { $0.waiting.removeValue(forKey: number) }
        }
        return stream
    }

    /// How many listen now.
    package var listenerCount: Int { state.withLock { $0.waiting.count } }
}

/// The record as it grows: every event after a place, then each new one after its commit.
///
/// Pulls from the store, so a slow reader delays nobody and misses nothing that retention has not removed.
package struct EventTail: AsyncSequence, Sendable {
    package typealias Element = RecordedEvent
    package typealias Failure = StoreError

    private let store: any EventStore
    private let signal: CommitSignal
    private let start: Int64
    private let filter: EventFilter

    /// Follows `store` after the sequence number `start`.
    package init(_ store: any EventStore, signal: CommitSignal, after start: Int64, filter: EventFilter = EventFilter())
    {
        self.store = store
        self.signal = signal
        self.start = start
        self.filter = filter
    }

    /// Begins to listen before it first reads, so that nothing falls between.
    package func makeAsyncIterator() -> Iterator {
        Iterator(store: store, wakeups: signal.listen().makeAsyncIterator(), position: start, filter: filter)
    }

    /// One reader's place.
    ///
    /// Ends when its task is cancelled or the signal is finished.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let store: any EventStore
        fileprivate var wakeups: AsyncStream<Void>.AsyncIterator
        fileprivate var position: Int64
        fileprivate let filter: EventFilter
        private var waiting: ArraySlice<RecordedEvent> = []

        fileprivate init(
            store: any EventStore, wakeups: AsyncStream<Void>.AsyncIterator, position: Int64, filter: EventFilter
        ) {
            self.store = store
            self.wakeups = wakeups
            self.position = position
            self.filter = filter
        }

        /// The next event, as soon as there is one.
        package mutating func next(isolation actor: isolated (any Actor)?) async throws(StoreError) -> RecordedEvent? {
            while !Task.isCancelled {
                if let event = waiting.popFirst() { return event }
                let page = try await store.events(after: position, matching: filter, limit: Self.pageSize)
                waiting = page.events[...]
                position = page.position
                if waiting.isEmpty, page.isAtEnd, await wakeups.next(isolation: actor) == nil { return nil }
            }
            return nil
        }

        private static let pageSize = 256
    }
}
