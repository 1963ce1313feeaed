import BucklerPrimitives
import GRDB
import Storage
import TestSupport
import Testing

@testable import Authentication

/// PD-07: a flood of flows leaves the sign-in on a known device within twice its normal work.
@Suite("A flood of flows")
struct FlowFloodTests {
    /// What one sign-in on a known device costs.
    private struct Work {
        let statements: [String]
        let comparisons: Int
        let mails: Int
    }

    @Test("3,000 open flows of strangers leave a known device's sign-in within twice its normal work")
    func flood() async throws {
        let calm = try SignInFixture()
        try await calm.account("ada", device: 1)
        let normal = try await Self.signIn(calm)

        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        try await Self.flood(fixture, 3000)
        let flooded = try await Self.signIn(fixture)
        #expect(flooded.statements.count <= 2 * normal.statements.count)
        #expect(flooded.comparisons == normal.comparisons)
        #expect(flooded.mails == normal.mails)
        try Self.expectNoScan(flooded.statements, fixture)
    }

    @Test("with all 100,000 flows open the oldest stranger's makes room, at the same price, and the owner's flow stays")
    func fullTable() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let normal = try await Self.signIn(fixture)
        let phone = try fixture.requester(device: 1)
        let open = try await fixture.service.begin(fixture.opening("ada"), by: phone)
        try await Self.flood(fixture, 200)
        // The counter says what a hundred thousand rows would make it say.
        try await fixture.database.write { _ = try $0.execute("UPDATE flow_total SET flows = 100000 WHERE id = 1") }
        let full = try await Self.signIn(fixture)
        #expect(full.statements.count <= 2 * normal.statements.count)
        try Self.expectNoScan(full.statements, fixture)
        for number in 0..<250 {
            try await fixture.database.write { _ = try $0.execute("UPDATE flow_total SET flows = 100000 WHERE id = 1") }
            _ = try? await fixture.service.begin(
                fixture.opening("x\(number)"), by: try fixture.requester(device: 70_000 + number))
        }
        let continued = try await fixture.service.proceed(
            FlowContinuation(handle: open.handle, answers: [.password(SignInFixture.password)]), by: phone)
        #expect(continued.code != nil, "an open flow of a known device was dropped for a stranger's")
    }

    /// Flows of keys and networks of their own, some of them for the same address.
    private static func flood(_ fixture: SignInFixture, _ count: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<32 {
                group.addTask {
                    for number in stride(from: lane, to: count, by: 32) {
                        let name = number % 3 == 0 ? "ada" : "user\(number)"
                        _ = try await fixture.service.begin(
                            fixture.opening(name), by: try fixture.requester(device: 10_000 + number))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func signIn(_ fixture: SignInFixture) async throws -> Work {
        let before = (hashes: fixture.hasher.counted.comparisons, mails: try await fixture.mails().count)
        _ = fixture.statements.take()
        let outcome = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: try fixture.requester(device: 1))
        let statements = fixture.statements.take()
        #expect(outcome.code != nil)
        return Work(
            statements: statements, comparisons: fixture.hasher.counted.comparisons - before.hashes,
            mails: try await fixture.mails().count - before.mails)
    }

    /// Equal counts mean equal work only if no statement reads a table from its beginning to its end.
    private static func expectNoScan(_ statements: [String], _ fixture: SignInFixture) throws {
        let database = try DatabaseQueue(path: fixture.folder.path + "/state.sqlite")
        try database.read { database in
            for text in Set(statements) {
                let values = StatementArguments(
                    [(any DatabaseValueConvertible)?](
                        repeating: nil, count: text.count { $0 == "?" }))
                let plan = try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + text, arguments: values)
                for row in plan {
                    let step: String = row["detail"]
                    let isScan = ["flow", "guessing_budget", "known_device", "account"].contains { table in
                        step.hasPrefix("SCAN \(table)") && !step.contains("USING") && step != "SCAN flow_total"
                    }
                    #expect(!isScan, "\(step): \(text)")
                }
            }
        }
        try database.close()
    }
}
