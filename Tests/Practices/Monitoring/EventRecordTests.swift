import BucklerPrimitives
import BucklerSecurityEvents
import Monitoring
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("Event record", .timeLimit(.minutes(5)))
struct EventRecordTests {
    let account = AccountID.random(.seeded(1))
    let session = SessionID.random(.seeded(2))

    func event(_ number: Int, _ name: EventName = .loginFail, account: AccountID? = nil, session: SessionID? = nil)
        -> SecurityEvent
    {
        SecurityEvent(
            id: .random(.seeded(UInt64(number) + 1000)), name: name, reason: EventReason("auth.password.mismatch"),
            at: Timestamp(milliseconds: 1_767_225_600_000 + Int64(number)), account: account, session: session)
    }

    @Test("the JSON form has the documented names, in order, and nothing else")
    func jsonForm() async throws {
        let (database, repository) = try Self.record()
        let entropy = Entropy.seeded(9)
        let full = SecurityEvent(
            id: .random(entropy), name: .sessionRevoked, reason: EventReason("session.fork"),
            at: Timestamp(milliseconds: 1_767_225_600_123),
            origin: EventOrigin(request: .random(entropy), sourceTag: SourceTag(entropy.bytes(32))),
            account: .random(entropy), session: .random(entropy), device: .random(entropy),
            client: ClientID(parsing: "notes-ios"),
            details: [.count("attempts", 3), .word("kind", "totp"), .seconds("wait", 60)])
        try await repository.append([full])
        let stored = try #require(
            try await repository.events(after: 0, matching: EventFilter(), limit: 10).events.first)
        let json = stored.json
        #expect(
            json.names == [
                "seq", "time", "event", "account", "id", "reason", "session", "device", "client", "request", "source",
                "details",
            ])
        #expect(json["seq"] == 1)
        #expect(json["time"] == "2026-01-01T00:00:00.123Z")
        #expect(json["event"] == "session_revoked")
        #expect(json["reason"] == "session.fork")
        #expect(json["client"] == "notes-ios")
        #expect(json["source"]?.string?.count == 16)
        #expect(json["details"] == ["attempts": 3, "kind": "totp", "wait": 60])
        #expect(stored.session == full.session)
        withExtendedLifetime(database) {}
    }

    @Test("an event without subject has only what it needs")
    func smallForm() async throws {
        let (database, repository) = try Self.record()
        let small = SecurityEvent(id: .random(.seeded(1)), name: .systemStartup, at: Timestamp(seconds: 0))
        try await repository.append([small])
        let stored = try #require(try await repository.events(after: 0, matching: EventFilter(), limit: 1).events.first)
        #expect(stored.json.names == ["seq", "time", "event", "id"])
        withExtendedLifetime(database) {}
    }

    @Test("an event is kept with its change, and lost with it")
    func atomic() async throws {
        let (database, repository) = try Self.record()
        let event = event(1)
        await #expect(throws: StoreError.conflict) {
            try await database.database.write { connection in
                try EventRows.insert(event, connection)
                throw StoreError.conflict
            }
        }
        #expect(try await repository.lastSequence() == 0)
        try await database.database.write { try EventRows.insert(event, $0) }
        #expect(try await repository.lastSequence() == 1)
    }

    @Test("filters by name, account and session, in order, in pages")
    func filters() async throws {
        let (database, repository) = try Self.record()
        try await repository.append(
            (0..<700).map { number in
                event(
                    number, number % 7 == 0 ? .loginSuccess : .loginFail, account: number % 5 == 0 ? account : nil,
                    session: number % 3 == 0 ? session : nil)
            })
        func numbers(_ filter: EventFilter, after: Int64 = 0, limit: Int = 1000) async throws -> [Int64] {
            try await repository.events(after: after, matching: filter, limit: limit).events.map { $0.sequence - 1 }
        }
        #expect(try await numbers(EventFilter()) == Array(0..<700))
        #expect(try await numbers(EventFilter(), after: 690) == Array(690..<700))
        #expect(try await numbers(EventFilter(), limit: 3) == [0, 1, 2])
        #expect(try await numbers(EventFilter(names: [.loginSuccess])) == (0..<700).filter { $0 % 7 == 0 })
        #expect(try await numbers(EventFilter(account: account)) == (0..<700).filter { $0 % 5 == 0 })
        #expect(try await numbers(EventFilter(session: session)) == (0..<700).filter { $0 % 3 == 0 })
        #expect(
            try await numbers(EventFilter(names: [.loginSuccess], account: account, session: session))
                == (0..<700).filter { $0 % 105 == 0 })
        #expect(try await numbers(EventFilter(names: [.userDeleted])) == [])
        withExtendedLifetime(database) {}
    }

    @Test("removing old events never frees a sequence number")
    func retention() async throws {
        let (database, repository) = try Self.record()
        try await repository.append((0..<10).map { event($0) })
        let deadline = Timestamp(milliseconds: 1_767_225_600_000 + 100)
        #expect(try await repository.removeEvents(before: deadline, limit: 4) == 4)
        #expect(try await repository.removeEvents(before: deadline, limit: 100) == 5)
        #expect(try await repository.removeEvents(before: deadline, limit: 100) == 0)
        try await repository.append([event(11)])
        #expect(try await repository.lastSequence() == 11)
        withExtendedLifetime(database) {}
    }

    @Test("a tail gives what was there and everything that is committed later, in order")
    func tail() async throws {
        let signal = CommitSignal()
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(folder: folder.path + "/data", onCommit: { signal.wake() })
        let repository = EventRepository(database: database)
        try await repository.append((0..<3).map { event($0) })
        let reader = Task {
            var seen: [Int64] = []
            for try await event in EventTail(repository, signal: signal, after: 1) {
                seen.append(event.sequence)
                if seen.count == 602 { break }
            }
            return seen
        }
        for start in stride(from: 3, to: 603, by: 50) {
            try await repository.append((start..<start + 50).map { event($0) })
        }
        #expect(try await reader.value == Array(2...603))
        await database.close()
    }

    @Test("a tail ends with the signal, and with its task", arguments: [true, false])
    func tailEnds(bySignal: Bool) async throws {
        let signal = CommitSignal()
        let (database, repository) = try Self.record()
        let reader = Task {
            var count = 0
            for try await _ in EventTail(repository, signal: signal, after: 0) { count += 1 }
            return count
        }
        while signal.listenerCount == 0 { await Task.yield() }
        if bySignal { signal.finish() } else { reader.cancel() }
        let result = await reader.result
        switch result {
        case .success(let count): #expect(count == 0)
        case .failure(let error): #expect(error as? StoreError == .cancelled)
        }
        while signal.listenerCount > 0 { await Task.yield() }
        withExtendedLifetime(database) {}
    }

    private static func record() throws -> (TemporaryDatabase, EventRepository) {
        let database = try TemporaryDatabase()
        return (database, EventRepository(database: database.database))
    }
}
