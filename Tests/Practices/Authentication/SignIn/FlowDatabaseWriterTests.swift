import BucklerJOSE
import BucklerPrimitives
import Storage
import Testing

@testable import Authentication

/// Whoever can write the database, but has no keys, finishes nobody's flow (PD-11).
@Suite("A database writer and flows")
struct FlowDatabaseWriterTests {
    @Test("a flow's content moved into another flow's row opens nothing")
    func movedContent() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        try await fixture.account("mallory", device: 66)
        let attacker = try fixture.requester(device: 66)
        let victim = try fixture.requester(device: 2)
        _ = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: victim)
        let own = try await fixture.service.begin(fixture.opening("mallory"), by: attacker).handle
        try await fixture.database.write { connection in
            try connection.execute(
                """
                UPDATE flow SET sealed = (SELECT sealed FROM flow ORDER BY started_at, is_favoured DESC LIMIT 1)
                """)
        }
        await #expect(throws: SignInError.unavailable) {
            try await fixture.service.proceed(
                FlowContinuation(handle: own, answers: [.password(SignInFixture.password)]), by: attacker)
        }
    }

    @Test("a flow found under another handle's digest opens nothing")
    func movedDigest() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let attacker = try fixture.requester(device: 66)
        let own = try await fixture.service.begin(fixture.opening("eve"), by: attacker).handle
        let digest = try #require(fixture.service.engine.keys.digest(ofHandle: own))
        let victim = try fixture.requester(device: 2)
        _ = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: victim)
        try await fixture.database.write { connection in
            try connection.execute("DELETE FROM flow WHERE digest = \(digest)")
            try connection.execute("UPDATE flow SET digest = \(digest)")
        }
        await #expect(throws: SignInError.unavailable) {
            try await fixture.service.proceed(FlowContinuation(handle: own, answers: []), by: attacker)
        }
    }

    @Test("a code whose client, key or challenge was rewritten is refused and reported")
    func rewrittenCode() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let attacker = try fixture.requester(device: 66)
        let outcome = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        let code = try #require(outcome.code)
        try await fixture.database.write { connection in
            try connection.execute("UPDATE authorization_code SET jkt = \(attacker.key.bytes)")
        }
        await #expect(throws: CodeError.unavailable) { try await fixture.redeem(code, by: attacker) }
    }

    @Test("a spent code that was made fresh again is too old to redeem")
    func revivedCode() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let outcome = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        let code = try #require(outcome.code)
        _ = try await fixture.redeem(code, by: phone)
        fixture.clock.advance(by: .minutes(2))
        let later = fixture.clock.now + .hours(1)
        try await fixture.database.write { connection in
            try connection.execute(
                "UPDATE authorization_code SET spent_at = NULL, session_id = NULL, expires_at = \(later)")
        }
        await #expect(throws: CodeError.unavailable) { try await fixture.redeem(code, by: phone) }
    }
}
