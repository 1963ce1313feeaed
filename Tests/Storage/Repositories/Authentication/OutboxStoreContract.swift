import Authentication
import BucklerPrimitives
import Storage
import Testing

@Suite("Outbox store contract", .timeLimit(.minutes(5)))
struct OutboxStoreContract {
    private static func mail(_ number: Int) throws -> MailMessage {
        MailMessage(
            recipient: try Email(parsing: "ann@example.org"), subject: try MailHeaderText(parsing: "mail \(number)"),
            text: SecretString("text"), html: SecretString("<p>text</p>"))
    }

    @Test(
        "mail leaves in the order of the queue, whatever was handed over, parked or came later", arguments: Backend.all)
    func order(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let clock = fixture.clock
            func queue(_ numbers: ClosedRange<Int>) async throws {
                for number in numbers {
                    let mail = try Self.mail(number)
                    try await fixture.write { try $0.enqueue(mail: mail) }
                }
            }
            func due() async throws -> [(id: MailID, subject: String)] {
                let now = clock.now
                return try await fixture.read { try $0.dueMail(at: now, limit: 100) }
                    .map { ($0.id, $0.mail?.message.subject.text ?? "") }
            }
            try await queue(1...4)
            #expect(try await due().map(\.subject) == ["mail 1", "mail 2", "mail 3", "mail 4"])
            let (first, last) = (try #require(try await due().first?.id), try #require(try await due().last?.id))
            let now = clock.now
            try await fixture.write { try $0.removeMail(first) }
            try await fixture.write { try $0.parkMail(last, at: now) }
            try await queue(5...6)
            #expect(try await due().map(\.subject) == ["mail 2", "mail 3", "mail 5", "mail 6"])
            for mail in try await due() { try await fixture.write { try $0.removeMail(mail.id) } }
            try await queue(7...8)
            #expect(try await due().map(\.subject) == ["mail 7", "mail 8"], "an emptied queue begins anew")
        }
    }

    @Test("queuing looks at the end of the queue alone, however long it is")
    func plan() async throws {
        try await AccountFixture.with(.sqlite) { fixture in
            let plan = try await fixture.database.read { connection in
                try connection.query(
                    "EXPLAIN QUERY PLAN SELECT turn FROM mail_outbox WHERE parked_at IS NULL ORDER BY turn DESC LIMIT 1"
                ).map { try $0.text(3) }
            }
            #expect(plan == ["SCAN mail_outbox USING INDEX mail_outbox_by_turn"])
        }
    }
}
