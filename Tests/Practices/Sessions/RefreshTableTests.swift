import BucklerJOSE
import BucklerPrimitives
import SQLiteDriver
import Sessions
import Storage
import TestSupport
import Testing

/// One test per row of PD-01's table, on a real database.
@Suite("Refresh: every row of the table")
struct RefreshTableTests {
    @Test("the current generation rotates once and the event tells it")
    func rotates() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let second = try await fixture.refresh(first.refreshToken, attempt: 1)
        #expect(second.refreshToken?.exposed != first.refreshToken?.exposed)
        #expect(try await fixture.row(first.session.id)?.generation == 1)
        #expect(try await fixture.reasons() == ["sign_in", "refresh"])
        let token = try fixture.verifier.verify(second.accessToken.exposed, audience: SessionsFixture.audience)
        #expect(token.session == first.session.id && token.key == fixture.phone.thumbprint)
    }

    @Test("an ended session answers its key with a code and a signed notice")
    func ended() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        _ = try await fixture.service.end(
            session: tokens.session.id, of: tokens.session.account, origin: nil)
        let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(tokens.refreshToken) }
        guard case .ended(.endedByPerson, let notice?) = answer else {
            Issue.record("not ended with a notice")
            return
        }
        let jws = try UnverifiedJWS(parsing: notice)
        let kid = try #require(jws.kid)
        let key = try #require(fixture.signingKeys.publicKey(.notice, kid: kid))
        let payload = try jws.verified(by: key, typ: "buckler-session-end+jwt").payload
        #expect(payload["sid"]?.string == tokens.session.id.text)
        #expect(payload["jkt"]?.string == fixture.phone.thumbprint.text)
        #expect(payload["iss"]?.string == SessionsFixture.issuer)
        #expect(payload["wipe"]?.bool == true)
        #expect(payload["reason"]?.string == "ended_by_person")
    }

    @Test("an ended session tells a foreign key nothing")
    func endedForeign() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        try await fixture.service.end(.session(tokens.session.id), reason: .signedOut, origin: nil)
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(tokens.refreshToken, key: fixture.thief.thumbprint)
        }
        #expect(answer == .foreignKey)
    }

    @Test("a live token under a foreign key ends the session", arguments: [0, 1])
    func foreignKey(age: Int) async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        for attempt in 0..<age { _ = try await fixture.refresh(tokens.refreshToken, attempt: UInt8(attempt)) }
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(tokens.refreshToken, attempt: 9, key: fixture.thief.thumbprint)
        }
        #expect(answer == .foreignKey)
        #expect(try await fixture.row(tokens.session.id)?.endReason == .foreignKey)
        #expect(try await fixture.reasons().last == "refresh.foreign_key")
    }

    @Test("an old token under a foreign key signs nobody out")
    func oldForeignKey() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let second = try await fixture.refresh(first.refreshToken, attempt: 1)
        let third = try await fixture.refresh(second.refreshToken, attempt: 2)
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(first.refreshToken, attempt: 1, key: fixture.thief.thumbprint)
        }
        #expect(answer == .foreignKey)
        #expect(try await fixture.row(first.session.id)?.endedAt == nil)
        #expect(try await fixture.reasons().last == "refresh.foreign_key_old")
        _ = try await fixture.refresh(third.refreshToken, attempt: 3)
    }

    @Test("the parent with its recorded attempt gets the same successor, and nothing is written")
    func repeats() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let second = try await fixture.refresh(first.refreshToken, attempt: 1)
        let row = try await fixture.row(first.session.id)
        let events = try await fixture.reasons()
        fixture.clock.advance(by: .hours(10))
        let again = try await fixture.refresh(first.refreshToken, attempt: 1)
        #expect(again.refreshToken?.exposed == second.refreshToken?.exposed)
        #expect(again.accessToken.exposed != second.accessToken.exposed)
        #expect(try await fixture.row(first.session.id) == row)
        #expect(try await fixture.reasons() == events)
    }

    @Test("the parent without attempts is answered for the overlap, and not one millisecond longer")
    func overlap() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let second = try await fixture.refresh(first.refreshToken)
        fixture.clock.advance(by: .seconds(60))
        let again = try await fixture.refresh(first.refreshToken)
        #expect(again.refreshToken?.exposed == second.refreshToken?.exposed)
        fixture.clock.advance(by: .milliseconds(1))
        let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(first.refreshToken) }
        #expect(answer?.endReason == .fork)
    }

    @Test("an attempt now, none then: a fork, even within the overlap")
    func attemptAppears() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        _ = try await fixture.refresh(first.refreshToken)
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(first.refreshToken, attempt: 1)
        }
        #expect(answer?.endReason == .fork)
    }

    @Test("no attempt now, one then: a fork, even within the overlap")
    func attemptVanishes() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        _ = try await fixture.refresh(first.refreshToken, attempt: 1)
        let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(first.refreshToken) }
        #expect(answer?.endReason == .fork)
    }

    @Test("a late duplicate changes nothing, up to nine rotations back", arguments: [2, 5, 9])
    func superseded(age: Int) async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        var token = first.refreshToken
        for attempt in 1...age {
            token = try await fixture.refresh(token, attempt: UInt8(attempt)).refreshToken
            fixture.clock.advance(by: .seconds(60))
        }
        let row = try await fixture.row(first.session.id)
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(first.refreshToken, attempt: 1)
        }
        #expect(answer == .superseded)
        #expect(try await fixture.row(first.session.id) == row)
    }

    @Test("an attempt that nobody remembers is a fork")
    func forgotten() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        var token = first.refreshToken
        for attempt in 1...10 {
            token = try await fixture.refresh(token, attempt: UInt8(attempt)).refreshToken
            fixture.clock.advance(by: .seconds(60))
        }
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(first.refreshToken, attempt: 1)
        }
        #expect(answer?.endReason == .fork)
    }

    @Test("another attempt for a spent generation is a fork and ends the session for both holders", arguments: [1, 2])
    func fork(age: Int) async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        var token = first.refreshToken
        for attempt in 1...age { token = try await fixture.refresh(token, attempt: UInt8(attempt)).refreshToken }
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(first.refreshToken, attempt: 99)
        }
        guard case .ended(.fork, let notice?) = answer else {
            Issue.record("not a fork with a notice")
            return
        }
        #expect(try UnverifiedJWS(parsing: notice).payload["wipe"]?.bool == false)
        #expect(try await fixture.reasons().last == "refresh.fork")
        let honest = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(token, attempt: 100) }
        #expect(honest?.endReason == .fork)
    }

    @Test("the ninth rotation within 300 s waits, and changes nothing")
    func rotationLimit() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        var token = first.refreshToken
        for attempt in 1...8 { token = try await fixture.refresh(token, attempt: UInt8(attempt)).refreshToken }
        let row = try await fixture.row(first.session.id)
        fixture.clock.advance(by: .seconds(300))
        let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(token, attempt: 9) }
        #expect(answer == .tooManyRotations(retryAfter: .milliseconds(1)))
        #expect(try await fixture.row(first.session.id) == row)
        fixture.clock.advance(by: .milliseconds(1))
        _ = try await fixture.refresh(token, attempt: 9)
    }

    @Test("rotations that lie in the future, since the clock was set back, make nobody wait")
    func clockSetBack() async throws {
        let fixture = try await SessionsFixture()
        fixture.clock.advance(by: .days(2))
        var token = try await fixture.signIn().refreshToken
        for attempt in 1...8 { token = try await fixture.refresh(token, attempt: UInt8(attempt)).refreshToken }
        fixture.clock.advance(by: .days(-1))
        for attempt in 9...16 { token = try await fixture.refresh(token, attempt: UInt8(attempt)).refreshToken }
        let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(token, attempt: 17) }
        #expect(answer == .tooManyRotations(retryAfter: .seconds(300) + .milliseconds(1)))
    }

    @Test("a generation that is not yet current is a fork: the row was rolled back")
    func rolledBack() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let second = try await fixture.refresh(first.refreshToken, attempt: 1)
        let id = first.session.id
        _ = try await fixture.database.database.write {
            try $0.execute("UPDATE session SET generation = 0 WHERE id = \(id)")
        }
        let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(second.refreshToken) }
        #expect(answer?.endReason == .fork)
    }

    @Test("another client's token is refused and changes nothing")
    func foreignClient() async throws {
        let fixture = try await SessionsFixture()
        let first = try await fixture.signIn()
        let row = try await fixture.row(first.session.id)
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(first.refreshToken, client: SessionsFixture.otherClient)
        }
        #expect(answer == .unrecognised(.refreshClient))
        #expect(try await fixture.row(first.session.id) == row)
    }
}
