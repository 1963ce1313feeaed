import BucklerOTP
import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Recovery within a reset")
struct RecoveryFlowTests {
    private static let fresh = SecretString("a lighthouse in the fog")

    @Test("the mailbox alone is refused with a code of its own, and the flow goes on")
    func mailboxAlone() async throws {
        let fixture = try SignInFixture()
        let codes = RecoveryCode.makeSet(.seeded(6))
        try await fixture.account("ada", totp: TOTPSecret(random: .seeded(5)), recoveryCodes: codes)
        let phone = try fixture.requester(device: 2)
        let handle = try await Self.halfReset(fixture, phone)
        await #expect(throws: SignInError.recoveryNeedsProof(RecoveryHold(startedAt: fixture.clock.now))) {
            try await fixture.service.proceed(FlowContinuation(handle: handle, answers: [.recover]), by: phone)
        }
        #expect(fixture.sessions.ended.isEmpty)
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.recoveryCode(codes[9].text)]), by: phone)
        #expect(outcome.code != nil)
    }

    @Test("the mailbox and a saved code open at once, at level 1")
    func twoProofs() async throws {
        let fixture = try SignInFixture()
        let codes = RecoveryCode.makeSet(.seeded(6))
        try await fixture.account("ada", totp: TOTPSecret(random: .seeded(5)), recoveryCodes: codes)
        let phone = try fixture.requester(device: 2)
        let handle = try await Self.halfReset(fixture, phone)
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.recoveryCode(codes[9].text)]), by: phone)
        #expect(try await fixture.redeem(try #require(outcome.code), by: phone).authentication.level == .one)
    }

    @Test("outside of a reset, and before the mailbox is proven, the question means nothing")
    func elsewhere() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1, totp: TOTPSecret(random: .seeded(5)))
        let phone = try fixture.requester(device: 1)
        let signIn = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        let reset = try await fixture.service.reset(fixture.opening("ada"), by: phone)
        for handle in [signIn.handle, reset.handle] {
            let outcome = try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.recover]), by: phone)
            #expect(outcome.challenge != nil)
        }
    }

    private static func halfReset(_ fixture: SignInFixture, _ phone: Requester) async throws -> String {
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(code), .newPassword(fresh)]), by: phone)
        #expect(outcome.challenge?.kind == .secondFactor)
        return outcome.handle
    }
}
