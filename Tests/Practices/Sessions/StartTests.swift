import Authentication
import BucklerJOSE
import BucklerPrimitives
import DeviceTrust
import SQLiteDriver
import Sessions
import Storage
import TestSupport
import Testing

@Suite("Beginning and raising a session")
struct StartTests {
    @Test("an unknown client gets no session")
    func unknownClient() async throws {
        let fixture = try await SessionsFixture()
        let client = try #require(ClientID(parsing: "stranger"))
        let grant = fixture.grant(.random(fixture.entropy), client: client)
        await #expect(throws: SessionError.unknownClient) {
            try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
        }
    }

    @Test("the first answer carries everything the app keeps")
    func answer() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn(level: .two)
        #expect(tokens.refreshToken != nil && tokens.noticeKeys != nil)
        #expect(tokens.session.idleTimeout == .hours(1))
        #expect(tokens.session.lockAfter == .minutes(5))
        #expect(tokens.session.absoluteDeadline == fixture.clock.now + .hours(24))
        let second = try await fixture.refresh(tokens.refreshToken, attempt: 1)
        #expect(second.noticeKeys != nil, "the same instant: may be news")
        fixture.clock.advance(by: .minutes(5))
        let third = try await fixture.refresh(second.refreshToken, attempt: 2)
        fixture.clock.advance(by: .minutes(5))
        let fourth = try await fixture.refresh(third.refreshToken, attempt: 3)
        #expect(fourth.noticeKeys == nil)
        try await fixture.signingKeys.rotate(compromised: false)
        let fifth = try await fixture.refresh(fourth.refreshToken, attempt: 4)
        #expect(fifth.noticeKeys != nil)
    }

    @Test("new notice keys come signed by every key in force, so by one that the app has, until all of them are lost")
    func signedNoticeKeys() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        #expect(first.noticeKeySets.isEmpty, "the first set is trusted as the sign-in is")
        fixture.clock.advance(by: .minutes(5))
        let kept = Set(try #require(first.noticeKeys?["keys"]?.array).compactMap { $0.object?["kid"]?.string })
        var token = try await fixture.refresh(first.refreshToken, attempt: 1).refreshToken
        for attempt in 2...4 {
            fixture.clock.advance(by: .days(1))
            try await fixture.signingKeys.rotate([.notice], compromised: false)
            let next = try await fixture.refresh(token, attempt: UInt8(attempt))
            let sets = try next.noticeKeySets.map { try UnverifiedJWS(parsing: $0) }
            let known = try #require(sets.first { $0.kid.map(kept.contains) ?? false })
            let key = try #require(known.kid.flatMap { fixture.signingKeys.publicKey(.notice, kid: $0) })
            let claims = try known.verified(by: key, typ: "buckler-notice-keys+jwt").payload
            #expect(claims["iss"]?.string == SessionsFixture.issuer)
            #expect(claims["iat"]?.integer == fixture.clock.now.seconds)
            #expect(claims["keys"] == next.noticeKeys?["keys"])
            token = next.refreshToken
        }
        try await fixture.signingKeys.rotate([.notice], compromised: true)
        let last = try await fixture.refresh(token, attempt: 5)
        #expect(try last.noticeKeySets.allSatisfy { !kept.contains(try UnverifiedJWS(parsing: $0).kid ?? "") })
    }

    @Test("a new sign-in with the same account, client and key takes the old session's place")
    func sameBinding() async throws {
        let fixture = try await SessionsFixture()
        let account = AccountID.random(fixture.entropy)
        let old = try await fixture.signIn(account: account)
        let new = try await fixture.signIn(account: account)
        #expect(old.session.device == new.session.device)
        #expect(try await fixture.row(old.session.id)?.endReason == .replaced)
        #expect(try await fixture.service.list(account).map(\.id) == [new.session.id])
    }

    @Test("the device that the app names ends after sign-in to the same account (PD-13)")
    func replacedDevice() async throws {
        let fixture = try await SessionsFixture()
        let account = AccountID.random(fixture.entropy)
        let old = try await fixture.signIn(account: account)
        let grant = fixture.grant(account, key: fixture.thief.thumbprint, replaced: old.session.device)
        _ = try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
        #expect(try await fixture.row(old.session.id)?.endReason == .replaced)
    }

    @Test("naming another account's device ends nothing")
    func foreignDevice() async throws {
        let fixture = try await SessionsFixture()
        let victim = try await fixture.signIn()
        let grant = fixture.grant(
            .random(fixture.entropy), key: fixture.thief.thumbprint, replaced: victim.session.device)
        _ = try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
        #expect(try await fixture.row(victim.session.id)?.endedAt == nil)
    }

    @Test("two accounts on one phone have sessions and device rows of their own")
    func twoAccounts() async throws {
        let fixture = try await SessionsFixture()
        let one = try await fixture.signIn()
        let two = try await fixture.signIn()
        #expect(one.session.device != two.session.device)
        #expect(try await fixture.row(one.session.id)?.endedAt == nil)
        _ = try await fixture.refresh(one.refreshToken, attempt: 1)
        _ = try await fixture.refresh(two.refreshToken, attempt: 1)
    }

    @Test("a device's name is sealed in the store and opened in the list")
    func deviceName() async throws {
        let fixture = try await SessionsFixture()
        let account = AccountID.random(fixture.entropy)
        let rows = AccountKeyRows(fixture.keys.accountKeys)
        try await fixture.database.database.write { _ = try rows.create(for: account, $0) }
        let grant = fixture.grant(account, deviceName: "Anna's phone")
        _ = try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
        #expect(try await fixture.service.list(account).map(\.deviceName) == ["Anna's phone"])
        let sealed = try await fixture.database.database.read { connection in
            try connection.query("SELECT name_sealed FROM device")[0].blob(0)
        }
        #expect(!String(decoding: sealed, as: UTF8.self).contains("Anna"))
    }

    @Test("a step-up raises level, methods and time, keeps the refresh token and the deadlines")
    func stepUp() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        fixture.clock.advance(by: .minutes(3))
        let grant = fixture.grant(
            first.session.account, level: .two, methods: [.password, .oneTimePassword], steppedUp: first.session.id)
        let raised = try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
        #expect(raised.refreshToken == nil)
        #expect(raised.session.id == first.session.id)
        #expect(raised.session.absoluteDeadline == first.session.absoluteDeadline)
        let token = try fixture.verifier.verify(raised.accessToken.exposed, audience: nil)
        #expect(token.level == .two && token.amr == ["pwd", "otp", "mfa"])
        #expect(token.authenticatedAt == fixture.clock.now)
        _ = try await fixture.refresh(first.refreshToken, attempt: 1)
    }

    @Test("a refresh that was recognised before a step-up still rotates after it")
    func stepUpRace() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let text = try #require(first.refreshToken)
        let recognised = try await fixture.service.recognise(text, client: SessionsFixture.client, origin: nil)
        let grant = fixture.grant(first.session.account, level: .two, steppedUp: first.session.id)
        _ = try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
        let request = RefreshRequest(
            key: fixture.phone.thumbprint, userIdle: nil, attempt: Array(repeating: 1, count: 16), origin: nil)
        let tokens = try await fixture.service.refresh(recognised, request)
        #expect(tokens.session.level == .two)
    }

    @Test("a step-up by another account, key or client, or of an ended session, is refused")
    func foreignStepUp() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn(level: .two)
        let id = first.session.id
        let account = first.session.account
        let wrong = [
            fixture.grant(.random(fixture.entropy), level: .two, steppedUp: id),
            fixture.grant(account, key: fixture.thief.thumbprint, level: .two, steppedUp: id),
            fixture.grant(account, level: .two, client: SessionsFixture.otherClient, steppedUp: id),
            fixture.grant(account, level: .two, steppedUp: .random(fixture.entropy)),
        ]
        for grant in wrong {
            await #expect(throws: SessionError.refused) {
                try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
            }
        }
        await #expect(throws: SessionError.lowerLevel) {
            let lower = fixture.grant(account, level: .one, steppedUp: id)
            _ = try await fixture.service.start(lower, id: .random(fixture.entropy), origin: nil)
        }
        try await fixture.service.end(.session(id), reason: .signedOut, origin: nil)
        await #expect(throws: SessionError.refused) {
            let late = fixture.grant(account, level: .two, steppedUp: id)
            _ = try await fixture.service.start(late, id: .random(fixture.entropy), origin: nil)
        }
    }

    @Test("the step-up handle names its session to its key alone")
    func handle() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let other = try await fixture.signIn()
        let handle = first.stepUpHandle
        let phone = fixture.phone.thumbprint
        #expect(try await fixture.service.session(handle: handle, key: phone)?.id == first.session.id)
        #expect(try await fixture.service.session(handle: handle, key: fixture.thief.thumbprint) == nil)
        let mixed = SecretString(String(handle.exposed.prefix(30)) + String(other.stepUpHandle.exposed.dropFirst(30)))
        #expect(try await fixture.service.session(handle: mixed, key: phone) == nil)
        for text in ["", "bsu1_", "bsu1_" + String(repeating: "A", count: 64)] {
            #expect(try await fixture.service.session(handle: SecretString(text), key: phone) == nil)
        }
        try await fixture.service.end(.session(first.session.id), reason: .signedOut, origin: nil)
        #expect(try await fixture.service.session(handle: handle, key: phone) == nil)
    }
}
