import BucklerOTP
import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Sign-up and reset")
struct SignUpAndResetTests {
    @Test("no account exists before its address is proven in the flow that asked")
    func signUp() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        let email = try fixture.email("ada")
        let first = try await fixture.service.signUp(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(first.challenge?.kind == .emailCode)
        #expect(try await fixture.repository.read { try $0.findAccount(email) } == nil)
        let code = try #require(try await fixture.mailedCode("ada"))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: first.handle, answers: [.emailCode(code)]), by: phone)
        let grant = try await fixture.redeem(try #require(outcome.code), by: phone)
        #expect(grant.authentication.amr == ["pwd", "email"])
        #expect(grant.authentication.level == .one)
        let again = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(again.code != nil)
    }

    @Test("a sign-up for an address with an account tells only the mailbox, and its flow accepts no code")
    func takenAddress() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let stranger = try fixture.requester(device: 2)
        let taken = try await fixture.service.signUp(
            fixture.opening("ada"), password: SignInFixture.wrong, by: stranger)
        let free = try await fixture.service.signUp(fixture.opening("eve"), password: SignInFixture.wrong, by: stranger)
        #expect(taken.challenge?.kind == free.challenge?.kind)
        #expect(taken.challenge?.methods == free.challenge?.methods)
        #expect(taken.challenge?.expiresIn == free.challenge?.expiresIn)
        #expect(try await fixture.mailedCode("ada") == nil)
        #expect(try await fixture.mails().count == 2)
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: taken.handle, answers: [.emailCode(SecretString("123456"))]), by: stranger)
        #expect(outcome.challenge?.rejection == .mismatch(attemptsLeft: nil))
    }

    @Test("pre-hijacking: the attacker's sign-up ends without an account, whoever reads the mail")
    func preHijack() async throws {
        let fixture = try SignInFixture()
        let attacker = try fixture.requester(device: 66)
        let victim = try fixture.requester(device: 1)
        let planted = try await fixture.service.signUp(
            fixture.opening("ada"), password: SignInFixture.wrong, by: attacker)
        let plantedCode = try #require(try await fixture.mailedCode("ada"))
        let own = try await fixture.service.signUp(fixture.opening("ada"), password: SignInFixture.password, by: victim)
        // The code of the attacker's mail does not fit the victim's flow.
        let crossed = try await fixture.service.proceed(
            FlowContinuation(handle: own.handle, answers: [.emailCode(plantedCode)]), by: victim)
        #expect(crossed.code == nil)
        let ownCode = try #require(try await fixture.mailedCode("ada"))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: own.handle, answers: [.emailCode(ownCode)]), by: victim)
        #expect(outcome.code != nil)
        // Even with the code of its own mail the planted flow is too late.
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.proceed(
                FlowContinuation(handle: planted.handle, answers: [.emailCode(plantedCode)]), by: attacker)
        }
        let guess = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.wrong, by: attacker)
        #expect(guess.challenge?.rejection != nil)
    }

    @Test("two pending sign-ups race: one account")
    func racingSignUps() async throws {
        let fixture = try SignInFixture()
        var pending: [(Requester, FlowContinuation)] = []
        for device in 1...3 {
            let phone = try fixture.requester(device: device)
            let handle = try await fixture.service.signUp(
                fixture.opening("ada"), password: SignInFixture.password, by: phone
            ).handle
            let code = try #require(try await fixture.mailedCode("ada"))
            pending.append((phone, FlowContinuation(handle: handle, answers: [.emailCode(code)])))
        }
        let codes = await withTaskGroup(of: String?.self) { group in
            for (phone, answer) in pending {
                group.addTask { try? await fixture.service.proceed(answer, by: phone).code }
            }
            return await group.reduce(into: []) { if let code = $1 { $0.append(code) } }
        }
        #expect(codes.count == 1)
    }

    @Test(
        "a short or common password is refused before anything is stored or sent",
        arguments: ["harbour", "passwordpassword", ""])
    func refusedPasswords(text: String) async throws {
        let fixture = try SignInFixture()
        await #expect(throws: SignInError.self) {
            try await fixture.service.signUp(
                fixture.opening("ada"), password: SecretString(text), by: try fixture.requester(device: 1))
        }
        #expect(try await fixture.mails().isEmpty)
        #expect(fixture.hasher.counted.hashes == 0)
    }

    @Test("a reset replaces the password, ends the sessions, tells the mailbox and is worth level 1")
    func reset() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 2)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        let fresh = SecretString("a lighthouse in the fog")
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(code), .newPassword(fresh)]), by: phone)
        let grant = try await fixture.redeem(try #require(outcome.code), by: phone)
        #expect(grant.authentication.account == account)
        #expect(grant.authentication.level == .one)
        #expect(fixture.sessions.ended == [account])
        #expect(try await fixture.mails().count == 2)
        let old = try fixture.requester(device: 1)
        let refused = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: old)
        #expect(refused.code == nil)
        // The new password is right there, and the device is a stranger again.
        let again = try await fixture.service.begin(fixture.opening("ada"), password: fresh, by: old)
        #expect(again.challenge?.kind == .emailCode)
    }

    @Test("the mailbox alone changes nothing of an account with a second factor")
    func resetWithSecondFactor() async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        try await fixture.account("ada", device: 1, totp: secret)
        let thief = try fixture.requester(device: 66)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: thief).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        let answers: [FlowAnswer] = [.emailCode(code), .newPassword(SecretString("a lighthouse in the fog"))]
        let half = try await fixture.service.proceed(FlowContinuation(handle: handle, answers: answers), by: thief)
        #expect(half.challenge?.kind == .secondFactor)
        #expect(fixture.sessions.ended.isEmpty)
        let owner = try fixture.requester(device: 1)
        let usual = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: owner)
        #expect(usual.challenge?.kind == .secondFactor)
        let last = FlowAnswer.oneTimePassword(SecretString(secret.code(at: fixture.clock.now)))
        let whole = try await fixture.service.proceed(FlowContinuation(handle: handle, answers: [last]), by: thief)
        #expect(try await fixture.redeem(try #require(whole.code), by: thief).authentication.level == .two)
        #expect(fixture.sessions.ended.count == 1)
    }

    @Test("a refused new password leaves the reset where it was")
    func refusedNewPassword() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada")
        let phone = try fixture.requester(device: 2)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        await #expect(throws: SignInError.passwordRefused(.tooShort(minimum: 15))) {
            try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.emailCode(code), .newPassword(SecretString("too short"))]),
                by: phone)
        }
        let state = try await fixture.service.proceed(FlowContinuation(handle: handle, answers: []), by: phone)
        #expect(state.challenge?.kind == .newPassword)
    }

    @Test("a reset for an address without account answers the same, and no code opens it")
    func resetUnknown() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada")
        let known = try await fixture.service.reset(fixture.opening("ada"), by: try fixture.requester(device: 2))
        let unknown = try await fixture.service.reset(fixture.opening("nobody"), by: try fixture.requester(device: 3))
        #expect(known.challenge?.kind == unknown.challenge?.kind)
        #expect(known.challenge?.methods == unknown.challenge?.methods)
        #expect(try await fixture.mails().count == 2)
        #expect(try await fixture.mailedCode("nobody") == nil)
    }

    @Test("an address receives three mails an hour and ten a day; the answers never tell")
    func mailBudget() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada")
        for index in 1...5 {
            let outcome = try await fixture.service.reset(
                fixture.opening("ada"), by: try fixture.requester(device: index))
            #expect(outcome.challenge?.kind == .emailCode)
        }
        #expect(try await fixture.mails().count == 3)
        for hour in 1...6 {
            fixture.clock.advance(by: .hours(1))
            for index in 1...4 {
                _ = try await fixture.service.reset(
                    fixture.opening("ada"), by: try fixture.requester(device: hour * 10 + index))
            }
        }
        #expect(try await fixture.mails().count == 10)
    }
}
