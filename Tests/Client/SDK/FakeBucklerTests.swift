import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Testing

/// What an adopter's own tests do with the pretended server.
@Suite("The pretended server")
struct FakeBucklerTests {
    private let phone = Phone()

    @Test("a sign-in elsewhere is heard, then the end from there: signed, obeyed, and the last word")
    func heardEnd() async throws {
        let (client, session) = try await phone.signedIn()
        try await session.vault.save(SecretBytes("dear diary".utf8), as: VaultItem("draft", purpose: "an unsent note"))
        var events = try await client.listen().makeAsyncIterator()
        let other = try await phone.signIn(try phone.fake.client(on: FakeDevice(name: "Tablet")))
        let heard = try #require(try await events.next())
        #expect(heard.kind == .signedIn && heard.session == other.id && heard.time == phone.fake.time.now)
        try await other.endSession(session.id)
        #expect(try await events.next() == nil)
        #expect(await client.check() == .signedOut(.ended(reason: "ended_by_person")))
        #expect(try phone.device.secrets.names().filter { $0 != "install" } == [], "the vault went with the session")
    }

    @Test("a listening screen turns to signed out by itself, without any call")
    func screen() async throws {
        let (client, session) = try await phone.signedIn()
        var states = client.states.makeAsyncIterator()
        #expect(await states.next() == .signedIn(session))
        let events = try await client.listen()
        async let listening: Int = {
            var count = 0
            for try await _ in events { count += 1 }
            return count
        }()
        phone.fake.announce("password_changed")
        phone.fake.endSessions(reason: "operator")
        #expect(await states.next() == .signedOut(.ended(reason: "operator")))
        #expect(try await listening == 1)
    }

    @Test("an end without a signed notice closes the stream and signs nobody out")
    func unsignedEnd() async throws {
        let (client, session) = try await phone.signedIn()
        var events = try await client.listen().makeAsyncIterator()
        phone.fake.refuseWithoutNotice()
        #expect(try await events.next() == nil)
        #expect(await client.check() == .signedIn(session))
    }

    @Test("when the network goes, a stream breaks with an error, and the app may listen again")
    func brokenStream() async throws {
        let (client, session) = try await phone.signedIn()
        var events = try await client.listen().makeAsyncIterator()
        phone.fake.goOffline()
        #expect(await code { _ = try await events.next() } == "client.offline")
        #expect(await client.check() == .signedIn(session))
        phone.fake.goOnline()
        var again = try await client.listen().makeAsyncIterator()
        phone.fake.announce("factor_added")
        #expect(try await again.next()?.kind == .factorAdded)
    }

    @Test("two streams of a session are open; a third closes the oldest")
    func threeStreams() async throws {
        let (client, _) = try await phone.signedIn()
        var first = try await client.listen().makeAsyncIterator()
        var second = try await client.listen().makeAsyncIterator()
        var third = try await client.listen().makeAsyncIterator()
        #expect(try await first.next() == nil)
        phone.fake.announce("account_changed")
        #expect(try await second.next()?.kind == .accountChanged)
        #expect(try await third.next()?.kind == .accountChanged)
    }

    @Test("a new account is asked for its authenticator app, and every later sign-in for the app's code")
    func enrolFactor() async throws {
        phone.fake.askForFactorAtSignUp()
        let client = try phone.fake.client()
        guard case .challenge(let byMail) = try await client.signUp(email: "new@example.com", password: "short one")
        else { throw Phone.Surprise.step }
        guard case .challenge(let app) = try await byMail.answer(try #require(phone.fake.lastMailCode)) else {
            throw Phone.Surprise.step
        }
        #expect(app.kind == .enrolFactor && app.methods == [.totp])
        #expect(app.details["otpauth_uri"]?.string?.hasPrefix("otpauth://totp/") == true)
        #expect(app.details["secret"]?.string?.isEmpty == false)
        guard case .challenge(let again) = try await app.answer("000000") else { throw Phone.Surprise.step }
        #expect(again.kind == .enrolFactor && again.isRepeated)
        guard case .signedIn(let session) = try await again.answer(FakeBuckler.enrolmentCode) else {
            throw Phone.Surprise.step
        }
        #expect(try await session.accountDetails().factors.map(\.kind) == ["totp"])
        let second = try phone.fake.client(on: FakeDevice(name: "Second"))
        guard case .challenge(let factor) = try await second.signIn(email: "new@example.com", password: "short one")
        else { throw Phone.Surprise.step }
        #expect(factor.kind == .secondFactor)
        guard case .signedIn = try await factor.answer(FakeBuckler.enrolmentCode) else { throw Phone.Surprise.step }
    }

    @Test("a pending recovery is shown to its owner, who ends it; a second time there is none")
    func cancelFromSession() async throws {
        let (_, session) = try await phone.signedIn()
        #expect(try await session.accountDetails().recovery == nil)
        phone.fake.beginRecovery(of: Phone.email)
        let recovery = try #require(try await session.accountDetails().recovery)
        #expect(recovery.startedAt == phone.fake.time.now && recovery.completesAt == recovery.startedAt + .hours(72))
        try await session.cancelRecovery()
        #expect(try await session.accountDetails().recovery == nil)
        #expect(await code { try await session.cancelRecovery() } == "account.recovery.none")
    }

    @Test("a recovery that was begun within a reset is told by later challenges, and ended from the mailbox")
    func cancelFromMailbox() async throws {
        phone.fake.addAccount(email: "two@example.com", password: "p", secondFactor: "123456")
        let client = try phone.fake.client()
        let begun = try await secondStep(of: client, password: "another password")
        #expect(begun.recovery == nil)
        guard case .challenge(let held) = try await begun.startRecovery() else { throw Phone.Surprise.step }
        let recovery = try #require(held.recovery)
        phone.fake.time.advance(by: .hours(1))
        let later = try await secondStep(of: client, password: "one more password")
        #expect(later.recovery == recovery, "the hold that runs is not begun anew")
        guard case .challenge(let ended) = try await later.cancelRecovery() else { throw Phone.Surprise.step }
        #expect(ended.kind == .secondFactor && ended.recovery == nil)
        guard case .signedIn = try await ended.answer("123456") else { throw Phone.Surprise.step }
    }

    private func secondStep(of client: BucklerClient, password: String) async throws -> Challenge {
        var step = try await client.resetPassword(email: "two@example.com")
        for answer in [try #require(phone.fake.lastMailCode), password] {
            guard case .challenge(let challenge) = step else { throw Phone.Surprise.step }
            step = try await challenge.answer(answer)
        }
        guard case .challenge(let second) = step, second.kind == .secondFactor else { throw Phone.Surprise.step }
        return second
    }
}
