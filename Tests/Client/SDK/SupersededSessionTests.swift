import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Synchronization
import Testing

/// Two processes of one app: one still holds the session of before when the other has signed in anew.
@Suite("The end of an older session")
struct SupersededSessionTests {
    let phone = Phone()
    let draft = VaultItem("draft", purpose: "unsent note")
    let settings = VaultItem("settings", purpose: "preferences", lifetime: .untilDeleted)

    /// Ann signed in on `old`, then on `new`; both processes run.
    private func signedInTwice(
        between: () -> Void = {}
    ) async throws -> (old: (BucklerClient, BucklerSession), new: (BucklerClient, BucklerSession)) {
        let old = try await phone.signedIn()
        try await old.session.vault.save(SecretBytes([1]), as: draft)
        try await old.session.vault.save(SecretBytes([2]), as: settings)
        between()
        let client = try phone.fake.client(on: phone.device)
        return (old, (client, try await phone.signIn(client)))
    }

    private func expectUntouched(_ client: BucklerClient, _ session: BucklerSession) async throws {
        #expect(await client.check() == .signedIn(session))
        #expect(try await phone.fake.client(on: phone.device).check() == .signedIn(session))
        #expect(try await session.vault.read(draft) == SecretBytes([1]))
        #expect(try await session.vault.read(settings) == SecretBytes([2]))
    }

    @Test("signing out of it leaves the newer session, its items and its state")
    func signOut() async throws {
        let (old, new) = try await signedInTwice()
        #expect(try await old.1.signOut() == .acknowledged)
        try await expectUntouched(new.0, new.1)
        #expect(await old.0.check() == .signedIn(new.1))
    }

    @Test("a signed order to wipe it leaves the newer session's items", arguments: ["replaced", "operator"])
    func wipe(reason: String) async throws {
        let (old, new) = try await signedInTwice { phone.fake.endSessions(reason: reason) }
        #expect(await code { _ = try await old.1.api.get("/notes", as: [String].self) } == "client.signed_out")
        try await expectUntouched(new.0, new.1)
        #expect(await old.0.check() == .signedIn(new.1))
    }

    @Test(
        "a notice or a bare refusal that answers its refresh goes on with the newer session", arguments: [true, false])
    func refresh(isSigned: Bool) async throws {
        let (_, session) = try await phone.signedIn()
        try await session.vault.save(SecretBytes([1]), as: draft)
        try await session.vault.save(SecretBytes([2]), as: settings)
        phone.fake.time.advance(by: .seconds(400))
        let newer = try phone.fake.client(on: phone.device)
        var environment = phone.fake.environment(on: phone.device)
        environment.transport = Overtaken(base: environment.transport) { [phone] in
            if isSigned { phone.fake.endSessions(reason: "replaced") } else { phone.fake.refuseWithoutNotice() }
            _ = try? await phone.signIn(newer)
        }
        let older = try BucklerClient(
            server: phone.fake.server, clientID: phone.fake.clientID, environment: environment)
        try await older.refreshIfNeeded()
        let current = try #require(await newer.session())
        #expect(current.id != session.id)
        try await expectUntouched(newer, current)
        #expect(await older.check() == .signedIn(current))
    }

    @Test("what it saved after the newer one began is destroyed with it")
    func lateItem() async throws {
        let (old, new) = try await signedInTwice()
        let late = VaultItem("late", purpose: "unsent note")
        try await old.1.vault.save(SecretBytes([3]), as: late)
        try await old.1.signOut()
        #expect(try await new.1.vault.read(late) == nil)
        try await expectUntouched(new.0, new.1)
    }

    @Test("the newer session's own end takes everything, also what came from the older one")
    func newEnd() async throws {
        let (_, new) = try await signedInTwice()
        phone.fake.endSessions()
        #expect(await code { _ = try await new.1.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(try phone.device.secrets.names().allSatisfy { $0 == "install" })
    }

    @Test("a sign-in killed at any step leaves no item that the running session's end would miss")
    func killedSignIn() async throws {
        for operations in 0..<100 {
            let phone = Phone()
            let (client, session) = try await phone.signedIn()
            try await session.vault.save(SecretBytes([1]), as: draft)
            let mortal = MortalStore(phone.device.secrets, operations: operations, diesAfterEffect: true)
            var dying = phone.device
            dying.secrets = mortal
            let victim = try phone.fake.client(on: dying)
            _ = await code { _ = try await phone.signIn(victim) }
            let running = try #require(await phone.fake.client(on: phone.device).session())
            #expect(try await running.vault.read(draft) == SecretBytes([1]), "killed at \(operations)")
            phone.fake.endSessions()
            _ = await code { _ = try await running.api.get("/notes", as: [String].self) }
            _ = await client.check()
            #expect(try !phone.device.secrets.names().contains { $0.hasPrefix("item.") }, "killed at \(operations)")
            if !mortal.isDead { return }
        }
        Issue.record("a sign-in takes more than a hundred operations")
    }
}

/// Lets something happen while the first refresh is on its way.
private struct Overtaken: HTTPTransport {
    let base: any HTTPTransport
    let event: @Sendable () async -> Void
    private let isDue = SharedFlag()

    init(base: any HTTPTransport, event: @escaping @Sendable () async -> Void) {
        self.base = base
        self.event = event
    }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        if request.headers.contains(where: { $0.name == "Idempotency-Key" }), isDue.take() { await event() }
        return try await base.send(request)
    }
}

/// True once.
private final class SharedFlag: Sendable {
    private let isSet = Mutex(true)

    func take() -> Bool {
        isSet.withLock { flag in
            defer { flag = false }
            return flag
        }
    }
}
