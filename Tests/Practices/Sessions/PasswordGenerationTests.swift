import Authentication
import BucklerPrimitives
import Storage
import TestSupport
import Testing

@testable import Sessions

@Suite("A session and the password that it began with")
struct PasswordGenerationTests {
    @Test("a redeemed code does not outrun a new password: the session is not begun, in whatever order clocks say")
    func outrun() async throws {
        let fixture = try await SessionsFixture()
        let people = AuthenticationRepository(
            database: fixture.database.database, keyRing: fixture.keys.ring, dataKeys: fixture.keys.accountKeys,
            clock: fixture.clock.clock, entropy: fixture.entropy)
        let now = fixture.clock.now
        let account = NewAccount(
            id: .random(fixture.entropy), email: try Email(parsing: "ann@example.org"),
            passwordVerifier: SecretString("old"), passwordClass: .standard)
        try await people.write { try $0.createAccount(account, at: now) }
        let redeemed = fixture.grant(account.id)
        try await people.write { transaction in
            try transaction.setPassword(
                account.id, verifier: SecretString("new"), class: .standard, replacing: nil, at: now)
        }
        await #expect(throws: SessionError.refused) {
            try await fixture.service.start(redeemed, id: .random(fixture.entropy), origin: nil)
        }
        #expect(try await fixture.service.list(account.id).isEmpty)
    }
}
