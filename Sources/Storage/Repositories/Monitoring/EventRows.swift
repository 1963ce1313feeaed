import BucklerPrimitives
import BucklerSecurityEvents
import Monitoring

/// Rows of the record, written inside the transaction of the change that they tell.
package enum EventRows {
    /// Adds one event.
    ///
    /// One insert; the sequence number follows from the order of commits.
    package static func insert(_ event: SecurityEvent, _ connection: any SQLConnection) throws(StoreError) {
        let payload = JSONValue.object(EventForm.payload(of: event)).text
        try connection.execute(
            """
            INSERT INTO security_event (at, name, account, payload)
            VALUES (\(event.at), \(event.name.rawValue), \(event.account), \(payload))
            """)
    }
}

/// Reads and appends to the record.
package struct EventRepository: EventStore, SecurityEventLog {
    private let database: any SQLDatabase

    /// Works on `database`.
    package init(database: any SQLDatabase) { self.database = database }

    /// Commits the events in one transaction.
    package func append(_ events: [SecurityEvent]) async throws(StoreError) {
        guard !events.isEmpty else { return }
        try await database.write { connection in
            for event in events { try EventRows.insert(event, connection) }
        }
    }

    /// Looks at up to 25,600 rows after `sequence` for events that pass the filter.
    package func events(
        after sequence: Int64, matching filter: EventFilter, limit: Int
    ) async throws(StoreError) -> EventPage {
        try await database.read { connection in
            var page = EventPage(events: [], position: sequence, isAtEnd: false)
            for _ in 0..<Self.maximumPageCount {
                let rows = try Self.rows(after: page.position, account: filter.account, connection)
                for event in rows {
                    if page.events.count == limit { return page }
                    page.position = event.sequence
                    if filter.passes(event) { page.events.append(event) }
                }
                if rows.count < Self.pageSize {
                    page.isAtEnd = true
                    return page
                }
            }
            return page
        }
    }

    /// The greatest sequence number; 0 for an empty record.
    package func lastSequence() async throws(StoreError) -> Int64 {
        try await database.read { connection in
            try connection.query("SELECT seq FROM security_event ORDER BY seq DESC LIMIT 1").first?.integer(0) ?? 0
        }
    }

    /// Removes the oldest events, never the newest one: its sequence number must not be given again.
    package func removeEvents(before deadline: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM security_event WHERE seq IN (
                    SELECT seq FROM security_event
                    WHERE at < \(deadline) AND seq < (SELECT max(seq) FROM security_event)
                    ORDER BY seq LIMIT \(limit)
                )
                """)
        }
    }

    private static func rows(
        after sequence: Int64, account: AccountID?, _ connection: any SQLConnection
    ) throws -> [RecordedEvent] {
        let rows =
            if let account {
                try connection.query(
                    """
                    SELECT seq, at, name, account, payload FROM security_event
                    WHERE account = \(account) AND seq > \(sequence) ORDER BY seq LIMIT \(pageSize)
                    """)
            } else {
                try connection.query(
                    """
                    SELECT seq, at, name, account, payload FROM security_event
                    WHERE seq > \(sequence) ORDER BY seq LIMIT \(pageSize)
                    """)
            }
        return try rows.map(event)
    }

    private static func event(_ row: SQLRow) throws(StoreError) -> RecordedEvent {
        let account: AccountID? = row.isNull(3) ? nil : try row.identifier(3)
        guard let payload = try? StrictJSON.parseObject(Array(row.text(4).utf8)) else { throw .inconsistent }
        return RecordedEvent(
            sequence: try row.integer(0), at: try row.timestamp(1), name: try row.text(2), account: account,
            payload: payload)
    }

    private static let pageSize = 256
    private static let maximumPageCount = 100
}
