import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Synchronization
import Testing

@Suite("Refreshing")
struct RefreshTests {
    let phone = Phone()

    @Test("an access token that is about to expire is renewed before the call")
    func renews() async throws {
        let (_, session) = try await phone.signedIn()
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        #expect(phone.fake.refreshes.rotations == 0)
        phone.fake.time.advance(by: .seconds(295))
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        #expect(phone.fake.refreshes.rotations == 1)
    }

    @Test("fifty calls at once share one refresh", .timeLimit(.minutes(5)))
    func singleFlight() async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.time.advance(by: .seconds(400))
        let answers = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<50 { group.addTask { try await session.api.get("/notes", as: [String].self) } }
            return try await group.reduce(into: [[String]]()) { $0.append($1) }
        }
        #expect(answers == Array(repeating: ["milk"], count: 50))
        #expect(phone.fake.refreshes.rotations == 1)
    }

    @Test("a cancelled caller leaves, the shared refresh goes on")
    func cancellation() async throws {
        var environment = phone.fake.environment(on: phone.device)
        let transport = HeldTransport(environment.transport)
        environment.transport = transport
        let client = try BucklerClient(
            server: phone.fake.server, clientID: phone.fake.clientID, environment: environment)
        let session = try await phone.signIn(client)
        phone.fake.time.advance(by: .seconds(400))
        transport.hold()
        let caller = Task { try await session.api.get("/notes", as: [String].self) }
        await transport.someoneWaits()
        caller.cancel()
        #expect(await code { _ = try await caller.value } == "client.cancelled")
        transport.release()
        try await client.refreshIfNeeded()
        #expect(phone.fake.refreshes.rotations == 1)
        #expect(phone.fake.wronglyUsedSessions == 0)
    }

    @Test("a lost answer is asked for again with the same attempt and gets the same successor")
    func lostAnswer() async throws {
        let (client, session) = try await phone.signedIn()
        phone.fake.time.advance(by: .seconds(400))
        phone.fake.loseAnswers(2)  // the nonce's and the refresh's
        #expect(await code { try await client.refreshIfNeeded() } == "client.offline")
        #expect(await code { try await client.refreshIfNeeded() } == "client.offline")
        try await client.refreshIfNeeded()
        #expect(phone.fake.refreshes.rotations == 1)
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        #expect(phone.fake.wronglyUsedSessions == 0)
    }

    @Test("two processes on one vault, whole rounds at once: never a wrong sign-out", .timeLimit(.minutes(5)))
    func twoProcesses() async throws {
        let (first, session) = try await phone.signedIn()
        let second = try phone.fake.client(on: phone.device)
        for round in 0..<20 {
            phone.fake.time.advance(by: .seconds(400))
            await first.noteActivity()
            if round.isMultiple(of: 3) { phone.fake.loseAnswers(1) }
            async let a = code { try await first.refreshIfNeeded() }
            async let b = code { try await second.refreshIfNeeded() }
            for outcome in [await a, await b] { #expect(outcome == nil || outcome == "client.offline") }
        }
        #expect(phone.fake.wronglyUsedSessions == 0)
        phone.fake.loseAnswers(0)
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
    }

    @Test("a process that starts uses the access token that another one fetched")
    func sharesAccessTokens() async throws {
        _ = try await phone.signedIn()
        let second = try phone.fake.client(on: phone.device)
        let session = try #require(await second.session())
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        #expect(phone.fake.refreshes.requests == 0)
    }

    @Test("killed before or after any step of the store, the next start goes on", arguments: [false, true])
    func killedAnywhere(diesAfterEffect: Bool) async throws {
        for operations in 0..<60 {
            let phone = Phone()
            _ = try await phone.signedIn()
            phone.fake.time.advance(by: .seconds(400))
            let mortal = MortalStore(phone.device.secrets, operations: operations, diesAfterEffect: diesAfterEffect)
            var dying = phone.device
            dying.secrets = mortal
            let victim = try phone.fake.client(on: dying)
            _ = await code { try await victim.refreshIfNeeded() }
            let next = try phone.fake.client(on: phone.device)
            let session = try #require(await next.session(), "killed at \(operations)")
            #expect(try await session.api.get("/notes", as: [String].self) == ["milk"], "killed at \(operations)")
            #expect(phone.fake.wronglyUsedSessions == 0, "killed at \(operations)")
            if !mortal.isDead { return }
        }
        Issue.record("the refresh takes more than sixty operations")
    }

    @Test("kills and another process at the same time: never a wrong sign-out", arguments: 0..<24)
    func killedBesideAnother(operations: Int) async throws {
        let (other, session) = try await phone.signedIn()
        phone.fake.time.advance(by: .seconds(400))
        var dying = phone.device
        dying.secrets = MortalStore(phone.device.secrets, operations: operations, diesAfterEffect: true)
        let victim = try phone.fake.client(on: dying)
        async let a = code { try await victim.refreshIfNeeded() }
        async let b = code { try await other.refreshIfNeeded() }
        _ = await (a, b)
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        #expect(phone.fake.wronglyUsedSessions == 0)
    }

    @Test("a copy of the whole vault is found: both holders end")
    func clone() async throws {
        let (owner, _) = try await phone.signedIn()
        var copy = FakeDevice()
        copy.keys = phone.device.keys
        copy.files = phone.device.files
        for name in try phone.device.secrets.names() {
            guard let bytes = try phone.device.secrets.read(name) else { continue }
            _ = try copy.secrets.add(name, bytes, protection: .afterFirstUnlock)
        }
        let thief = try phone.fake.client(on: copy)
        phone.fake.time.advance(by: .seconds(400))
        try await owner.refreshIfNeeded()
        #expect(await code { try await thief.refreshIfNeeded() } == "client.signed_out")
        phone.fake.time.advance(by: .seconds(400))
        #expect(await code { try await owner.refreshIfNeeded() } == "client.signed_out")
        #expect(phone.fake.wronglyUsedSessions == 1)
    }

    @Test("a restart of the server costs one more round, not the session")
    func restartedServer() async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.forgetNonces()
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        phone.fake.time.advance(by: .seconds(400))
        phone.fake.forgetNonces()
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        #expect(phone.fake.wronglyUsedSessions == 0)
    }

    @Test("the phone's wall clock means nothing", arguments: [Duration.days(3650), .days(-3650), .days(1), .days(-1)])
    func wallClock(off: Duration) async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.time.setWallClock(off: off)
        phone.fake.time.advance(by: .seconds(400))
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
        #expect(phone.fake.refreshes.rotations == 1)
    }
}

/// A network on which requests wait when the test says so.
private final class HeldTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let state = Mutex((isHeld: false, waiting: 0))

    init(_ base: any HTTPTransport) { self.base = base }

    /// From now on requests wait.
    func hold() { state.withLock { $0.isHeld = true } }

    /// Lets go what waits and what comes.
    func release() { state.withLock { $0.isHeld = false } }

    /// Returns when a request waits.
    func someoneWaits() async {
        while state.withLock({ $0.waiting == 0 }) { await Task.yield() }
    }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        state.withLock { $0.waiting += $0.isHeld ? 1 : 0 }
        while state.withLock({ $0.isHeld }) { await Task.yield() }
        return try await base.send(request)
    }
}
