import BucklerPrimitives
import BucklerSecurityEvents

/// Reads the record.
///
/// Writing goes through `SecurityEventRecorder` (inside a change) and `SecurityEventLog` (alone).
package protocol EventStore: Sendable {
    /// Events with greater sequence numbers than `sequence`, in order, at most `limit`.
    ///
    /// Looks at a bounded number of rows: ask again from the page's `position` until it is at the end.
    func events(after sequence: Int64, matching filter: EventFilter, limit: Int) async throws(StoreError) -> EventPage

    /// The greatest sequence number; 0 for an empty record.
    func lastSequence() async throws(StoreError) -> Int64

    /// Removes at most `limit` of the oldest events that happened before `deadline`; answers how many.
    func removeEvents(before deadline: Timestamp, limit: Int) async throws(StoreError) -> Int
}

/// A stretch of the record.
package struct EventPage: Sendable, Hashable {
    /// The events that passed the filter.
    package var events: [RecordedEvent]
    /// The last sequence number that was looked at; where to go on.
    package var position: Int64
    /// Whether the record had nothing after `position`.
    package var isAtEnd: Bool

    /// Makes a page.
    package init(events: [RecordedEvent], position: Int64, isAtEnd: Bool) {
        self.events = events
        self.position = position
        self.isAtEnd = isAtEnd
    }
}

/// Which events a reader wants.
///
/// Parts that are nil or empty let everything pass.
package struct EventFilter: Sendable, Hashable {
    /// Only these names.
    package var names: Set<EventName>
    /// Only this account's.
    package var account: AccountID?
    /// Only this session's.
    package var session: SessionID?

    /// Makes a filter; without arguments it lets everything pass.
    package init(names: Set<EventName> = [], account: AccountID? = nil, session: SessionID? = nil) {
        self.names = names
        self.account = account
        self.session = session
    }

    /// Whether `event` passes.
    package func passes(_ event: RecordedEvent) -> Bool {
        (names.isEmpty || names.contains { $0.rawValue == event.name })
            && (account == nil || account == event.account)
            && (session == nil || session == event.session)
    }
}
