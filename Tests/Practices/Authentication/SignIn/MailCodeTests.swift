import BucklerPrimitives
import Storage
import Testing

@testable import Authentication

@Suite("Codes by mail")
struct MailCodeTests {
    @Test("where the mailbox is all that is asked for, the code has forty bits; after a right password six digits")
    func forms() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let long = /[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/
        _ = try await fixture.service.reset(fixture.opening("ada"), by: try fixture.requester(device: 2))
        #expect(try await fixture.codeText("ada").wholeMatch(of: long) != nil)
        _ = try await fixture.service.signUp(
            fixture.opening("eve"), password: SignInFixture.password, by: try fixture.requester(device: 3))
        #expect(try await fixture.codeText("eve").wholeMatch(of: long) != nil)
        _ = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: try fixture.requester(device: 4))
        #expect(try await fixture.codeText("ada").wholeMatch(of: /\d{6}/) != nil)
    }

    @Test(
        "people type it without the hyphen, in small letters, with spaces, and with look-alikes",
        arguments: [
            { $0 }, { $0.replacing("-", with: "") }, { $0.lowercased() }, { " " + $0.replacing("-", with: " ") },
            { $0.replacing("0", with: "o").replacing("1", with: "l") },
        ] as [@Sendable (String) -> String])
    func typing(change: @Sendable (String) -> String) async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 2)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let typed = SecretString(change(try await fixture.codeText("ada")))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(typed)]), by: phone)
        #expect(outcome.challenge?.kind == .newPassword)
    }

    @Test("a code that was never mailed opens nothing, and the answer is the one of a wrong code")
    func neverMailed() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for device in 2...4 {
            _ = try await fixture.service.reset(fixture.opening("ada"), by: try fixture.requester(device: device))
        }
        let thief = try fixture.requester(device: 66)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: thief).handle
        #expect(try await fixture.mails().count == 3)
        let digest = try #require(fixture.service.engine.keys.digest(ofHandle: handle))
        let now = fixture.clock.now
        let content = try #require(try await fixture.repository.read { try $0.flow(digest, at: now) }?.content)
        let guessed = fixture.service.engine.keys.emailCode(try SignInFlow(decoding: content))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(guessed)]), by: thief)
        #expect(outcome.challenge?.rejection == .mismatch(attemptsLeft: nil))
    }

    @Test("a stranger's name for the device stands in no mail before something was proven")
    func deviceName() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        _ = try await fixture.service.reset(fixture.opening("ada"), by: try fixture.requester(device: 2))
        let stranger = try #require(try await fixture.mails().last)
        #expect(!stranger.text.withExposedText { $0.contains("A phone") })
        _ = try await fixture.service.reset(fixture.opening("ada"), by: try fixture.requester(device: 1))
        let owner = try #require(try await fixture.mails().last)
        #expect(owner.text.withExposedText { $0.contains("A phone") })
    }

    @Test("the code of the proof before the password is not the code after it")
    func twoCodes() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let digest = try await fixture.flowDigest("ada", device: 2)
        let now = fixture.clock.now
        let content = try #require(try await fixture.repository.read { try $0.flow(digest, at: now) }?.content)
        var flow = try SignInFlow(decoding: content)
        let keys = fixture.service.engine.keys
        let before = keys.emailCode(flow)
        flow.codeWasSent = true
        _ = flow.accept(.password, tag: nil, facts: .none, at: now)
        #expect(keys.emailCode(flow) != before)
        #expect(!keys.isEmailCode(before, of: flow))
        #expect(!flow.codeWasSent)
    }

    @Test("whoever puts the counters back in the database does not get more guesses at six digits")
    func restoredCounters() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        var evaluated = 0
        for device in 10..<20 {
            let thief = try fixture.requester(device: device)
            let handle = try await fixture.service.begin(
                fixture.opening("ada"), password: SignInFixture.password, by: thief
            ).handle
            for _ in 1...4 {
                try await fixture.database.write { try $0.execute("DELETE FROM guessing_budget") }
                let wrong = FlowContinuation(handle: handle, answers: [.emailCode(SecretString("00000x"))])
                do {
                    _ = try await fixture.service.proceed(wrong, by: thief)
                    evaluated += 1
                } catch SignInError.throttled {}
            }
        }
        #expect(evaluated == 20)
    }
}

extension SignInFixture {
    /// The code in the newest mail, as text.
    func codeText(_ name: String) async throws -> String {
        try await mailedCode(name)?.withExposedText { $0 } ?? ""
    }

    /// Begins a sign-in without password and answers its row's digest.
    func flowDigest(_ name: String, device: Int) async throws -> [UInt8] {
        let handle = try await service.begin(opening(name), by: try requester(device: device)).handle
        return service.engine.keys.digest(ofHandle: handle) ?? []
    }
}
