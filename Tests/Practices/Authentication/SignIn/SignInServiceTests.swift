import BucklerJOSE
import BucklerOTP
import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Sign-in")
struct SignInServiceTests {
    @Test("on a used phone the password suffices, at level 1")
    func knownDevice() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let code = try #require(
            try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: phone).code)
        let grant = try await fixture.redeem(code, by: phone)
        #expect(grant.authentication.account == account)
        #expect(grant.authentication.amr == ["pwd"])
        #expect(grant.authentication.level == .one)
        #expect(grant.scope == ["notes.read", "notes.write"])
        #expect(grant.audience == "https://api.example.com")
        #expect(grant.deviceName == "A phone")
        #expect(try await fixture.mails().isEmpty)
    }

    @Test("a new phone is confirmed by e-mail, stays at level 1, is told about, and is known afterwards")
    func newDevice() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 2)
        let first = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(first.challenge?.kind == .emailCode)
        #expect(first.challenge?.methods == [.emailCode])
        let mailed = try #require(try await fixture.mailedCode("ada"))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: first.handle, answers: [.emailCode(mailed)]), by: phone)
        let grant = try await fixture.redeem(try #require(outcome.code), by: phone)
        #expect(grant.authentication.amr == ["pwd", "email"])
        #expect(grant.authentication.level == .one)
        #expect(try await fixture.mails().count == 2)
        let again = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(again.code != nil)
    }

    @Test("an enrolled authenticator is asked for on every phone, and lifts to level 2")
    func secondFactor() async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        try await fixture.account("ada", device: 1, totp: secret)
        let phone = try fixture.requester(device: 1)
        let first = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(first.challenge?.kind == .secondFactor)
        #expect(first.challenge?.methods == [.totp])
        let answer = FlowAnswer.oneTimePassword(SecretString(secret.code(at: fixture.clock.now)))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: first.handle, answers: [answer]), by: phone)
        let grant = try await fixture.redeem(try #require(outcome.code), by: phone)
        #expect(grant.authentication.amr == ["pwd", "otp", "mfa"])
        #expect(grant.authentication.level == .two)
    }

    @Test("a code of the authenticator opens one flow, not two")
    func usedOneTimePassword() async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        try await fixture.account("ada", device: 1, totp: secret)
        let answer = FlowAnswer.oneTimePassword(SecretString(secret.code(at: fixture.clock.now)))
        for attempt in 1...2 {
            let phone = try fixture.requester(device: attempt)
            let first = try await fixture.service.begin(
                fixture.opening("ada"), password: SignInFixture.password, by: phone)
            let second = try await fixture.service.proceed(
                FlowContinuation(handle: first.handle, answers: [answer]), by: phone)
            #expect((second.code != nil) == (attempt == 1))
            if attempt == 2 { #expect(second.challenge?.rejection == .mismatch(attemptsLeft: 4)) }
        }
    }

    @Test("a recovery code stands for the second factor, once, and the person is told")
    func recoveryCode() async throws {
        let fixture = try SignInFixture()
        let codes = RecoveryCode.makeSet(.seeded(6))
        try await fixture.account("ada", totp: TOTPSecret(random: .seeded(5)), recoveryCodes: codes)
        for attempt in 1...2 {
            let phone = try fixture.requester(device: attempt)
            let first = try await fixture.service.begin(
                fixture.opening("ada"), password: SignInFixture.password, by: phone)
            #expect(first.challenge?.methods == [.totp, .recoveryCode])
            let second = try await fixture.service.proceed(
                FlowContinuation(handle: first.handle, answers: [.recoveryCode(codes[3].text)]), by: phone)
            #expect((second.code != nil) == (attempt == 1))
            guard let code = second.code else { continue }
            #expect(try await fixture.redeem(code, by: phone).authentication.amr == ["pwd", "rcv"])
        }
        #expect(try await fixture.mails().count == 2)
    }

    @Test("a wrong password shows no factor and no number of attempts")
    func wrongPassword() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", totp: TOTPSecret(random: .seeded(5)))
        let phone = try fixture.requester(device: 2)
        let outcome = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.wrong, by: phone)
        #expect(outcome.challenge?.kind == .password)
        #expect(outcome.challenge?.methods == [.password])
        #expect(outcome.challenge?.rejection == .mismatch(attemptsLeft: nil))
    }

    @Test("every address begins with the same step")
    func firstStep() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1, totp: TOTPSecret(random: .seeded(5)))
        let phone = try fixture.requester(device: 2)
        let known = try await fixture.service.begin(fixture.opening("ada"), by: phone)
        let unknown = try await fixture.service.begin(fixture.opening("nobody"), by: phone)
        #expect(known.challenge?.kind == .password)
        #expect(unknown.challenge?.kind == .password)
        #expect(known.challenge?.methods == unknown.challenge?.methods)
        #expect(known.handle != unknown.handle)
    }

    @Test("a lost answer restarts nothing: every step answers the same again, the last one with the same code")
    func lostAnswers() async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        try await fixture.account("ada", totp: secret)
        let phone = try fixture.requester(device: 2)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: phone).handle
        let password = FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)])
        let first = try await fixture.service.proceed(password, by: phone)
        #expect(try await fixture.service.proceed(password, by: phone) == first)
        let code = FlowContinuation(
            handle: handle, answers: [.oneTimePassword(SecretString(secret.code(at: fixture.clock.now)))])
        let last = try await fixture.service.proceed(code, by: phone)
        #expect(last.code != nil)
        #expect(try await fixture.service.proceed(code, by: phone) == last)
        let other = FlowContinuation(handle: handle, answers: [.oneTimePassword(SecretString("000000"))])
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(other, by: phone) }
        _ = try await fixture.redeem(try #require(last.code), by: phone)
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(code, by: phone) }
    }

    @Test("a finished flow by password answers that password again, and no other")
    func repeatedFinalPassword() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: phone).handle
        let right = FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)])
        let code = try #require(try await fixture.service.proceed(right, by: phone).code)
        #expect(try await fixture.service.proceed(right, by: phone).code == code)
        let wrong = FlowContinuation(handle: handle, answers: [.password(SignInFixture.wrong)])
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(wrong, by: phone) }
        fixture.clock.advance(by: .seconds(60))
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(right, by: phone) }
    }

    @Test("a flow is over after ten minutes, to the millisecond")
    func lifetime() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: phone).handle
        let question = FlowContinuation(handle: handle, answers: [])
        fixture.clock.advance(by: .minutes(10) - .milliseconds(1))
        #expect(try await fixture.service.proceed(question, by: phone).challenge != nil)
        fixture.clock.advance(by: .milliseconds(1))
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(question, by: phone) }
    }

    @Test("a flow takes twenty requests")
    func requestLimit() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: phone).handle
        let question = FlowContinuation(handle: handle, answers: [])
        for _ in 2...20 { _ = try await fixture.service.proceed(question, by: phone) }
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(question, by: phone) }
    }

    @Test("the fifth wrong code ends the flow; the next flow of the day still counts")
    func wrongCodes() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1, totp: TOTPSecret(random: .seeded(5)))
        let phone = try fixture.requester(device: 1)
        for _ in 1...4 {
            let handle = try await fixture.service.begin(
                fixture.opening("ada"), password: SignInFixture.password, by: phone
            ).handle
            let wrong = FlowContinuation(handle: handle, answers: [.oneTimePassword(SecretString("000000"))])
            for left in stride(from: 4, to: 0, by: -1) {
                let outcome = try await fixture.service.proceed(wrong, by: phone)
                #expect(outcome.challenge?.rejection == .mismatch(attemptsLeft: left))
            }
            await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(wrong, by: phone) }
        }
        let handle = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone
        ).handle
        let further = FlowContinuation(handle: handle, answers: [.oneTimePassword(SecretString("000000"))])
        await #expect(throws: SignInError.throttled(retryAfter: .hours(24))) {
            try await fixture.service.proceed(further, by: phone)
        }
    }

    @Test("a password changed during the flow ends it")
    func passwordChangedMeanwhile() async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        let account = try await fixture.account("ada", device: 1, totp: secret)
        let phone = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone
        ).handle
        fixture.clock.advance(by: .seconds(1))
        let now = fixture.clock.now
        let verifier = try await fixture.hasher.hash(SignInFixture.wrong)
        try await fixture.repository.write {
            try $0.setPassword(account, verifier: verifier, class: .standard, replacing: nil, at: now)
        }
        let answer = FlowAnswer.oneTimePassword(SecretString(secret.code(at: now)))
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.proceed(FlowContinuation(handle: handle, answers: [answer]), by: phone)
        }
    }

    @Test("busy password threads change nothing: the attempt costs no budget")
    func busy() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: phone).handle
        let right = FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)])
        fixture.hasher.setBusy(true)
        for _ in 1...15 {
            await #expect(throws: SignInError.busy) { try await fixture.service.proceed(right, by: phone) }
        }
        fixture.hasher.setBusy(false)
        #expect(try await fixture.service.proceed(right, by: phone).code != nil)
    }
}
