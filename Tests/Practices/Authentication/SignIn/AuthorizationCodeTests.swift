import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import Testing

@testable import Authentication

@Suite("Authorization codes")
struct AuthorizationCodeTests {
    @Test("a second use is refused and names the session that the first one started")
    func secondUse() async throws {
        let fixture = try SignInFixture()
        let (phone, code) = try await Self.finished(fixture)
        _ = try await fixture.redeem(code, by: phone, session: 7)
        let started = try #require(SessionID(bytes: [UInt8](repeating: 7, count: 16)))
        await #expect(throws: CodeError.reused(startedSession: started)) {
            try await fixture.redeem(code, by: phone, session: 8)
        }
        // A thief who found a spent code reveals the leak, too.
        await #expect(throws: CodeError.reused(startedSession: started)) {
            try await fixture.redeem(code, by: try fixture.requester(device: 66), session: 8)
        }
    }

    @Test("another key, client or verifier is refused and does not spend the code")
    func foreignRedemption() async throws {
        let fixture = try SignInFixture()
        let (phone, code) = try await Self.finished(fixture)
        await #expect(throws: CodeError.refused) {
            try await fixture.redeem(code, by: try fixture.requester(device: 66))
        }
        let otherClient = try fixture.requester(device: 1, client: try #require(ClientID(parsing: "other-app")))
        await #expect(throws: CodeError.refused) { try await fixture.redeem(code, by: otherClient) }
        for verifier in [String(repeating: "w", count: 43), "short", "", String(repeating: "v", count: 129)] {
            await #expect(throws: CodeError.refused) { try await fixture.redeem(code, by: phone, verifier: verifier) }
        }
        _ = try await fixture.redeem(code, by: phone)
    }

    @Test("a code lives sixty seconds", arguments: [(59_999, true), (60_000, false)])
    func lifetime(milliseconds: Int, isValid: Bool) async throws {
        let fixture = try SignInFixture()
        let (phone, code) = try await Self.finished(fixture)
        fixture.clock.advance(by: .milliseconds(milliseconds))
        if isValid {
            _ = try await fixture.redeem(code, by: phone)
        } else {
            await #expect(throws: CodeError.refused) { try await fixture.redeem(code, by: phone) }
        }
    }

    @Test(
        "after thirty codes that never were their network waits a minute, no other one; real codes are taken from there too"
    )
    func flood() async throws {
        let fixture = try SignInFixture()
        let (phone, code) = try await Self.finished(fixture)
        let before = try await fixture.reasons().count
        let flooder = try fixture.requester(device: 66, network: 1)
        let elsewhere = try fixture.requester(device: 66, network: 2)
        for number in 0..<40 {
            let made = Base64URL.encode([UInt8](repeating: UInt8(number), count: 32))
            let expected = number < 30 ? CodeError.refused : .throttled(retryAfter: .minutes(1))
            await #expect(throws: expected) { try await fixture.redeem(made, by: flooder) }
        }
        #expect(try await fixture.reasons().dropFirst(before) == ["code.refused", "signin.source.budget"])
        await #expect(throws: CodeError.refused) {
            try await fixture.redeem(Base64URL.encode([UInt8](repeating: 98, count: 32)), by: elsewhere)
        }
        #expect(phone.source == flooder.source)
        _ = try await fixture.redeem(code, by: phone)
        fixture.clock.advance(by: .minutes(1))
        await #expect(throws: CodeError.refused) {
            try await fixture.redeem(Base64URL.encode([UInt8](repeating: 99, count: 32)), by: flooder)
        }
    }

    @Test(
        "garbage is refused",
        arguments: ["", "abc", String(repeating: "A", count: 43), String(repeating: "=", count: 43)])
    func garbage(code: String) async throws {
        let fixture = try SignInFixture()
        await #expect(throws: CodeError.refused) {
            try await fixture.redeem(code, by: try fixture.requester(device: 1))
        }
    }

    @Test("a password that changed within the minute takes the code with it")
    func passwordChanged() async throws {
        let fixture = try SignInFixture()
        let (phone, code) = try await Self.finished(fixture)
        fixture.clock.advance(by: .milliseconds(1))
        let now = fixture.clock.now
        let email = try fixture.email("ada")
        let verifier = try await fixture.hasher.hash(SignInFixture.wrong)
        try await fixture.repository.write { transaction in
            guard let account = try transaction.findAccount(email) else { throw StoreError.inconsistent }
            try transaction.setPassword(account.id, verifier: verifier, class: .standard, replacing: nil, at: now)
        }
        await #expect(throws: CodeError.refused) { try await fixture.redeem(code, by: phone) }
    }

    @Test("so does one that was changed in the same millisecond, or before it by a clock that was set back")
    func passwordChangedAtOnce() async throws {
        let fixture = try SignInFixture()
        let (phone, code) = try await Self.finished(fixture)
        let earlier = fixture.clock.now - .minutes(5)
        let email = try fixture.email("ada")
        let verifier = try await fixture.hasher.hash(SignInFixture.wrong)
        try await fixture.repository.write { transaction in
            guard let account = try transaction.findAccount(email) else { throw StoreError.inconsistent }
            try transaction.setPassword(
                account.id, verifier: verifier, class: .standard, replacing: nil, at: earlier)
        }
        await #expect(throws: CodeError.refused) { try await fixture.redeem(code, by: phone) }
        #expect(try await fixture.reasons().last == "code.password_changed")
    }

    @Test("fifty simultaneous redemptions: one grant")
    func simultaneousRedemptions() async throws {
        let fixture = try SignInFixture()
        let (phone, code) = try await Self.finished(fixture)
        let grants = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<50 {
                group.addTask { (try? await fixture.redeem(code, by: phone, session: UInt8(index + 1))) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(grants == 1)
    }

    @Test("fifty simultaneous last answers: one code, and one session's worth of it", arguments: [true, false])
    func simultaneousFinals(withSecondFactor: Bool) async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        try await fixture.account("ada", device: 1, totp: withSecondFactor ? secret : nil)
        let phone = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(
            fixture.opening("ada"), password: withSecondFactor ? SignInFixture.password : nil, by: phone
        ).handle
        let answer: FlowAnswer =
            withSecondFactor
            ? .oneTimePassword(SecretString(secret.code(at: fixture.clock.now))) : .password(SignInFixture.password)
        let outcomes = await withTaskGroup(of: ChallengeOutcome?.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try? await fixture.service.proceed(FlowContinuation(handle: handle, answers: [answer]), by: phone)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let codes = Set(outcomes.compactMap { $0?.code })
        #expect(codes.count == 1)
        _ = try await fixture.redeem(try #require(codes.first), by: phone)
    }

    private static func finished(_ fixture: SignInFixture) async throws -> (Requester, String) {
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let outcome = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        return (phone, try #require(outcome.code))
    }
}
