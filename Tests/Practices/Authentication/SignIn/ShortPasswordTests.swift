import BucklerOTP
import BucklerPrimitives
import Testing

@testable import Authentication

/// PD-08: 8 to 14 code points only beside an authenticator app that is enrolled in the same transaction.
@Suite("Short passwords")
struct ShortPasswordTests {
    private static let short = SecretString("vqzt-mw9")

    @Test("a sign-up with a short password makes the account with its authenticator app, in one step")
    func signUp() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        let asked = try await Self.proven(fixture, phone)
        #expect(asked.challenge?.kind == .enrolFactor)
        #expect(asked.challenge?.methods == [.totp])
        let email = try fixture.email("ada")
        #expect(try await fixture.repository.read { try $0.findAccount(email) } == nil)
        let code = FlowAnswer.oneTimePassword(try Self.code(asked, fixture))
        let done = try await fixture.service.proceed(FlowContinuation(handle: asked.handle, answers: [code]), by: phone)
        let grant = try await fixture.redeem(try #require(done.code), by: phone)
        #expect(grant.authentication.level == .two)
        #expect(grant.authentication.amr == ["pwd", "email", "otp", "mfa"])
        let record = try #require(try await fixture.repository.read { try $0.findAccount(email) })
        #expect(record.passwordClass == .needsSecondFactor && record.factors.count == 1)
        #expect(try await fixture.reasons().filter { $0 == "signup.proven" }.count == 2)
    }

    @Test("the password alone opens nothing afterwards, on the same phone; the code of the sign-up is spent")
    func neverAlone() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        let asked = try await Self.proven(fixture, phone)
        let code = try Self.code(asked, fixture)
        _ = try await fixture.service.proceed(
            FlowContinuation(handle: asked.handle, answers: [.oneTimePassword(code)]), by: phone)
        let again = try await fixture.service.begin(fixture.opening("ada"), password: Self.short, by: phone)
        #expect(again.challenge?.kind == .secondFactor)
        let spent = try await fixture.service.proceed(
            FlowContinuation(handle: again.handle, answers: [.oneTimePassword(code)]), by: phone)
        #expect(spent.challenge?.rejection != nil)
    }

    @Test("the seed is the same at every answer, and another flow's is another")
    func seeds() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        let asked = try await Self.proven(fixture, phone)
        let told = try await fixture.service.proceed(FlowContinuation(handle: asked.handle, answers: []), by: phone)
        #expect(told.challenge?.seed == asked.challenge?.seed)
        let other = try await Self.proven(fixture, try fixture.requester(device: 2), name: "eve")
        #expect(other.challenge?.seed != asked.challenge?.seed)
        #expect(other.challenge?.seed?.uri.withExposedText { $0.hasPrefix("otpauth://totp/Notes:eve") } == true)
    }

    @Test("a wrong code makes no account; the fifth ends the flow, with a reason of its own")
    func wrongCodes() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        let asked = try await Self.proven(fixture, phone)
        let wrong = FlowContinuation(handle: asked.handle, answers: [.oneTimePassword(SecretString("000000"))])
        for left in (1...4).reversed() {
            let outcome = try await fixture.service.proceed(wrong, by: phone)
            #expect(outcome.challenge?.rejection == .mismatch(attemptsLeft: left))
        }
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(wrong, by: phone) }
        let email = try fixture.email("ada")
        #expect(try await fixture.repository.read { try $0.findAccount(email) } == nil)
        #expect(try await fixture.reasons().filter { $0 == "signup.totp.mismatch" }.count == 5)
    }

    @Test("while one enrols, the address is taken by a sign-up with a long password: no second account")
    func overtaken() async throws {
        let fixture = try SignInFixture()
        let slow = try fixture.requester(device: 1)
        let quick = try fixture.requester(device: 2)
        let asked = try await Self.proven(fixture, slow)
        let long = try await fixture.service.signUp(
            fixture.opening("ada"), password: SignInFixture.password, by: quick)
        let mailed = try #require(try await fixture.mailedCode("ada"))
        #expect(
            try await fixture.service.proceed(
                FlowContinuation(handle: long.handle, answers: [.emailCode(mailed)]), by: quick
            ).code != nil)
        let code = FlowAnswer.oneTimePassword(try Self.code(asked, fixture))
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.proceed(FlowContinuation(handle: asked.handle, answers: [code]), by: slow)
        }
        #expect(try await fixture.reasons().contains("signup.address_taken"))
    }

    static let lengths: [(Int, Bool)] = [(7, false), (8, true), (14, true)]

    @Test("its edges: 7 is refused, 8 and 14 enrol, 15 stands alone", arguments: lengths)
    func edges(length: Int, isTaken: Bool) async throws {
        let fixture = try SignInFixture()
        let text = SecretString(String("vqzt-mwlk-ruby-9143".prefix(length)))
        guard isTaken else {
            await #expect(throws: SignInError.passwordRefused(.tooShort(minimum: 8))) {
                try await fixture.service.signUp(
                    fixture.opening("ada"), password: text, by: try fixture.requester(device: 1))
            }
            return
        }
        let asked = try await Self.proven(fixture, try fixture.requester(device: 1), password: text)
        #expect(asked.challenge?.kind == .enrolFactor)
        let phone = try fixture.requester(device: 2)
        let alone = SecretString(String("vqzt-mwlk-ruby-9143".prefix(15)))
        #expect(try await Self.proven(fixture, phone, name: "eve", password: alone).code != nil)
    }

    /// A sign-up whose mailed code was typed.
    private static func proven(
        _ fixture: SignInFixture, _ phone: Requester, name: String = "ada", password: SecretString = short
    ) async throws -> ChallengeOutcome {
        let handle = try await fixture.service.signUp(fixture.opening(name), password: password, by: phone).handle
        let code = try #require(try await fixture.mailedCode(name))
        return try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(code)]), by: phone)
    }

    private static func code(_ outcome: ChallengeOutcome, _ fixture: SignInFixture) throws -> SecretString {
        let seed = try #require(outcome.challenge?.seed?.secret)
        return SecretString(try #require(TOTPSecret(base32: seed)).code(at: fixture.clock.now))
    }
}
