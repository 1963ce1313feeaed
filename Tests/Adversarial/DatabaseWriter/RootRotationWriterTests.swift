import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import SQLiteDriver
import Sessions
import Storage
import TestSupport
import Testing

/// T6 while a root key's rotation goes on: kept keys and their bookkeeping help nobody.
@Suite("Database writer during a root key's rotation", .timeLimit(.minutes(5)))
struct RootRotationWriterTests {
    static let people = Task { try await TwoPeople(replacesRoot: true) }

    @Test("every own way opens the own account while all rows still stand under the former root's keys")
    func baseline() async throws {
        let people = try await Self.people.value
        let report = try await DatabaseWriterTests.run(people, nil)
        #expect(Set(report.harvest.keys) == DatabaseWriterTests.ownWays)
        #expect(Set(report.harvest.values) == [people.mallory.account])
    }

    @Test(
        "kept keys that are exchanged or gone open nobody's account",
        arguments: [
            "former_root", "instance", "kept_key", "refresh_key_epoch", "row_move",
        ])
    func manipulations(table: String) async throws {
        try await DatabaseWriterTests.manipulate(table, of: try await Self.people.value)
    }
}

extension Instance {
    /// Replaces the root key, and moves no row.
    func replaceRoot(keysFolder: String) async throws {
        let sessionStore = SessionRepository(
            database: database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock.clock, entropy: entropy)
        let ring = keys.ring
        let refreshKeys = try await RefreshKeys(loading: sessionStore, clock: clock.clock) {
            ring.mac(.refresh(epoch: $0))
        }
        let loader = InstanceKeysLoader(
            files: SystemKeyFiles(), store: InstanceRepository(database: database), clock: clock.clock,
            entropy: entropy)
        let next = try await loader.prepareRoot(
            keysFolder: keysFolder, keys: keys, refreshEpochs: refreshKeys.accepted)
        let epochs = try refreshKeys.next(compromised: false, overlap: .days(30), underNewRoot: true)
        try await RootRotationRepository(database: database).replaceRoot(
            next.change, refreshEpochs: epochs,
            event: SecurityEvent(id: .random(entropy), name: .adminAction, reason: nil, at: clock.now))
        loader.takeRoot(next, keys: keys)
        try loader.settleRoot(keysFolder: keysFolder, keys: keys)
    }
}
