import Authentication
import BucklerPrimitives
import Storage
import TestSupport
import Testing

/// What a store of accounts promises about further addresses, over every engine.
@Suite("Contact store contract", .timeLimit(.minutes(5)))
struct ContactStoreContract {
    @Test("what an account knows beside its address comes back whole, and changes nothing else", arguments: Backend.all)
    func kept(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org", factors: 1, codes: 10)
            #expect(ann.contacts == AccountContacts())
            let contacts = try Self.contacts(at: fixture.clock.now)
            try await fixture.write { try $0.setContacts(contacts, address: nil, of: ann) }
            let read = try #require(try await fixture.read { try $0.account(ann.id) })
            #expect(read.contacts == contacts && read.email == ann.email)
            #expect(read.factors == ann.factors && read.recoveryCodesLeft == 10)
            #expect(read.passwordGeneration == ann.passwordGeneration)
            try await fixture.write { try $0.setContacts(AccountContacts(), address: nil, of: read) }
            #expect(try await fixture.read { try $0.account(ann.id) }?.contacts == AccountContacts())
        }
    }

    @Test("a new address leads to the account, and the one before to nothing but its undo", arguments: Backend.all)
    func changed(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org")
            let (now, new) = (fixture.clock.now, try Email(parsing: "new@example.org"))
            try await fixture.write { transaction in
                var contacts = AccountContacts()
                contacts.note(.init(email: ann.email, replacedAt: now))
                try transaction.setContacts(contacts, address: new, of: ann)
            }
            #expect(try await fixture.read { try $0.findAccount(new) }?.id == ann.id)
            #expect(try await fixture.read { try $0.findAccount(ann.email) } == nil)
            let last = now + .days(7) - .milliseconds(1)
            #expect(try await fixture.read { try $0.findAccount(formerly: ann.email, at: last) }?.id == ann.id)
            #expect(try await fixture.read { try $0.findAccount(formerly: ann.email, at: now + .days(7)) } == nil)
            #expect(try await fixture.read { try $0.findAccount(formerly: new, at: now) } == nil)
            let known = try await fixture.statements { _ = try $0.findAccount(formerly: ann.email, at: now) }
            let unknown = try await fixture.statements { _ = try $0.findAccount(formerly: new, at: now) }
            #expect(known == unknown && known.count == 4)
        }
    }

    @Test("an address that is another account's is a conflict, and nothing is changed", arguments: Backend.all)
    func taken(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org")
            let bob = try await fixture.makeAccount("bob@example.org")
            let contacts = try Self.contacts(at: fixture.clock.now)
            await #expect(throws: StoreError.conflict) {
                try await fixture.write { try $0.setContacts(contacts, address: bob.email, of: ann) }
            }
            let read = try await fixture.read { try $0.account(ann.id) }
            #expect(read?.email == ann.email && read?.contacts == AccountContacts())
        }
    }

    @Test("of 20 accounts that take one address at once, one has it", arguments: Backend.all)
    func race(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            var accounts: [AccountRecord] = []
            for number in 0..<20 { accounts.append(try await fixture.makeAccount("person\(number)@example.org")) }
            let (people, new) = (accounts, try Email(parsing: "new@example.org"))
            let answers = await concurrently(20) { index in
                await outcome { () async throws(StoreError) in
                    try await fixture.write { try $0.setContacts(AccountContacts(), address: new, of: people[index]) }
                }
            }
            #expect(answers.count { if case .success = $0 { true } else { false } } == 1)
            #expect(answers.count { if case .failure(.conflict) = $0 { true } else { false } } == 19)
        }
    }

    @Test("a change made for an older address is a conflict", arguments: Backend.all)
    func outdated(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org")
            let (first, second) = (try Email(parsing: "a@example.org"), try Email(parsing: "b@example.org"))
            try await fixture.write { try $0.setContacts(AccountContacts(), address: first, of: ann) }
            await #expect(throws: StoreError.conflict) {
                try await fixture.write { try $0.setContacts(AccountContacts(), address: second, of: ann) }
            }
        }
    }

    @Test("of two accounts that left one address, the newest change is undone first", arguments: Backend.all)
    func twoFormers(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let shared = try Email(parsing: "shared@example.org")
            let now = fixture.clock.now
            var ids: [AccountID] = []
            for number in 0..<2 {
                let record = try await fixture.makeAccount("person\(number)@example.org")
                try await fixture.write { transaction in
                    var contacts = AccountContacts()
                    contacts.note(.init(email: shared, replacedAt: now + .hours(number)))
                    try transaction.setContacts(contacts, address: nil, of: record)
                }
                ids.append(record.id)
            }
            #expect(try await fixture.read { try $0.findAccount(formerly: shared, at: now) }?.id == ids[1])
        }
    }

    @Test("what is over is forgotten, and nothing else", arguments: Backend.all)
    func forgotten(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org")
            try await fixture.makeAccount("bob@example.org")
            let now = fixture.clock.now
            let contacts = try Self.contacts(at: now)
            try await fixture.write { try $0.setContacts(contacts, address: nil, of: ann) }
            let early = now + .minutes(10) - .milliseconds(1)
            #expect(try await fixture.read { try $0.accountsWithOldContacts(at: early, limit: 10) } == [])
            for (instant, formers) in [(now + .minutes(10), 1), (now + .days(7), 0)] {
                #expect(try await fixture.read { try $0.accountsWithOldContacts(at: instant, limit: 10) } == [ann.id])
                try await fixture.write { try $0.forgetOldContacts(of: ann.id, at: instant) }
                let read = try #require(try await fixture.read { try $0.account(ann.id) })
                #expect(read.contacts.pending == nil && read.contacts.formers.count == formers)
                #expect(read.contacts.second == contacts.second)
            }
            let rows = try await fixture.database.read {
                try $0.query("SELECT COUNT(*) FROM former_address")[0].integer(0)
            }
            #expect(rows == 0)
            #expect(try await fixture.read { try $0.accountsWithOldContacts(at: now + .days(9), limit: 10) } == [])
        }
    }

    private static func contacts(at now: Timestamp) throws -> AccountContacts {
        var contacts = AccountContacts()
        contacts.second = try Email(parsing: "spare@example.org")
        contacts.pending = .init(
            email: try Email(parsing: "next@example.org"), purpose: .notify, code: SecretString("ABCD-EFGH"),
            startedAt: now)
        contacts.note(.init(email: try Email(parsing: "old@example.org"), replacedAt: now))
        return contacts
    }
}
