import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Testing

@Suite("Ending and wiping")
struct EndingTests {
    let phone = Phone()
    let draft = VaultItem("draft", purpose: "unsent note")
    let settings = VaultItem("settings", purpose: "preferences", lifetime: .untilDeleted)

    private func filled() async throws -> (client: BucklerClient, session: BucklerSession) {
        let (client, session) = try await phone.signedIn()
        try await session.vault.save(SecretBytes([1]), as: draft)
        try await session.vault.save(SecretBytes([2]), as: settings)
        return (client, session)
    }

    private func itemCount() throws -> Int { try phone.device.secrets.names().count { $0.hasPrefix("item.") } }

    @Test("a signed notice with wipe destroys tokens and every item")
    func signedWipe() async throws {
        let (client, session) = try await filled()
        phone.fake.endSessions(reason: "ended_by_person")
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(await client.check() == .signedOut(.ended(reason: "ended_by_person")))
        #expect(try phone.device.secrets.names().allSatisfy { $0 == "install" })
    }

    @Test("a notice that comes with a refresh wipes as well")
    func noticeAtRefresh() async throws {
        let (client, _) = try await filled()
        phone.fake.endSessions()
        phone.fake.time.advance(by: .seconds(400))
        #expect(await code { try await client.refreshIfNeeded() } == "client.signed_out")
        #expect(try itemCount() == 0)
    }

    @Test("a refusal without notice drops the tokens and closes the vault, and destroys nothing")
    func refusalWithoutNotice() async throws {
        let (client, session) = try await filled()
        phone.fake.refuseWithoutNotice()
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(await client.check() == .signedOut(.refused))
        #expect(try itemCount() == 2)
        #expect(await code { _ = try await session.vault.read(draft) } == "client.signed_out")
        #expect(try !phone.device.secrets.names().contains { $0.hasPrefix("token.") })
    }

    @Test("the same account opens the closed vault again, another one destroys it")
    func closedVault() async throws {
        let (client, _) = try await filled()
        phone.fake.refuseWithoutNotice()
        _ = await code { try await client.refreshIfNeeded() }
        phone.fake.time.advance(by: .seconds(400))
        _ = await code { try await client.refreshIfNeeded() }
        let again = try await phone.signIn(client)
        #expect(try await again.vault.read(draft) == SecretBytes([1]))

        phone.fake.refuseWithoutNotice()
        phone.fake.time.advance(by: .seconds(400))
        _ = await code { try await client.refreshIfNeeded() }
        phone.fake.addAccount(email: "bob@example.com", password: "another horse battery")
        guard
            case .signedIn(let bob) = try await client.signIn(
                email: "bob@example.com", password: "another horse battery")
        else { throw Phone.Surprise.step }
        #expect(try await bob.vault.read(draft) == nil)
        #expect(try itemCount() == 0)
    }

    @Test("the upstream's own 401 reaches the app, even with our body: tokens and vault stay")
    func hostileUpstream() async throws {
        let (client, session) = try await filled()
        let body = #"{"code":"session.revoked","status":401,"session_end":"eyJhbGciOiJFUzI1NiJ9.e30.AAAA"}"#
        phone.fake.respond("GET", "/private") { _ in .json(body, status: 401) }
        #expect(await code { _ = try await session.api.get("/private", as: [String].self) } == "session.revoked")
        #expect(await client.check() == .signedIn(session))
        #expect(try itemCount() == 2)
        #expect(phone.fake.refreshes.requests == 0)
    }

    @Test("an unsigned refusal in our name costs one refresh, not the session")
    func forgedRefusal() async throws {
        let (client, session) = try await filled()
        phone.fake.respond("GET", "/private") { _ in
            FakeAnswer(status: 401, headers: [HeaderField("Buckler-Problem", "session.revoked")])
        }
        #expect(await code { _ = try await session.api.get("/private", as: [String].self) } != nil)
        #expect(phone.fake.refreshes.rotations == 1)
        #expect(await client.check() == .signedIn(session))
        #expect(try itemCount() == 2)
    }

    @Test("offline past the absolute deadline, items until sign-out are gone and the session is over")
    func offlineDeadline() async throws {
        let (client, session) = try await filled()
        phone.fake.goOffline()
        phone.fake.time.advance(by: .days(30) - .seconds(1))
        #expect(await client.check() == .locked)
        #expect(try itemCount() == 2)
        phone.fake.time.advance(by: .seconds(1))
        #expect(await client.check() == .signedOut(.deadlinePassed))
        #expect(try itemCount() == 1)
        #expect(await code { _ = try await session.vault.read(settings) } == "client.signed_out")
    }

