import Authentication
import BucklerPrimitives
import Sessions
import Storage

extension ServerCore {
    /// What is due every few minutes: keys that change state, rows that nobody needs any more.
    func keepHouse() async throws(StoreError) {
        try await sessions.signingKeys.advance()
        let now = environment.clock.now
        try await authentication.write { try $0.sweepFlows(at: now, limit: 1000) }
        _ = try await sessions.service.removeEnded(olderThan: Self.endedSessionsAreKept)
        while try await events.removeEvents(before: now - Self.eventsAreKept, limit: 1000) == 1000 {}
    }

    /// Ended sessions stay for questions about them.
    static let endedSessionsAreKept = Duration.days(30)
    /// Security events stay a year.
    static let eventsAreKept = Duration.days(365)
}
