import BucklerOTP
import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Step-up")
struct StepUpTests {
    @Test("a session is raised by a second factor: the grant names it and is worth level 2")
    func raises() async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        let account = try await fixture.account("ada", device: 1, totp: secret)
        let phone = try fixture.requester(device: 1)
        let session = try Self.session(of: account, fixture)
        let first = try await fixture.service.stepUp(session, grant: SignInFixture.grant, by: phone)
        #expect(first.challenge?.kind == .secondFactor)
        #expect(first.challenge?.methods == [.totp])
        let answer = FlowAnswer.oneTimePassword(SecretString(secret.code(at: fixture.clock.now)))
        let last = try await fixture.service.proceed(
            FlowContinuation(handle: first.handle, answers: [answer]), by: phone)
        let grant = try await fixture.redeem(try #require(last.code), by: phone)
        #expect(grant.steppedUpSession == session.id)
        #expect(grant.authentication.account == account)
        #expect(grant.authentication.amr == ["pwd", "otp", "mfa"])
        #expect(grant.authentication.level == .two)
        #expect(grant.scope == ["notes.read"])
        #expect(try await fixture.mails().isEmpty)
    }

    @Test("an account without second factor cannot be raised, another client's session is not known")
    func refused() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1)
        let session = try Self.session(of: account, fixture)
        await #expect(throws: SignInError.noSecondFactor) {
            try await fixture.service.stepUp(session, grant: SignInFixture.grant, by: try fixture.requester(device: 1))
        }
        let foreign = try fixture.requester(device: 1, client: try #require(ClientID(parsing: "other-app")))
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.stepUp(session, grant: SignInFixture.grant, by: foreign)
        }
    }

    @Test("wrong codes end the step-up and leave no code")
    func wrongCodes() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1, totp: TOTPSecret(random: .seeded(5)))
        let phone = try fixture.requester(device: 1)
        let session = try Self.session(of: account, fixture)
        let handle = try await fixture.service.stepUp(session, grant: SignInFixture.grant, by: phone).handle
        let wrong = FlowContinuation(handle: handle, answers: [.oneTimePassword(SecretString("000000"))])
        for _ in 1...4 { #expect(try await fixture.service.proceed(wrong, by: phone).challenge?.rejection != nil) }
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(wrong, by: phone) }
    }

    private static func session(of account: AccountID, _ fixture: SignInFixture) throws -> SteppableSession {
        SteppableSession(
            id: try #require(SessionID(bytes: [UInt8](repeating: 4, count: 16))), account: account,
            client: fixture.client, scope: ["notes.read"], methods: [.password])
    }
}
