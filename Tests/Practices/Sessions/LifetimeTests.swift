import Authentication
import BucklerJOSE
import BucklerPrimitives
import Sessions
import TestSupport
import Testing

@Suite("Lifetimes")
struct LifetimeTests {
    @Test("the table is the one of the decision", arguments: SessionPreset.allCases)
    func table(preset: SessionPreset) {
        let expected =
            switch preset {
            case .aal1: SessionLifetimes(absolute: .days(30), idle: .days(14), lockAfter: .minutes(15))
            case .aal2: SessionLifetimes(absolute: .hours(24), idle: .hours(1), lockAfter: .minutes(5))
            case .aal3: SessionLifetimes(absolute: .hours(12), idle: .minutes(15), lockAfter: .minutes(2))
            }
        #expect(SessionPresets()[preset] == expected)
    }

    @Test("a preset is tightened freely")
    func tighten() throws {
        var presets = SessionPresets()
        let tight = SessionLifetimes(absolute: .days(7), idle: .days(1), lockAfter: .minutes(1))
        try presets.set(.aal1, to: tight)
        #expect(presets[.aal1] == tight)
    }

    @Test(
        "a preset is not loosened by accident",
        arguments: [
            SessionLifetimes(absolute: .days(30) + .seconds(1), idle: .days(14), lockAfter: .minutes(15)),
            SessionLifetimes(absolute: .days(30), idle: .days(14) + .seconds(1), lockAfter: .minutes(15)),
            SessionLifetimes(absolute: .days(30), idle: nil, lockAfter: .minutes(15)),
            SessionLifetimes(absolute: .days(30), idle: .days(14), lockAfter: .minutes(16)),
        ])
    func loosen(lifetimes: SessionLifetimes) throws {
        var presets = SessionPresets()
        #expect(throws: SessionPresetError.longerThanNIST(.aal1)) { try presets.set(.aal1, to: lifetimes) }
        #expect(presets == SessionPresets())
        try presets.set(.aal1, to: lifetimes, acceptingLongerThanNIST: true)
        #expect(presets[.aal1] == lifetimes)
    }

    @Test("nothing lives for less than a second")
    func positive() {
        var presets = SessionPresets()
        let none = SessionLifetimes(absolute: .days(1), idle: .zero, lockAfter: .minutes(1))
        #expect(throws: SessionPresetError.notPositive) { try presets.set(.aal1, to: none) }
    }

    @Test(
        "the reached level picks the preset, and the client's preset is its floor",
        arguments: [
            (AuthenticationLevel.one, SessionPreset.aal1, SessionPreset.aal1), (.two, .aal1, .aal2),
            (.one, .aal2, .aal2),
            (.two, .aal3, .aal3), (.three, .aal1, .aal3),
        ])
    func level(level: AuthenticationLevel, client: SessionPreset, expected: SessionPreset) {
        let presets = SessionPresets()
        #expect(presets.lifetimes(reached: level, clientPreset: client) == presets[expected])
    }

    @Test("the absolute deadline is exclusive: one second before it a refresh works, at it the session has expired")
    func absolute() async throws {
        let fixture = try await SessionsFixture(presets: Self.withoutIdle())
        let first = try await fixture.signIn()
        fixture.clock.advance(by: .days(30) - .seconds(1))
        let last = try await fixture.refresh(first.refreshToken, attempt: 1)
        #expect(last.expiresIn == .seconds(1))
        fixture.clock.advance(by: .seconds(1))
        #expect(throws: AccessTokenRefusal.expired) {
            try fixture.verifier.verify(last.accessToken.exposed, audience: SessionsFixture.audience)
        }
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(last.refreshToken, attempt: 2)
        }
        #expect(answer?.endReason == .expired)
        #expect(try await fixture.row(first.session.id)?.endReason == .expired)
        fixture.clock.advance(by: .seconds(1))
        let again = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(last.refreshToken, attempt: 2)
        }
        #expect(again?.endReason == .expired)
    }

    @Test("a token minted 10 s before a deadline lives 10 s", arguments: [true, false])
    func shortToken(isIdle: Bool) async throws {
        let fixture = try await SessionsFixture(presets: isIdle ? SessionPresets() : Self.withoutIdle())
        let first = try await fixture.signIn()
        fixture.clock.advance(by: (isIdle ? Duration.days(14) : .days(30)) - .seconds(10))
        let tokens = try await fixture.refresh(first.refreshToken, attempt: 1)
        #expect(tokens.expiresIn == .seconds(10))
        let token = try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        #expect(token.expiresAt == fixture.clock.now + .seconds(10))
        #expect(token.sessionDeadline == token.expiresAt)
    }

    @Test("otherwise an access token lives 300 s and not one millisecond longer")
    func fullToken() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        #expect(tokens.expiresIn == .seconds(300))
        fixture.clock.advance(by: .seconds(300) - .milliseconds(1))
        _ = try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        fixture.clock.advance(by: .milliseconds(1))
        #expect(throws: AccessTokenRefusal.expired) {
            try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        }
    }

    static func withoutIdle() throws -> SessionPresets {
        var presets = SessionPresets()
        try presets.set(
            .aal1, to: SessionLifetimes(absolute: .days(30), idle: nil, lockAfter: .minutes(15)),
            acceptingLongerThanNIST: true)
        return presets
    }
}

