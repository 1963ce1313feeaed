import Authentication
import BucklerPrimitives
import Storage
import TestSupport
import Testing

@Suite("Account rows under a database writer", .timeLimit(.minutes(5)))
struct AccountTamperingTests {
    /// What an insider does to the tables, with Ann as the victim (`$0`) and Eve as himself (`$1`).
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let table: String
        let statement: @Sendable (AccountRecord, AccountRecord) -> SQL
    }

    static let attacks: [Attack] = [
        Attack(testDescription: "own password over the victim's", table: "account") { ann, eve in
            """
            UPDATE account SET password_sealed = (SELECT password_sealed FROM account WHERE id = \(eve.id))
            WHERE id = \(ann.id)
            """
        },
        Attack(testDescription: "own state over the victim's", table: "account") { ann, eve in
            """
            UPDATE account SET state_sealed = (SELECT state_sealed FROM account WHERE id = \(eve.id))
            WHERE id = \(ann.id)
            """
        },
        Attack(testDescription: "own address over the victim's", table: "account") { ann, eve in
            """
            UPDATE account SET email_sealed = (SELECT email_sealed FROM account WHERE id = \(eve.id))
            WHERE id = \(ann.id)
            """
        },
        Attack(testDescription: "a column into another of the same row", table: "account") { ann, _ in
            "UPDATE account SET password_sealed = state_sealed WHERE id = \(ann.id)"
        },
        Attack(testDescription: "emptied columns", table: "account") { ann, _ in
            "UPDATE account SET state_sealed = \([UInt8]()) WHERE id = \(ann.id)"
        },
        Attack(testDescription: "own data key over the victim's", table: "account_key") { ann, eve in
            """
            UPDATE account_key SET wrapped = (SELECT wrapped FROM account_key WHERE account = \(eve.id))
            WHERE account = \(ann.id)
            """
        },
        Attack(testDescription: "the data key deleted", table: "account_key") { ann, _ in
            "DELETE FROM account_key WHERE account = \(ann.id)"
        },
        Attack(testDescription: "a factor deleted", table: "factor") { ann, _ in
            "DELETE FROM factor WHERE id = \(ann.factors[0].id)"
        },
        Attack(testDescription: "all factors deleted", table: "factor") { ann, _ in
            "DELETE FROM factor WHERE account_id = \(ann.id)"
        },
        Attack(testDescription: "a factor made pending", table: "factor") { ann, _ in
            "UPDATE factor SET is_confirmed = 0 WHERE id = \(ann.factors[0].id)"
        },
        Attack(testDescription: "own seed into the victim's factor", table: "factor") { ann, eve in
            """
            UPDATE factor SET secret_sealed = (SELECT secret_sealed FROM factor WHERE id = \(eve.factors[0].id))
            WHERE id = \(ann.factors[0].id)
            """
        },
        Attack(testDescription: "own factor handed to the victim", table: "factor") { ann, eve in
            "UPDATE factor SET account_id = \(ann.id) WHERE id = \(eve.factors[0].id)"
        },
        Attack(testDescription: "the last time step set back", table: "factor") { ann, _ in
            "UPDATE factor SET last_step = 0 WHERE id = \(ann.factors[0].id)"
        },
        Attack(testDescription: "a recovery code deleted", table: "recovery_code") { ann, _ in
            "DELETE FROM recovery_code WHERE account_id = \(ann.id) AND position = 4"
        },
        Attack(testDescription: "codes said to be of another set", table: "recovery_code") { ann, _ in
            "UPDATE recovery_code SET code_set = 7 WHERE account_id = \(ann.id)"
        },
    ]

    @Test("what was moved, changed or deleted is refused and reported", arguments: Backend.all, attacks)
    func refused(backend: Backend, attack: Attack) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org", factors: 2, codes: 10)
            let eve = try await fixture.makeAccount("eve@example.org", factors: 1, codes: 10)
            #expect(try await fixture.tamper(attack.statement(ann, eve)) > 0)
            for look in [{ @Sendable in try $0.account(ann.id) }, { @Sendable in try $0.findAccount(ann.email) }]
                as [@Sendable (any AuthenticationTransaction) throws -> AccountRecord?]
            {
                await #expect(throws: StoreError.tampered(table: attack.table)) { try await fixture.read(look) }
            }
            let events = try await fixture.integrityEvents()
            #expect(events.count == 2)
            #expect(events.allSatisfy { $0.payload.contains("integrity.\(attack.table)") })
            if attack.table != "account_key" || attack.testDescription.contains("deleted") {
                #expect(events.allSatisfy { $0.account == ann.id })
            }
        }
    }

    @Test("a recovery's hold cannot be brought about, taken from another account or moved", arguments: Backend.all)
    func hold(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org", factors: 1).id
            let eve = try await fixture.makeAccount("eve@example.org", factors: 1).id
            let hold = RecoveryHold(startedAt: fixture.clock.now - RecoveryHold.length)
            #expect(try await fixture.write { try $0.replaceHold(nil, by: hold, of: eve) })
            let own = try await fixture.database.read {
                try $0.query("SELECT state_sealed FROM account WHERE id = \(ann)")[0].blob(0)
            }
            try await fixture.tamper(
                "UPDATE account SET state_sealed = (SELECT state_sealed FROM account WHERE id = \(eve)) WHERE id = \(ann)"
            )
            await #expect(throws: StoreError.tampered(table: "account")) {
                try await fixture.read { try $0.account(ann) }
            }
            // Not a bit of a hold can be set, and none of an own one can be moved.
            for byte in own.indices.suffix(28) {
                var changed = own
                changed[byte] ^= 1
                let forged = changed
                try await fixture.tamper("UPDATE account SET state_sealed = \(forged) WHERE id = \(ann)")
                await #expect(throws: StoreError.tampered(table: "account")) {
                    try await fixture.read { try $0.account(ann) }
                }
            }
            try await fixture.tamper("UPDATE account SET state_sealed = \(own) WHERE id = \(ann)")
            #expect(try await fixture.read { try $0.account(ann) }?.hold == nil)
            // Only the hold that is named is replaced or completed.
            #expect(try await fixture.write { try $0.replaceHold(hold, by: nil, of: ann) } == false)
            let now = fixture.clock.now
            await #expect(throws: StoreError.conflict) {
                try await fixture.write {
                    try $0.completeRecovery(
                        hold, of: ann, verifier: SecretString("$argon2id$new"), class: .standard, at: now)
                }
            }
        }
    }

    @Test(
        "further addresses cannot be taken away, moved, put back, or found by another's index", arguments: Backend.all)
    func contacts(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org")
            let eve = try await fixture.makeAccount("eve@example.org")
            let own = try Email(parsing: "old-eve@example.org")
            let now = fixture.clock.now
            for account in [ann, eve] {
                var contacts = AccountContacts()
                contacts.second = try Email(parsing: "spare@example.org")
                if account.id == eve.id { contacts.formers = [.init(email: own, replacedAt: now)] }
                let kept = contacts
                try await fixture.write { try $0.setContacts(kept, address: nil, of: account) }
            }
            #expect(try await fixture.read { try $0.findAccount(formerly: own, at: now) }?.id == eve.id)
            #expect(try await fixture.read { try $0.findAccount(formerly: own, at: now + .days(7)) } == nil)
            let first = try await Self.contacts(of: ann.id, fixture)
            let foreign = try await Self.contacts(of: eve.id, fixture)
            try await fixture.write { try $0.setContacts(AccountContacts(), address: nil, of: ann) }
            let current = try await Self.contacts(of: ann.id, fixture)
            // Gone, somebody else's, an older one of the same row.
            for planted: [UInt8]? in [nil, foreign, first] {
                try await fixture.tamper("UPDATE account SET contacts_sealed = \(planted) WHERE id = \(ann.id)")
                await #expect(throws: StoreError.tampered(table: "account")) {
                    try await fixture.read { try $0.account(ann.id) }
                }
            }
            try await fixture.tamper("UPDATE account SET contacts_sealed = \(current) WHERE id = \(ann.id)")
            // One's own former address does not lead to the victim, and a longer time is no time.
            try await fixture.tamper("UPDATE former_address SET expires_at = expires_at + 1000000000")
            #expect(try await fixture.read { try $0.findAccount(formerly: own, at: now + .days(7)) } == nil)
            try await fixture.tamper("UPDATE former_address SET account_id = \(ann.id)")
            await #expect(throws: StoreError.tampered(table: "former_address")) {
                try await fixture.read { try $0.findAccount(formerly: own, at: now) }
            }
        }
    }

    private static func contacts(of id: AccountID, _ fixture: AccountFixture) async throws -> [UInt8] {
        try await fixture.database.read {
            try $0.query("SELECT contacts_sealed FROM account WHERE id = \(id)")[0].blob(0)
        }
    }

    @Test("a swapped index opens nobody else's account", arguments: Backend.all)
    func swappedIndex(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org")
            let eve = try await fixture.makeAccount("eve@example.org")
            let index = try await fixture.database.read {
                try $0.query("SELECT email_index FROM account WHERE id = \(ann.id)")[0].blob(0)
            }
            let unused = [UInt8](repeating: 0, count: 32)
            try await fixture.tamper("UPDATE account SET email_index = \(unused) WHERE id = \(ann.id)")
            try await fixture.tamper("UPDATE account SET email_index = \(index) WHERE id = \(eve.id)")
            await #expect(throws: StoreError.tampered(table: "account")) {
                try await fixture.read { try $0.findAccount(ann.email) }
            }
            #expect(try await fixture.integrityEvents().first?.account == eve.id)
        }
    }

    @Test("a recovery code of another row, account or set is refused", arguments: Backend.all)
    func recoveryCodes(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org", factors: 1, codes: 10).id
            let eve = try await fixture.makeAccount("eve@example.org", factors: 1, codes: 10).id
            try await fixture.tamper(
                """
                UPDATE recovery_code SET verifier_sealed =
                    (SELECT verifier_sealed FROM recovery_code WHERE account_id = \(eve) AND position = 0)
                WHERE account_id = \(ann) AND position = 0
                """)
            try await fixture.tamper(
                """
                UPDATE recovery_code SET verifier_sealed =
                    (SELECT verifier_sealed FROM recovery_code WHERE account_id = \(ann) AND position = 2)
                WHERE account_id = \(ann) AND position = 1
                """)
            for index in [0, 1] {
                await #expect(throws: StoreError.tampered(table: "recovery_code")) {
                    try await fixture.read { try $0.recoveryCode(of: ann, index: index) }
                }
            }
            #expect(try await fixture.read { try $0.recoveryCode(of: ann, index: 2) } != nil)
        }
    }

    @Test("a known device cannot be invented, moved or kept alive", arguments: Backend.all)
    func knownDevices(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org").id
            let eve = try await fixture.makeAccount("eve@example.org").id
            let (key, now) = (SoftwareDevice(seed: 3).thumbprint, fixture.clock.now)
            try await fixture.write { try $0.rememberDevice(key, of: eve, at: now) }
            try await fixture.tamper("UPDATE known_device SET account_id = \(ann)")
            #expect(try await fixture.read { try $0.isKnownDevice(key, of: ann, at: now) } == false)
            try await fixture.tamper("UPDATE known_device SET account_id = \(eve), last_seen_at = last_seen_at + 1")
            await #expect(throws: StoreError.tampered(table: "known_device")) {
                try await fixture.read { try $0.isKnownDevice(key, of: eve, at: now) }
            }
        }
    }

    @Test("nothing that a person typed stands in the file as text", arguments: Backend.all)
    func nothingPlain(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org", factors: 1, codes: 10)
            let templates = MailTemplates(serviceName: MailHeaderText("Notes"))
            try await fixture.write {
                try $0.enqueue(mail: templates.verifyAddress(ann.email, code: SecretString("736251")))
            }
            let seed = ann.factors[0].secret.withExposedBytes { $0 }
            for table in ["account", "factor", "recovery_code", "mail_outbox", "account_key"] {
                let cells = try await fixture.cells(of: table)
                for cell in cells {
                    for needle in [Array("example.org".utf8), Array("argon2id".utf8), Array("736251".utf8), seed] {
                        #expect(!cell.contains(needle), "\(table)")
                    }
                }
            }
        }
    }
}

extension AccountFixture {
    /// Every blob and text of a table.
    fileprivate func cells(of table: String) async throws -> [[UInt8]] {
        let statement: SQL =
            switch table {
            case "account": "SELECT * FROM account"
            case "factor": "SELECT * FROM factor"
            case "recovery_code": "SELECT * FROM recovery_code"
            case "account_key": "SELECT * FROM account_key"
            default: "SELECT * FROM mail_outbox"
            }
        return try await database.read { connection in
            try connection.query(statement).flatMap(\.values).compactMap { value in
                switch value {
                case .blob(let bytes): bytes
                case .text(let text): Array(text.utf8)
                default: nil
                }
            }
        }
    }
}
