import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Synchronization
import Testing

@Suite("Locking and activity")
struct LockTests {
    let phone = Phone()
    let draft = VaultItem("draft", purpose: "unsent note")

    @Test("after fifteen minutes without a touch the app locks, and not a second before")
    func autoLock() async throws {
        let (client, session) = try await phone.signedIn()
        phone.fake.time.advance(by: .seconds(899))
        #expect(await client.check() == .signedIn(session))
        phone.fake.time.advance(by: .seconds(1))
        #expect(await client.check() == .locked)
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == "client.locked")
        #expect(await code { _ = try await session.vault.read(draft) } == "client.locked")
    }

    @Test("touches put the lock off")
    func touches() async throws {
        let (client, session) = try await phone.signedIn()
        for _ in 0..<10 {
            phone.fake.time.advance(by: .minutes(10))
            await client.noteActivity()
        }
        #expect(await client.check() == .signedIn(session))
    }

    @Test("a touch after the limit shows the lock, it does not set the clock back")
    func lateTouch() async throws {
        let (client, _) = try await phone.signedIn()
        phone.fake.time.advance(by: .minutes(15))
        await client.noteActivity()
        #expect(await client.check() == .locked)
    }

    @Test("calls and refreshes are no activity")
    func callsAreNoActivity() async throws {
        let (client, session) = try await phone.signedIn()
        for _ in 0..<4 {
            phone.fake.time.advance(by: .seconds(220))
            _ = try await session.api.get("/notes", as: [String].self)
        }
        phone.fake.time.advance(by: .seconds(20))
        #expect(await client.check() == .locked)
        try await client.refreshIfNeeded()
        #expect(await client.check() == .locked)
    }

    @Test("unlocking asks the person; who does not confirm stays out")
    func unlock() async throws {
        var phone = phone
        phone.device.presence = ClosurePresence { _ in false }
        let (client, _) = try await phone.signedIn()
        await client.lock()
        #expect(await client.check() == .locked)
        #expect(await code { try await client.unlock(reason: "Notes") } == "client.locked")

        phone.device.presence = ClosurePresence { $0 == "Notes" }
        let next = try phone.fake.client(on: phone.device)
        #expect(await next.check() == .locked)
        try await next.unlock(reason: "Notes")
        #expect(await next.session() != nil)
    }

    @Test("a lock that cannot be written holds in its process, through every check, until the person confirms")
    func unwritableLock() async throws {
        var phone = phone
        let files = FaultyFiles(phone.device.files)
        phone.device.files = files
        let (client, session) = try await phone.signedIn()
        files.writeError.withLock { $0 = .platform(status: 28) }
        await client.lock()
        #expect(await client.check() == .locked)
        #expect(await code { _ = try await session.vault.read(draft) } == "client.locked")
        files.writeError.withLock { $0 = nil }
        try await client.unlock(reason: "Notes")
        #expect(await client.check() == .signedIn(session))
    }

    @Test("a lock that cannot be looked for counts as locked")
    func unreadableLock() async throws {
        var phone = phone
        let files = FaultyFiles(phone.device.files)
        phone.device.files = files
        let (client, session) = try await phone.signedIn()
        files.readError.withLock { $0 = .platform(status: 5) }
        #expect(await code { _ = try await session.vault.read(draft) } != nil)
        files.readError.withLock { $0 = nil }
        #expect(await client.check() == .signedIn(session))
    }

    @Test("the lock survives the process, and a restart of the device keeps counting by the wall clock")
    func survives() async throws {
        _ = try await phone.signedIn()
        phone.fake.time.restartDevices()
        phone.fake.time.advance(by: .minutes(10))
        #expect(try await phone.fake.client(on: phone.device).session() != nil)
        phone.fake.time.advance(by: .minutes(6))
        #expect(try await phone.fake.client(on: phone.device).check() == .locked)
    }

    @Test("after a restart, a wall clock that was put back locks")
    func wallClockBack() async throws {
        _ = try await phone.signedIn()
        phone.fake.time.restartDevices()
        phone.fake.time.setWallClock(off: .days(-1))
        #expect(try await phone.fake.client(on: phone.device).check() == .locked)
    }

    @Test("silent refreshes with a growing user_idle end at exactly the idle timeout")
    func serverIdle() async throws {
        let (client, _) = try await phone.signedIn()
        phone.fake.time.advance(by: .days(14) - .seconds(1))
        try await client.refreshIfNeeded()
        phone.fake.time.advance(by: .seconds(1))
        #expect(await code { try await client.refreshIfNeeded() } == nil)  // the access token still lives
        phone.fake.time.advance(by: .seconds(300))
        #expect(await code { try await client.refreshIfNeeded() } == "client.signed_out")
    }
}