@Suite("Idle timeout")
struct IdleTests {
    private func fixture(_ activity: ActivitySource = .reported) async throws -> SessionsFixture {
        var presets = SessionPresets()
        try presets.set(.aal1, to: SessionLifetimes(absolute: .days(30), idle: .hours(1), lockAfter: .minutes(5)))
        return try await SessionsFixture(presets: presets, client: SessionClientPolicy(activity: activity))
    }

    @Test("silent refreshes every five minutes end at exactly the idle timeout")
    func silent() async throws {
        let fixture = try await fixture()
        var tokens = try await fixture.signIn()
        for minute in stride(from: 5, to: 60, by: 5) {
            fixture.clock.advance(by: .minutes(5))
            tokens = try await fixture.refresh(
                tokens.refreshToken, attempt: UInt8(minute), userIdle: .minutes(minute))
        }
        fixture.clock.advance(by: .minutes(5) - .seconds(1))
        tokens = try await fixture.refresh(
            tokens.refreshToken, attempt: 100, userIdle: .minutes(60) - .seconds(1))
        #expect(tokens.expiresIn == .seconds(1))
        fixture.clock.advance(by: .seconds(1))
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(tokens.refreshToken, attempt: 101, userIdle: .minutes(60))
        }
        #expect(answer?.endReason == .idle)
        #expect(try await fixture.reasons().last == "session.idle")
    }

    @Test("a claim of zero comes too late at the deadline: activity is never credited afterwards", arguments: [0, 1])
    func late(second: Int) async throws {
        let fixture = try await fixture()
        let tokens = try await fixture.signIn()
        fixture.clock.advance(by: .hours(1) + .seconds(second))
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(tokens.refreshToken, attempt: 1, userIdle: .zero)
        }
        #expect(answer?.endReason == .idle)
    }

    @Test("a touch that is told in time moves the deadline from the touch, not from the refresh")
    func touched() async throws {
        let fixture = try await fixture()
        let first = try await fixture.signIn()
        fixture.clock.advance(by: .minutes(50))
        _ = try await fixture.refresh(first.refreshToken, attempt: 1, userIdle: .minutes(20))
        let row = try await fixture.row(first.session.id)
        #expect(row?.idleDeadline == first.session.createdAt + .minutes(90))
    }

    @Test("no claim gains nothing, and a touch before the last known one does not turn the clock back")
    func noClaim() async throws {
        let fixture = try await fixture()
        let first = try await fixture.signIn()
        fixture.clock.advance(by: .minutes(10))
        let second = try await fixture.refresh(first.refreshToken, attempt: 1)
        #expect(try await fixture.row(first.session.id)?.lastUserActivityAt == first.session.createdAt)
        let third = try await fixture.refresh(second.refreshToken, attempt: 2, userIdle: .hours(3))
        #expect(try await fixture.row(first.session.id)?.lastUserActivityAt == first.session.createdAt)
        _ = try await fixture.refresh(third.refreshToken, attempt: 3, userIdle: .seconds(-500))
        #expect(try await fixture.row(first.session.id)?.lastUserActivityAt == fixture.clock.now)
    }

    @Test("whoever lies about a person ends at the absolute deadline")
    func liar() async throws {
        let fixture = try await fixture()
        var tokens = try await fixture.signIn()
        let deadline = tokens.session.absoluteDeadline
        var attempt: UInt8 = 0
        while fixture.clock.now + .minutes(59) < deadline {
            fixture.clock.advance(by: .minutes(59))
            attempt &+= 1
            tokens = try await fixture.refresh(tokens.refreshToken, attempt: attempt, userIdle: .zero)
        }
        fixture.clock.set(deadline)
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(tokens.refreshToken, attempt: attempt &+ 1, userIdle: .zero)
        }
        #expect(answer?.endReason == .expired)
    }

    @Test("where requests count, a request moves the clock with the next refresh, and a claim does not")
    func requests() async throws {
        let fixture = try await fixture(.requests)
        let first = try await fixture.signIn()
        fixture.clock.advance(by: .minutes(4))
        let token = try fixture.verifier.verify(first.accessToken.exposed, audience: nil)
        let active = try SessionGuard(ended: fixture.ended, clock: fixture.clock.clock)
            .activate(token: token, proofKey: fixture.phone.thumbprint)
        fixture.activity.note(active)
        let noted = fixture.clock.now
        fixture.clock.advance(by: .minutes(10))
        _ = try await fixture.refresh(first.refreshToken, attempt: 1, userIdle: .zero)
        #expect(try await fixture.row(first.session.id)?.lastUserActivityAt == noted)
    }

    @Test("where reports count, a request moves nothing")
    func requestsIgnored() async throws {
        let fixture = try await fixture()
        let first = try await fixture.signIn()
        let token = try fixture.verifier.verify(first.accessToken.exposed, audience: nil)
        let active = try SessionGuard(ended: fixture.ended, clock: fixture.clock.clock)
            .activate(token: token, proofKey: fixture.phone.thumbprint)
        fixture.activity.note(active)
        #expect(fixture.activity.last(first.session.id) == nil)
    }

    @Test("notes are bounded: sessions in use keep theirs however many others come, and what is lost is the oldest")
    func boundedNotes() async throws {
        let fixture = try await fixture(.requests)
        let notes = RequestActivity(clients: [SessionsFixture.client], clock: fixture.clock.clock, capacity: 8)
        let guardian = SessionGuard(ended: fixture.ended, clock: fixture.clock.clock)
        func begin() async throws -> ActiveSession {
            let token = try fixture.verifier.verify(try await fixture.signIn().accessToken.exposed, audience: nil)
            return try guardian.activate(token: token, proofKey: fixture.phone.thumbprint)
        }
        let (used, unused) = (try await begin(), try await begin())
        notes.note(unused)
        for _ in 0..<20 {
            fixture.clock.advance(by: .seconds(1))
            notes.note(used)
            #expect(notes.last(used.token.session) == fixture.clock.now)
            let other = try await begin()
            notes.note(other)
            #expect(notes.last(other.token.session) == fixture.clock.now)
        }
        #expect(notes.last(unused.token.session) == nil)
        notes.forget(used.token.session)
        #expect(notes.last(used.token.session) == nil)
    }

    @Test("a full memory still takes the notes of the sessions that are in it, and keeps them beyond a token's life")
    func fullNotes() async throws {
        let fixture = try await fixture(.requests)
        let notes = RequestActivity(clients: [SessionsFixture.client], clock: fixture.clock.clock, capacity: 4)
        let guardian = SessionGuard(ended: fixture.ended, clock: fixture.clock.clock)
        var sessions: [ActiveSession] = []
        for _ in 0..<4 {
            let token = try fixture.verifier.verify(try await fixture.signIn().accessToken.exposed, audience: nil)
            sessions.append(try guardian.activate(token: token, proofKey: fixture.phone.thumbprint))
            notes.note(sessions[sessions.count - 1])
        }
        let first = fixture.clock.now
        fixture.clock.advance(by: .minutes(6))
        notes.note(sessions[3])
        #expect(notes.last(sessions[3].token.session) == fixture.clock.now)
        for session in sessions[..<3] { #expect(notes.last(session.token.session) == first) }
    }
}