    @Test("a closed vault keeps its deadline")
    func closedVaultDeadline() async throws {
        let (client, _) = try await filled()
        phone.fake.refuseWithoutNotice()
        phone.fake.time.advance(by: .seconds(400))
        _ = await code { try await client.refreshIfNeeded() }
        phone.fake.goOffline()
        phone.fake.time.advance(by: .days(31))
        await client.check()
        #expect(try itemCount() == 1)
    }

    @Test("setting the wall clock neither brings the deadline nearer nor puts it off", arguments: [3650, -3650])
    func wallClock(days: Int) async throws {
        let (client, session) = try await filled()
        phone.fake.time.setWallClock(off: .days(days))
        #expect(await client.check() == .signedIn(session))
        #expect(try itemCount() == 2)
        phone.fake.time.advance(by: .days(30))
        #expect(await client.check() == .signedOut(.deadlinePassed))
    }

    @Test("signing out tells the server, then forgets tokens and items until sign-out")
    func signOut() async throws {
        let (client, session) = try await filled()
        #expect(try await session.signOut() == .acknowledged)
        #expect(await client.check() == .signedOut(.byPerson))
        #expect(try itemCount() == 1)
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == "client.signed_out")
    }

    @Test("offline, signing out forgets all the same and says that the server does not know")
    func signOutOffline() async throws {
        let (client, session) = try await filled()
        phone.fake.goOffline()
        #expect(try await session.signOut() == .onlyHere)
        #expect(await client.check() == .signedOut(.byPerson))
        #expect(try itemCount() == 1)
    }

    @Test("a wipe killed at any step is finished by the next start", arguments: [false, true])
    func killedWipe(diesAfterEffect: Bool) async throws {
        for operations in 0..<80 {
            let phone = Phone()
            let (_, session) = try await phone.signedIn()
            try await session.vault.save(SecretBytes([1]), as: draft)
            phone.fake.endSessions()
            let mortal = MortalStore(phone.device.secrets, operations: operations, diesAfterEffect: diesAfterEffect)
            var dying = phone.device
            dying.secrets = mortal
            let victim = try phone.fake.client(on: dying)
            if let session = await victim.session() {
                _ = await code { _ = try await session.api.get("/notes", as: [String].self) }
            }
            let next = try phone.fake.client(on: phone.device)
            if let session = await next.session() {
                _ = await code { _ = try await session.api.get("/notes", as: [String].self) }
            }
            #expect(await next.check() == .signedOut(.ended(reason: "ended_by_person")), "killed at \(operations)")
            #expect(try phone.device.secrets.names().allSatisfy { $0 == "install" }, "killed at \(operations)")
            if !mortal.isDead { return }
        }
        Issue.record("the wipe takes more than eighty operations")
    }

    @Test("the network never signs anybody out", arguments: 0..<6)
    func neverByNetwork(losses: Int) async throws {
        let (client, session) = try await phone.signedIn()
        phone.fake.time.advance(by: .seconds(400))
        if losses == 5 { phone.fake.goOffline() } else { phone.fake.loseAnswers(losses) }
        for _ in 0..<losses {
            let outcome = await code { _ = try await session.api.get("/notes", as: [String].self) }
            #expect(outcome == nil || outcome == "client.offline")
            #expect(await client.check() == .signedIn(session))
        }
        phone.fake.goOnline()
        phone.fake.loseAnswers(0)
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
    }

    @Test("items that cannot be read now are destroyed by their names all the same")
    func wipesClosedItems() async throws {
        let (client, session) = try await filled()
        var closed = phone.device
        closed.secrets = ClosedItemsStore(phone.device.secrets)
        let background = try phone.fake.client(on: closed)
        phone.fake.endSessions(reason: "idle")
        phone.fake.time.advance(by: .seconds(400))
        #expect(await code { try await background.refreshIfNeeded() } == "client.signed_out")
        #expect(try itemCount() == 1)
        #expect(await client.check() == .signedOut(.ended(reason: "idle")))
        #expect(await code { _ = try await session.vault.read(settings) } == "client.signed_out")
    }
}

/// The Keychain behind a locked screen: items of the app are closed, tokens are not.
private struct ClosedItemsStore: SecretStore {
    let base: any SecretStore

    init(_ base: any SecretStore) { self.base = base }

    func checkReadable() throws(SecretStoreError) { try base.checkReadable() }
    func names() throws(SecretStoreError) -> [String] { try base.names() }
    func read(_ name: String) throws(SecretStoreError) -> SecretBytes? {
        if name.hasPrefix("item.") { throw .locked }
        return try base.read(name)
    }
    func add(_ name: String, _ value: SecretBytes, protection: ItemProtection) throws(SecretStoreError) -> Bool {
        try base.add(name, value, protection: protection)
    }
    func delete(_ name: String) throws(SecretStoreError) { try base.delete(name) }
}
