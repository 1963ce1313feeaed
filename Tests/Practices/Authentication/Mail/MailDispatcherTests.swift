import BucklerPrimitives
import BucklerSecurityEvents
import SQLiteDriver
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Authentication

@Suite("Mail dispatcher")
struct MailDispatcherTests {
    @Test("mails leave in the order in which they were queued, and nothing is left")
    func order() async throws {
        let office = try PostOffice()
        for index in 0..<5 { try await office.queue("person\(index)@example.org") }
        let pass = try await office.dispatcher.drain()
        #expect(pass == MailPass(delivered: 5))
        #expect(office.transport.delivered == (0..<5).map { "person\($0)@example.org" })
        #expect(try await office.counts() == [0, 0])
    }

    @Test("a mail whose transaction was rolled back never leaves")
    func rollback() async throws {
        let office = try PostOffice()
        let mail = try office.mail("ann@example.org")
        await #expect(throws: StoreError.conflict) {
            try await office.store.write { transaction in
                try transaction.enqueue(mail: mail)
                throw StoreError.conflict
            }
        }
        #expect(try await office.dispatcher.drain() == MailPass())
    }

    @Test("without a connection the whole queue waits and keeps its order, longer after each failure")
    func outage() async throws {
        let office = try PostOffice(faults: Array(repeating: .temporary(MailFault(libraryCode: 7)), count: 4))
        for index in 0..<3 { try await office.queue("person\(index)@example.org") }
        for pause in [5, 15, 45, 60] {
            let pass = try await office.dispatcher.drain()
            #expect(pass.isPaused && pass.postponed == 1 && pass.delivered == 0)
            #expect(pass.resumeAt == office.clock.now + .seconds(pause))
            office.clock.advance(by: .seconds(pause))
        }
        #expect(try await office.dispatcher.drain().delivered == 3)
        #expect(office.transport.delivered == (0..<3).map { "person\($0)@example.org" })
        #expect(try await office.eventReasons() == ["mail.undeliverable"])
    }

    @Test("after hours without a station a code that is queued now leaves within a minute of its return")
    func longOutage() async throws {
        let office = try PostOffice(faults: Array(repeating: .temporary(MailFault(libraryCode: 7)), count: 200))
        try await office.queue("ann@example.org")
        for _ in 0..<199 {
            let pass = try await office.dispatcher.drain()
            let wait = try #require(pass.resumeAt) - office.clock.now
            #expect(wait <= .minutes(1))
            office.clock.advance(by: wait)
        }
        try await office.queue("bea@example.org")
        let resumeAt = try #require(try await office.dispatcher.drain().resumeAt)
        #expect(resumeAt <= office.clock.now + .minutes(1))
        office.clock.set(resumeAt)
        #expect(try await office.dispatcher.drain().delivered == 2)
        #expect(office.transport.delivered == ["ann@example.org", "bea@example.org"])
    }

    @Test("a temporary refusal of one mail lets the others go on")
    func greylisting() async throws {
        let office = try PostOffice(faults: [.temporary(MailFault(replyCode: 451))])
        for index in 0..<3 { try await office.queue("person\(index)@example.org") }
        let pass = try await office.dispatcher.drain()
        #expect(pass.delivered == 2 && pass.postponed == 1 && !pass.isPaused)
        #expect(pass.nextDue == office.clock.now + .seconds(5))
        #expect(try await office.dispatcher.drain().delivered == 0)
        office.clock.advance(by: .seconds(5))
        #expect(try await office.dispatcher.drain().delivered == 1)
    }

    @Test("a mail that the station refuses for good is parked without content and reported")
    func poison() async throws {
        let office = try PostOffice(faults: [.refused(MailFault(replyCode: 550))])
        try await office.queue("nobody@example.org")
        try await office.queue("ann@example.org")
        let pass = try await office.dispatcher.drain()
        #expect(pass.parked == 1 && pass.delivered == 1)
        #expect(try await office.counts() == [0, 1])
        #expect(try await office.eventReasons() == ["mail.refused"])
        let sizes = try await office.database.database.read {
            try $0.query("SELECT length(content_sealed) FROM mail_outbox")[0].integer(0)
        }
        #expect(sizes == 0)
        office.clock.advance(by: .days(31))
        _ = try await office.dispatcher.drain()
        #expect(try await office.counts() == [0, 0])
    }

    @Test("wrong settings of our own pause the queue; after a day a mail is given up")
    func misconfigured() async throws {
        let office = try PostOffice(faults: Array(repeating: .misconfigured(MailFault(libraryCode: 60)), count: 2))
        try await office.queue("ann@example.org")
        #expect(try await office.dispatcher.drain().isPaused)
        office.clock.advance(by: .hours(24))
        #expect(try await office.dispatcher.drain().parked == 1)
        #expect(try await office.eventReasons() == ["mail.misconfigured", "mail.misconfigured"])
    }

    @Test("a content that was changed in the database is parked and reported, not sent")
    func changedContent() async throws {
        let office = try PostOffice()
        try await office.queue("ann@example.org")
        try await office.queue("eve@example.org")
        try await office.database.database.write {
            try $0.execute(
                """
                UPDATE mail_outbox SET content_sealed = (SELECT content_sealed FROM mail_outbox WHERE turn = 2)
                WHERE turn = 1
                """
            )
        }
        let pass = try await office.dispatcher.drain()
        #expect(pass.parked == 1 && pass.delivered == 1)
        #expect(office.transport.delivered == ["eve@example.org"])
        #expect(try await office.eventReasons() == ["mail.unreadable"])
    }

    @Test(
        "whatever fails between delivery and removal, every mail arrives at least once, with one identifier",
        arguments: 0..<30 as Range<UInt64>)
    func atLeastOnce(seed: UInt64) async throws {
        let office = try PostOffice()
        for index in 0..<8 { try await office.queue("person\(index)@example.org") }
        let entropy = Entropy.seeded(seed)
        let flaky = MailDispatcher(
            store: FlakyStore(office.store, entropy: entropy),
            transport: FlakyTransport(office.transport, entropy: entropy),
            clock: office.clock.clock, entropy: entropy)
        for _ in 0..<400 {
            _ = try? await flaky.drain()
            office.clock.advance(by: .minutes(2))
            if try await office.counts()[0] == 0 { break }
        }
        #expect(try await office.counts() == [0, 0])
        #expect(Set(office.transport.delivered).count == 8)
        let identifiers = Dictionary(grouping: office.transport.identifiers, by: \.recipient).mapValues {
            Set($0.map(\.id)).count
        }
        #expect(identifiers.values.allSatisfy { $0 == 1 })
    }

    @Test("the pauses grow threefold up to an hour")
    func pauses() {
        let policy = MailRetryPolicy()
        #expect(
            (1...8).map { policy.pause(afterFailures: $0).wholeSeconds } == [5, 15, 45, 135, 405, 1215, 3600, 3600])
        #expect(policy.pause(afterFailures: 1_000_000) == .hours(1))
    }

    @Test("a cancelled pass leaves the mail as it was")
    func cancelled() async throws {
        let office = try PostOffice(faults: [.cancelled])
        try await office.queue("ann@example.org")
        #expect(try await office.dispatcher.drain().isPaused)
        #expect(try await office.counts() == [1, 0])
        #expect(try await office.dispatcher.drain().delivered == 1)
    }

    @Test("the loop drains, sleeps, survives a failing store and ends with its pause")
    func loop() async throws {
        let office = try PostOffice()
        try await office.queue("ann@example.org")
        let rounds = Mutex(0)
        await office.dispatcher.run { _ in
            let round = rounds.withLock { count in
                count += 1
                return count
            }
            if round == 3 { throw CancellationError() }
        }
        #expect(office.transport.delivered == ["ann@example.org"])
        #expect(rounds.withLock { $0 } == 3)
    }
}

