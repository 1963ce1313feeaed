import Authentication
import BucklerPrimitives
import DataProtection
import SQLiteDriver
import ServerConfiguration
import Sessions
import Storage

extension ServerCore {
    /// What is due every few minutes: keys that change state, rows that nobody needs any more.
    package func keepHouse() async throws(StoreError) {
        try await sessions.signingKeys.advance()
        let now = environment.clock.now
        try await authentication.write { try $0.sweepFlows(at: now, limit: 1000) }
        try await forgetOldAddresses(at: now)
        try await rewrapDataKeys()
        try await continueRootRotation()
        _ = try await sessions.service.removeEnded(olderThan: Self.endedSessionsAreKept)
        while try await events.removeEvents(before: now - Self.eventsAreKept, limit: 1000) == 1000 {}
    }

    /// Forgets addresses that can undo no change any more, or got no code.
    ///
    /// An account that was tampered with is reported by its repository and keeps nobody else's waiting.
    func forgetOldAddresses(at now: Timestamp) async throws(StoreError) {
        let accounts = try await authentication.read { try $0.accountsWithOldContacts(at: now, limit: 1000) }
        for account in accounts {
            do {
                try await authentication.write { try $0.forgetOldContacts(of: account, at: now) }
            } catch {
                guard case .tampered = error else { throw error }
            }
        }
    }

    /// Makes and takes up the next key-encryption key; nothing is wrapped anew yet.
    package func addDataKeyEpoch() throws(KeyDirectoryError) {
        try keysLoader.addEpoch(keysFolder: settings.keys, keys: keys)
    }

    /// Brings accounts' data keys under the current key-encryption key, in small transactions.
    func rewrapDataKeys() async throws(StoreError) {
        let rows = AccountKeyRows(keys.accountKeys)
        while try await database.write({ try rows.rewrap(limit: 200, $0) }) == 200 {}
    }

    /// How many data keys still stand under an older key-encryption key.
    func dataKeysBehind() async throws(StoreError) -> Int64 {
        let rows = AccountKeyRows(keys.accountKeys)
        return try await database.read { try rows.countBehind($0) }
    }

    /// Ended sessions stay for questions about them.
    static let endedSessionsAreKept = Duration.days(30)
    /// Security events stay a year.
    static let eventsAreKept = Duration.days(365)
}
