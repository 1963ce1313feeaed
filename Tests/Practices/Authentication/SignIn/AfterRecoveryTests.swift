import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import Testing

@testable import Authentication

/// PD-12: what a recovery leaves behind until the account is as strong as before.
@Suite("After a recovery")
struct AfterRecoveryTests {
    private static let totp = TOTPSecret(random: .seeded(5))
    private static let codes = RecoveryCode.makeSet(.seeded(6))

    @Test("a saved code opens level 1, says that a factor must be enrolled, and has a reason of its own")
    func byCode() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", totp: Self.totp, recoveryCodes: Self.codes)
        let grant = try await Self.recover(fixture)
        #expect(grant.authentication.level == .one)
        #expect(grant.recoveredAt == fixture.clock.now)
        let record = try #require(try await fixture.repository.read { try $0.account(account) })
        #expect(record.factorRequired && record.factors.count == 1)
        #expect(try await fixture.reasons().contains("recovery.by_code"))
        #expect(fixture.sessions.ended.isEmpty)
    }

    @Test("its session, and no other of level 1, enrols the factor; then nothing is required any more")
    func enrols() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", totp: Self.totp, recoveryCodes: Self.codes)
        let accounts = fixture.accounts()
        let before = try Self.actor(account, fixture, [.password, .recoveryCode])
        await #expect(throws: AccountError.insufficientLevel(.two)) { try await accounts.beginTOTP(before) }
        fixture.clock.advance(by: .seconds(1))
        _ = try await Self.recover(fixture)
        let recovered = try Self.actor(account, fixture, [.password, .recoveryCode])
        for other in [before, try Self.actor(account, fixture, [.password])] {
            await #expect(throws: AccountError.insufficientLevel(.two)) { try await accounts.beginTOTP(other) }
        }
        await #expect(throws: AccountError.insufficientLevel(.two)) {
            try await accounts.replaceRecoveryCodes(recovered)
        }
        let enrolment = try await accounts.beginTOTP(recovered)
        let seed = try #require(TOTPSecret(base32: enrolment.secret))
        _ = try await accounts.confirmTOTP(
            recovered, factor: enrolment.factor, code: SecretString(seed.code(at: fixture.clock.now)))
        #expect(try await accounts.overview(recovered).factorRequired == false)
        await #expect(throws: AccountError.insufficientLevel(.two)) { try await accounts.beginTOTP(recovered) }
    }

    @Test("a factor that turns up again ends the demand; the day goes on, to the second")
    func foundAgain() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1, totp: Self.totp, recoveryCodes: Self.codes)
        let recoveredAt = fixture.clock.now
        _ = try await Self.recover(fixture)
        fixture.clock.advance(by: .hours(24) - .seconds(1))
        let grant = try await Self.signIn(fixture)
        #expect(grant.authentication.level == .two && grant.recoveredAt == recoveredAt)
        #expect(try await fixture.repository.read { try $0.account(account) }?.factorRequired == false)
        fixture.clock.advance(by: .seconds(31))
        #expect(try await Self.signIn(fixture).recoveredAt == nil)
        #expect(try await fixture.repository.read { try $0.account(account) }?.aftermath == nil)
    }

    @Test("sensitive scopes are closed for 24 hours, to the second", arguments: [(86_399, true), (86_400, false)])
    func day(seconds: Int, isClosed: Bool) {
        let start = Timestamp(seconds: 1_800_000_000)
        let aftermath = RecoveryAftermath(recoveredAt: start, factorRequired: true)
        #expect(aftermath.closesSensitiveScopes(at: start + .seconds(seconds)) == isClosed)
    }

    @Test("a saved code raises no session")
    func stepUp() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1, totp: Self.totp, recoveryCodes: Self.codes)
        let phone = try fixture.requester(device: 1)
        let session = SteppableSession(
            id: .random(.seeded(4)), account: account, client: fixture.client, scope: [], methods: [.password])
        let asked = try await fixture.service.stepUp(session, grant: SignInFixture.grant, by: phone)
        #expect(asked.challenge?.methods == [.totp])
        let answer = FlowAnswer.recoveryCode(Self.codes[0].text)
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: asked.handle, answers: [answer]), by: phone)
        #expect(outcome.code == nil)
        #expect(try await fixture.repository.read { try $0.account(account) }?.recoveryCodesLeft == 10)
    }

    private static func recover(_ fixture: SignInFixture) async throws -> AuthorizationGrant {
        let phone = try fixture.requester(device: 2)
        let asked = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        let done = try await fixture.service.proceed(
            FlowContinuation(handle: asked.handle, answers: [.recoveryCode(codes[3].text)]), by: phone)
        return try await fixture.redeem(try #require(done.code), by: phone)
    }

    private static func signIn(_ fixture: SignInFixture) async throws -> AuthorizationGrant {
        let phone = try fixture.requester(device: 1)
        let asked = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        let code = FlowAnswer.oneTimePassword(SecretString(totp.code(at: fixture.clock.now)))
        let done = try await fixture.service.proceed(FlowContinuation(handle: asked.handle, answers: [code]), by: phone)
        return try await fixture.redeem(try #require(done.code), by: phone)
    }

    private static func actor(
        _ account: AccountID, _ fixture: SignInFixture, _ methods: [AuthenticationMethod]
    ) throws -> AccountActor {
        AccountActor(
            account: account, session: .random(.seeded(40)), key: try fixture.requester(device: 2).key, level: .one,
            methods: methods, authenticatedAt: fixture.clock.now, origin: EventOrigin())
    }
}