/// A queue in a database of its own, and a transport that notes what it took.
private struct PostOffice {
    let database: TemporaryDatabase
    let store: AuthenticationRepository
    let clock = ManualClock()
    let transport: NotingTransport
    let dispatcher: MailDispatcher

    init(faults: [MailError] = []) throws {
        database = try TemporaryDatabase()
        let keys = TestKeys()
        store = AuthenticationRepository(
            database: database.database, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: clock.clock,
            entropy: .seeded(21))
        transport = NotingTransport(faults: faults)
        dispatcher = MailDispatcher(store: store, transport: transport, clock: clock.clock, entropy: .seeded(22))
    }

    func mail(_ address: String) throws -> MailMessage {
        MailTemplates(serviceName: MailHeaderText("Notes")).verifyAddress(
            try Email(parsing: address), code: SecretString("123456"))
    }

    func queue(_ address: String) async throws {
        let mail = try mail(address)
        try await store.write { try $0.enqueue(mail: mail) }
    }

    func counts() async throws -> [Int] {
        let counts = try await store.read { try $0.mailCounts() }
        return [counts.waiting, counts.parked]
    }

    func eventReasons() async throws -> [String] {
        let rows = try await database.database.read {
            try $0.query("SELECT payload FROM security_event WHERE name = 'sys_mail_fail' ORDER BY seq")
        }
        return try rows.map { row in
            try #require(try StrictJSON.parseObject(Array(row.text(0).utf8))["reason"]?.string)
        }
    }
}

private final class NotingTransport: MailTransport {
    private let state: Mutex<(faults: [MailError], taken: [(recipient: String, id: MailID)])>

    init(faults: [MailError]) { state = Mutex((faults, [])) }

    var delivered: [String] { state.withLock { $0.taken.map(\.recipient) } }
    var identifiers: [(recipient: String, id: MailID)] { state.withLock { $0.taken } }

    func deliver(_ mail: OutgoingMail) async throws(MailError) {
        let fault: MailError? = state.withLock { state in
            if !state.faults.isEmpty { return state.faults.removeFirst() }
            state.taken.append((mail.message.recipient.canonical, mail.id))
            return nil
        }
        if let fault { throw fault }
    }
}

/// Loses connections before and after the mail was taken.
private struct FlakyTransport: MailTransport {
    let inner: NotingTransport
    let entropy: Entropy

    init(_ inner: NotingTransport, entropy: Entropy) {
        self.inner = inner
        self.entropy = entropy
    }

    func deliver(_ mail: OutgoingMail) async throws(MailError) {
        switch entropy.integer(below: 4) {
        case 0: throw .temporary(MailFault(libraryCode: 7))
        case 1:
            try await inner.deliver(mail)
            throw .temporary(MailFault(libraryCode: 56))
        default: try await inner.deliver(mail)
        }
    }
}

/// Refuses one call in three, as a full disk or a crash before the commit would.
private struct FlakyStore: AuthenticationStore {
    let inner: AuthenticationRepository
    let entropy: Entropy

    init(_ inner: AuthenticationRepository, entropy: Entropy) {
        self.inner = inner
        self.entropy = entropy
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result { try await inner.read(body) }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(StoreError) -> Result {
        if entropy.integer(below: 3) == 0 { throw .unavailable }
        return try await inner.write(body)
    }
}
