import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Foundation
import GRDB
import Monitoring
import SQLiteDriver
import Storage
import TestSupport
import Testing

/// T6, invariant I2: whoever can write the database and has no keys signs in as nobody but themselves.
@Suite("Database writer", .timeLimit(.minutes(5)))
struct DatabaseWriterTests {
    /// One database for all tests; every manipulation works on a copy.
    static let people = Task { try await TwoPeople() }

    static let tables = [
        "account", "account_key", "authorization_code", "device", "factor", "flow", "flow_total",
        "former_address", "former_root", "guessing_budget",
        "instance", "kept_key", "known_device", "mail_outbox", "recovery_code", "refresh_key_epoch",
        "row_move", "security_event", "session", "session_not_before", "signing_key",
    ]

    @Test("every table of the schema is tried")
    func completeness() async throws {
        let file = try PlainFile(try await Self.people.value.data + "/state.sqlite")
        #expect(try file.tables() == Self.tables)
        try file.close()
    }

    @Test("without manipulation every own way opens the own account, and no way anybody else's")
    func baseline() async throws {
        let people = try await Self.people.value
        let report = try await Self.run(people, nil)
        #expect(Set(report.harvest.keys) == Self.ownWays)
        #expect(Set(report.harvest.values) == [people.mallory.account])
    }

    @Test("no column that is exchanged and no row that goes opens somebody else's account", arguments: tables)
    func manipulations(table: String) async throws {
        try await Self.manipulate(table, of: try await Self.people.value)
    }

    /// Tries every manipulation of a table: whoever comes in is Mallory, and what no longer opens was noticed.
    static func manipulate(_ table: String, of people: TwoPeople) async throws {
        let file = try PlainFile(people.data + "/state.sqlite")
        let contents = try file.contents(of: table)
        try file.close()
        for manipulation in Manipulation.all(of: contents) {
            let report = try await run(people, manipulation)
            for (way, account) in report.harvest {
                #expect(account == people.mallory.account, "\(manipulation): \(way) opened somebody else's account")
            }
            guard report.started, Set(report.harvest.keys) != ownWays else { continue }
            // A way that no longer opens: the record says that something was refused, or found changed.
            #expect(!report.reasons.isEmpty, "\(manipulation): nothing was recorded")
            if manipulation.isGuarded {
                #expect(
                    report.reasons.contains { $0.hasPrefix("sys_") },
                    "\(manipulation): \(ownWays.subtracting(report.harvest.keys)) closed, \(report.reasons)")
            }
        }
    }

    static let ownWays = Set(WayIn.allCases.filter(\.isOwn))

    struct Report {
        var started = false
        var harvest: [WayIn: AccountID] = [:]
        var reasons: [String] = []
    }

    /// Copies the data, manipulates the copy, starts on it and tries every way with Mallory's credentials.
    static func run(_ people: TwoPeople, _ manipulation: Manipulation?) async throws -> Report {
        let copy = try TemporaryFolder()
        let data = copy.path + "/data"
        try #require(mkdir(data, 0o700) == 0)
        try FileManager.default.copyItem(atPath: people.data + "/state.sqlite", toPath: data + "/state.sqlite")
        if let manipulation {
            let file = try PlainFile(data + "/state.sqlite")
            let isApplied = try manipulation.apply(to: file)
            try file.close()
            guard isApplied else { return Report() }
        }
        let clock = ManualClock(TwoPeople.start + .seconds(130))
        guard let instance = try? await Instance(folder: data, keysFolder: people.keys, clock: clock, seed: 9) else {
            return Report()
        }
        let last = try await instance.events.lastSequence()
        let harvest = await instance.tryEverything(people.mallory, against: people.alice)
        let page = try await instance.events.events(after: last, matching: EventFilter(), limit: 1000)
        await instance.database.close()
        let alarming: Set<String> = [
            "sys_integrity_violation", "sys_mail_fail", "authn_login_fail", "authn_token_fail", "authn_token_reuse",
        ]
        return Report(
            started: true, harvest: harvest,
            reasons: page.events.filter { alarming.contains($0.name) }.map { "\($0.name) \($0.reason ?? "")" })
    }
}
