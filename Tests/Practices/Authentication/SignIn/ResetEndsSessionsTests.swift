import BucklerPrimitives
import Storage
import Testing

@testable import Authentication

/// A new password and the end of what the old one opened are one commit.
@Suite("A new password ends sessions in its own transaction")
struct ResetEndsSessionsTests {
    private static let fresh = SecretString("a lighthouse in the fog")

    @Test("a reset ends the rows of running sessions, whatever happens after its commit")
    func reset() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1)
        try await SessionRowsOfTests.insert(account, number: 7, at: fixture.clock.now, fixture.database)
        try await Self.reset(fixture, device: 2)
        #expect(try await SessionRowsOfTests.running(fixture.database).isEmpty)
        let barred = try await fixture.database.read {
            try $0.query("SELECT 1 FROM session_not_before WHERE scope = \(account)").count
        }
        #expect(barred == 1)
    }

    @Test("sessions that cannot be ended leave the password as it was")
    func failingEnd() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1)
        try await SessionRowsOfTests.insert(account, number: 7, at: fixture.clock.now, fixture.database)
        try await fixture.database.write { connection in
            try connection.execute(
                "CREATE TRIGGER broken BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'broken'); END")
        }
        await #expect(throws: SignInError.self) { try await Self.reset(fixture, device: 2) }
        let phone = try fixture.requester(device: 1)
        let old = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(old.code != nil)
    }

    @Test("after a reset only the device that made it is known: the thief's is a stranger again")
    func knownDevices() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1)
        let now = fixture.clock.now
        let thief = try fixture.requester(device: 66)
        try await fixture.repository.write { try $0.rememberDevice(thief.key, of: account, at: now) }
        try await Self.reset(fixture, device: 1)
        #expect(try await SessionRowsOfTests.knownDevices(account, fixture.database) == 1)
        let owner = try fixture.requester(device: 1)
        #expect(try await fixture.repository.read { try $0.isKnownDevice(owner.key, of: account, at: now) })
    }

    private static func reset(_ fixture: SignInFixture, device: Int) async throws {
        let phone = try fixture.requester(device: device)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        _ = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(code), .newPassword(fresh)]), by: phone)
    }
}
