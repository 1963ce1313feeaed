import Buckler
import BucklerPrimitives
import BucklerTesting
import Testing

@Suite("Signing in")
struct SignInTests {
    let phone = Phone()

    @Test("a second factor is asked for after the password, and a wrong code asks again")
    func secondFactor() async throws {
        phone.fake.addAccount(email: "two@example.com", password: "p", secondFactor: "123456")
        let client = try phone.fake.client()
        var step = try await client.signIn(email: "two@example.com", password: "p")
        guard case .challenge(let challenge) = step else { throw Phone.Surprise.step }
        #expect(challenge.kind == .secondFactor)
        #expect(challenge.methods == [.totp, .recoveryCode])
        step = try await challenge.answer("000000")
        guard case .challenge(let again) = step else { throw Phone.Surprise.step }
        #expect(again.isRepeated)
        guard case .signedIn(let session) = try await again.answer("123456") else { throw Phone.Surprise.step }
        #expect(await client.check() == .signedIn(session))
    }

    @Test("known and unknown addresses are asked the same question")
    func sameQuestion() async throws {
        let client = try phone.fake.client()
        for email in [Phone.email, "nobody@example.com"] {
            guard case .challenge(let challenge) = try await client.signIn(email: email, password: "wrong") else {
                throw Phone.Surprise.step
            }
            #expect(challenge.kind == .password)
            #expect(challenge.isRepeated)
        }
    }

    @Test("sign-up asks for the mailed code, then the session is there")
    func signUp() async throws {
        let client = try phone.fake.client()
        guard
            case .challenge(let challenge) = try await client.signUp(
                email: "new@example.com", password: "a new password")
        else { throw Phone.Surprise.step }
        #expect(challenge.kind == .emailCode)
        let code = try #require(phone.fake.lastMailCode)
        guard case .signedIn = try await challenge.answer(code) else { throw Phone.Surprise.step }
        #expect(await client.session() != nil)
    }

    @Test("who has nothing else left in a reset learns when the mailbox will be enough, and the question stays")
    func recovery() async throws {
        phone.fake.addAccount(email: "two@example.com", password: "p", secondFactor: "123456")
        let client = try phone.fake.client()
        var step = try await client.resetPassword(email: "two@example.com")
        for answer in [try #require(phone.fake.lastMailCode), "another password"] {
            guard case .challenge(let challenge) = step else { throw Phone.Surprise.step }
            step = try await challenge.answer(answer)
        }
        guard case .challenge(let second) = step, second.kind == .secondFactor else { throw Phone.Surprise.step }
        #expect(second.recovery == nil)
        guard case .challenge(let held) = try await second.startRecovery() else { throw Phone.Surprise.step }
        #expect(held.kind == .secondFactor)
        let recovery = try #require(held.recovery)
        #expect(recovery.completesAt == recovery.startedAt + .hours(72))
        guard case .signedIn(let session) = try await held.answer("123456") else { throw Phone.Surprise.step }
        #expect(!session.factorRequired)
    }

    @Test("a reset asks for the code, then for a new password")
    func reset() async throws {
        let client = try phone.fake.client()
        var step = try await client.resetPassword(email: Phone.email)
        guard case .challenge(let byMail) = step else { throw Phone.Surprise.step }
        step = try await byMail.answer(try #require(phone.fake.lastMailCode))
        guard case .challenge(let newPassword) = step, newPassword.kind == .newPassword else {
            throw Phone.Surprise.step
        }
        guard case .signedIn = try await newPassword.answer("another password") else { throw Phone.Surprise.step }
    }

    @Test("states begin with the current one and follow the sign-in and its end")
    func states() async throws {
        let client = try phone.fake.client(on: phone.device)
        await client.check()
        var states = client.states.makeAsyncIterator()
        #expect(await states.next() == .signedOut(.notSignedIn))
        let session = try await phone.signIn(client)
        #expect(await states.next() == .signedIn(session))
        try await session.signOut()
        #expect(await states.next() == .signedOut(.byPerson))
    }

    @Test("offline, nothing is signed in and nothing is signed out")
    func offline() async throws {
        phone.fake.goOffline()
        let client = try phone.fake.client()
        #expect(await code { _ = try await client.signIn(email: Phone.email, password: "x") } == "client.offline")
        #expect(await client.check() == .signedOut(.notSignedIn))
    }

    @Test("one device ends another's session; its next call meets the signed notice")
    func remoteSignOut() async throws {
        let (first, session) = try await phone.signedIn()
        let second = try phone.fake.client(on: FakeDevice(name: "Second"))
        let other = try await phone.signIn(second)
        let list = try await other.sessions()
        #expect(list.count == 2)
        let victim = try #require(list.first { !$0.isCurrent })
        #expect(victim.id == session.id)
        try await other.endSession(victim.id)
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(await first.check() == .signedOut(.ended(reason: "ended_by_person")))
        #expect(await second.check() == .signedIn(other))
    }

    @Test(
        "a server that is not an https origin is refused",
        arguments: [
            "http://api.example.com", "api.example.com", "https://", "https://api.example.com/path", "https://a@b",
            "https://api.example.com?x=1", "ftp://api.example.com", "",
        ])
    func serverAddress(server: String) async throws {
        let environment = phone.fake.environment(on: FakeDevice())
        #expect(throws: BucklerError.self) {
            try BucklerClient(server: server, clientID: "app", environment: environment)
        }
    }

    @Test("errors say neither password nor token")
    func silence() async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.endSessions()
        do {
            _ = try await session.api.get("/notes", as: [String].self)
            Issue.record("an ended session answered")
        } catch {
            for text in ["\(error)", error.developerText, error.personText] {
                #expect(!text.contains("fake_rt"))
                #expect(!text.contains("fake_at"))
                #expect(!text.contains(Phone.password))
            }
        }
    }
}
