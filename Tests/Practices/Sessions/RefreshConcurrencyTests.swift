import BucklerPrimitives
import SQLiteDriver
import Sessions
import Storage
import TestSupport
import Testing

@Suite("Refresh: many at once, and garbage")
struct RefreshConcurrencyTests {
    @Test("50 concurrent identical refreshes make one rotation and 50 equal tokens")
    func identical() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await fixture.refresh(first.refreshToken, attempt: 7).refreshToken?.exposed ?? ""
                }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(answers.count == 50)
        #expect(Set(answers).count == 1)
        #expect(try await fixture.row(first.session.id)?.generation == 1)
    }

    @Test("50 concurrent refreshes with attempts of their own: one token, and the session ends as a fork")
    func different() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let wins = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<50 {
                group.addTask {
                    await refusal { () throws(RefreshRefusal) in
                        try await fixture.refresh(first.refreshToken, attempt: UInt8(index + 1))
                    } == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(try await fixture.row(first.session.id)?.endReason == .fork)
    }

    @Test("1,000 tokens of garbage with a real session id change nothing")
    func garbage() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let row = try await fixture.row(first.session.id)
        let valid = try #require(Base64URL.decode((first.refreshToken?.exposed ?? "").dropFirst(5)))
        let entropy = Entropy.seeded(3)
        for index in 0..<1000 {
            var bytes = valid
            if index % 2 == 0 {
                bytes.replaceSubrange(16..., with: entropy.bytes(bytes.count - 16))
            } else {
                bytes[16 + Int(entropy.integer(below: UInt32(bytes.count - 16)))] ^= 1 << UInt8(index % 8)
            }
            let text = SecretString("brt1_" + Base64URL.encode(bytes))
            let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(text, attempt: 1) }
            guard case .unrecognised = answer else {
                Issue.record("garbage \(index) was taken")
                return
            }
        }
        #expect(try await fixture.row(first.session.id) == row)
        _ = try await fixture.refresh(first.refreshToken, attempt: 1)
    }

    @Test("a flood of garbage buys at most 50 writes in a second")
    func boundedEvents() async throws {
        let fixture = try await SessionsFixture()
        for _ in 0..<200 {
            _ = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(SecretString("brt1_x")) }
        }
        #expect(try await fixture.reasons().count == 50)
        fixture.clock.advance(by: .seconds(1))
        _ = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(SecretString("brt1_x")) }
        let payload = try await fixture.database.database.read { connection in
            try connection.query("SELECT payload FROM security_event ORDER BY seq DESC LIMIT 1")[0].text(0)
        }
        #expect(payload.contains("\"not_recorded\":150"))
    }

    @Test("a database writer cannot point a session at another account, key, level or deadline")
    func rowMAC() async throws {
        let changes: [SQL] = [
            "UPDATE session SET account = \([UInt8](repeating: 9, count: 16))",
            "UPDATE session SET jkt = \([UInt8](repeating: 9, count: 32))",
            "UPDATE session SET level = 3", "UPDATE session SET amr = 'pwd otp mfa'",
            "UPDATE session SET client = 'notes-tv'",
            "UPDATE session SET authenticated_at = authenticated_at + 1",
            "UPDATE session SET absolute_deadline = absolute_deadline + 1", "UPDATE session SET idle_timeout = NULL",
            "UPDATE session SET scope = 'notes admin'", "UPDATE session SET audience = 'https://other.example/'",
            "UPDATE session SET refresh_salt = \([UInt8](repeating: 9, count: 16))",
            "UPDATE session SET row_mac = \([UInt8](repeating: 9, count: 32))",
        ]
        for change in changes {
            let fixture = try await SessionsFixture()
            let first = try await fixture.signIn()
            try await fixture.database.database.write { _ = try $0.execute(change) }
            let answer = await refusal { () throws(RefreshRefusal) in
                try await fixture.refresh(first.refreshToken, attempt: 1)
            }
            guard case .unrecognised = answer else {
                Issue.record("taken after \(change.questionMarkText): \(String(describing: answer))")
                continue
            }
            #expect(try await fixture.service.list(first.session.account).isEmpty)
        }
    }
}

@Suite("Refresh token text")
struct RefreshTokenTests {
    private let key = MACKey(SecretBytes([UInt8](repeating: 1, count: 32)))
    private let salt = [UInt8](repeating: 2, count: 16)

    private func token() throws -> RefreshToken {
        let session = try #require(SessionID(bytes: [UInt8](repeating: 3, count: 16)))
        return RefreshToken(session: session, generation: 0x0102_0304, epoch: 5, salt: salt, key: key)
    }

    @Test("the text is brt1_ and 53 bytes in the order of the specification")
    func form() throws {
        let text = try token().text.exposed
        #expect(text.utf8.count == 76)
        let bytes = try #require(Base64URL.decode(text.dropFirst(5)))
        #expect(Array(bytes[..<21]) == [UInt8](repeating: 3, count: 16) + [1, 2, 3, 4, 5])
        let input = Array("buckler refresh v1".utf8) + [0] + bytes[..<21] + salt
        #expect(Array(bytes[21...]) == key.tag(raw: input))
    }

    @Test("parsing gives back what was written")
    func roundTrip() throws {
        let parsed = try RefreshToken(parsing: try token().text.exposed)
        #expect(parsed.generation == 0x0102_0304 && parsed.epoch == 5)
        #expect(parsed.isAuthentic(salt: salt, key: key))
        #expect(!parsed.isAuthentic(salt: [UInt8](repeating: 0, count: 16), key: key))
        #expect(!parsed.isAuthentic(salt: salt, key: MACKey(SecretBytes([UInt8](repeating: 9, count: 32)))))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "brt1_", "brt2_" + String(repeating: "A", count: 71), "brt1_" + String(repeating: "A", count: 70),
            "brt1_" + String(repeating: "A", count: 72), "brt1_" + String(repeating: "=", count: 71),
            "BRT1_" + String(repeating: "A", count: 71), "brt1_" + String(repeating: "A", count: 70) + "B",
            " brt1_" + String(repeating: "A", count: 70),
        ])
    func malformed(text: String) {
        #expect(throws: RefreshTokenError.malformed) { try RefreshToken(parsing: text) }
    }

    @Test("a token does not print")
    func silent() throws {
        #expect("\(try token())".contains("redacted"))
        #expect(!"\(try token().text)".contains("brt1_"))
    }
}
