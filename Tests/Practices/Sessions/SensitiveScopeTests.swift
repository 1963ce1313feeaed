import Authentication
import BucklerPrimitives
import SQLiteDriver
import Storage
import TestSupport
import Testing

@testable import Sessions

/// PD-12: for a day after a recovery tokens go without sensitive scopes.
@Suite("Sensitive scopes after a recovery")
struct SensitiveScopeTests {
    private static let policy = SessionClientPolicy(sensitiveScopes: ["notes"])

    @Test("they are left out of tokens and of the answer, and come back with the refresh after 24 hours, to the second")
    func day() async throws {
        let fixture = try await SessionsFixture(client: Self.policy)
        let first = try await Self.start(fixture, recoveredAt: fixture.clock.now)
        #expect(first.scope.isEmpty && first.session.factorRequired)
        #expect(try Self.scope(first, fixture).isEmpty)
        fixture.clock.advance(by: .hours(24) - .seconds(1))
        let early = try await fixture.refresh(first.refreshToken, attempt: 1)
        #expect(early.scope.isEmpty)
        #expect(try Self.scope(early, fixture).isEmpty)
        fixture.clock.advance(by: .seconds(1))
        let late = try await fixture.refresh(early.refreshToken, attempt: 2)
        #expect(late.scope == ["notes"])
        #expect(try Self.scope(late, fixture) == ["notes"])
        // The day ends, the demand does not.
        #expect(late.session.factorRequired)
    }

    @Test("a session without recovery, and a client without sensitive scopes, lose nothing")
    func others() async throws {
        let strict = try await SessionsFixture(client: Self.policy)
        let usual = try await strict.signIn()
        #expect(usual.scope == ["notes"] && !usual.session.factorRequired)
        let plain = try await SessionsFixture()
        #expect(try await Self.start(plain, recoveredAt: plain.clock.now).scope == ["notes"])
    }

    @Test("raising the session ends the demand, not the day")
    func raised() async throws {
        let fixture = try await SessionsFixture(client: Self.policy)
        let account = AccountID.random(fixture.entropy)
        let first = try await Self.start(fixture, recoveredAt: fixture.clock.now, account: account)
        let raised = try await fixture.service.start(
            fixture.grant(account, level: .two, methods: [.password, .oneTimePassword], steppedUp: first.session.id),
            id: .random(fixture.entropy), origin: nil)
        #expect(!raised.session.factorRequired && raised.scope.isEmpty)
    }

    @Test("a database writer cannot take the recovery away")
    func tampered() async throws {
        let fixture = try await SessionsFixture(client: Self.policy)
        let first = try await Self.start(fixture, recoveredAt: fixture.clock.now)
        let id = first.session.id
        _ = try await fixture.database.database.write {
            try $0.execute("UPDATE session SET recovered_at = NULL WHERE id = \(id)")
        }
        await #expect(throws: RefreshRefusal.self) { try await fixture.refresh(first.refreshToken, attempt: 1) }
    }

    private static func start(
        _ fixture: SessionsFixture, recoveredAt: Timestamp, account: AccountID? = nil
    ) async throws -> IssuedTokens {
        let grant = fixture.grant(
            account ?? .random(fixture.entropy), methods: [.password, .recoveryCode], recoveredAt: recoveredAt)
        return try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
    }

    private static func scope(_ tokens: IssuedTokens, _ fixture: SessionsFixture) throws -> [String] {
        try tokens.accessToken.withExposedText {
            try fixture.verifier.verify($0, audience: SessionsFixture.audience).scope
        }
    }
}
