import Authentication
import BucklerJOSE
import BucklerPrimitives
import Foundation
import SQLiteDriver
import Sessions
import Storage
import Synchronization
import TestSupport
import Testing

@Suite("Ending a session")
struct EndingTests {
    private func activate(_ tokens: IssuedTokens, _ fixture: SessionsFixture) throws -> ActiveSession {
        let token = try fixture.verifier.verify(tokens.accessToken.exposed, audience: SessionsFixture.audience)
        return try SessionGuard(ended: fixture.ended, clock: fixture.clock.clock)
            .activate(token: token, proofKey: fixture.phone.thumbprint)
    }

    @Test("acknowledged means effective: the access token dies at once, and open exchanges are cut once")
    func effective() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let active = try activate(tokens, fixture)
        let cuts = Counter()
        _ = try #require(fixture.ended.register(active.token) { cuts.add() })
        let finished = try #require(fixture.ended.register(active.token) { cuts.add() })
        fixture.ended.finish(finished)
        _ = try await fixture.service.end(session: tokens.session.id, of: tokens.session.account, origin: nil)
        #expect(cuts.value == 1)
        #expect(fixture.ended.openExchangeCount == 0)
        #expect(throws: SessionRefusal.ended(.endedByPerson)) { try activate(tokens, fixture) }
        #expect(fixture.ended.register(active.token) {} == nil)
    }

    @Test("another account cannot end it, and nothing tells that it exists")
    func foreignAccount() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let other = AccountID.random(fixture.entropy)
        #expect(try await !fixture.service.end(session: tokens.session.id, of: other, origin: nil))
        _ = try activate(tokens, fixture)
        #expect(try await fixture.service.endAll(of: other, origin: nil) == 0)
        #expect(try await fixture.service.list(other).isEmpty)
        _ = try activate(tokens, fixture)
    }

    @Test("end others keeps this one; end all keeps none; ending twice counts once")
    func othersAndAll() async throws {
        let fixture = try await SessionsFixture()
        let account = AccountID.random(fixture.entropy)
        let here = try await fixture.signIn(account: account)
        _ = try await fixture.signIn(account: account, key: fixture.thief.thumbprint)
        _ = try await fixture.signIn(account: account, client: SessionsFixture.otherClient)
        #expect(try await fixture.service.list(account).count == 3)
        let ended = try await fixture.service.endOthers(of: account, keeping: here.session.id, origin: nil)
        #expect(ended == 2)
        #expect(try await fixture.service.list(account).map(\.id) == [here.session.id])
        _ = try activate(here, fixture)
        #expect(try await fixture.service.endAll(of: account, origin: nil) == 1)
        #expect(try await fixture.service.endAll(of: account, origin: nil) == 0)
        #expect(throws: SessionRefusal.self) { try activate(here, fixture) }
    }

    @Test("a sign-in right after end-all works at once")
    func afterEndAll() async throws {
        let fixture = try await SessionsFixture()
        let account = AccountID.random(fixture.entropy)
        _ = try await fixture.signIn(account: account)
        _ = try await fixture.service.endAll(of: account, origin: nil)
        let again = try await fixture.signIn(account: account)
        _ = try activate(again, fixture)
        _ = try await fixture.refresh(again.refreshToken, attempt: 1)
    }

    @Test("a restarted process remembers what ended in the last 310 s")
    func restart() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let other = try await fixture.signIn()
        let active = try activate(tokens, fixture)
        try await fixture.service.end(.session(tokens.session.id), reason: .operatorAction, origin: nil)
        let restarted = try await SessionsFixture(seed: 12, database: fixture.database)
        restarted.clock.set(fixture.clock.now + .seconds(299))
        try await restarted.service.loadRecentEndings()
        #expect(restarted.ended.endReason(of: active.token) == .operatorAction)
        #expect(!restarted.ended.isEnded(try fixture.verifier.verify(other.accessToken.exposed, audience: nil)))
        // Its keys and tokens are the same: a refresh goes on after the restart.
        _ = try await restarted.refresh(other.refreshToken, attempt: 1)
    }

    @Test("what ended is forgotten after 310 s, and no sooner")
    func memory() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        try await fixture.service.end(.session(tokens.session.id), reason: .signedOut, origin: nil)
        fixture.clock.advance(by: .seconds(310) - .milliseconds(1))
        fixture.ended.end(session: .random(fixture.entropy), reason: .signedOut)
        #expect(fixture.ended.contains(tokens.session.id))
        fixture.clock.advance(by: .seconds(11))
        fixture.ended.end(session: .random(fixture.entropy), reason: .signedOut)
        #expect(!fixture.ended.contains(tokens.session.id))
    }

    @Test("an exchange is cut at its session's deadline, and a refresh with activity moves that deadline")
    func streamDeadline() async throws {
        var presets = SessionPresets()
        try presets.set(.aal1, to: SessionLifetimes(absolute: .days(1), idle: .hours(1), lockAfter: .minutes(5)))
        let fixture = try await SessionsFixture(presets: presets)
        let tokens = try await fixture.signIn()
        let cuts = Counter()
        _ = fixture.ended.register(try activate(tokens, fixture).token) { cuts.add() }
        fixture.clock.advance(by: .minutes(50))
        _ = try await fixture.refresh(tokens.refreshToken, attempt: 1, userIdle: .zero)
        fixture.clock.advance(by: .minutes(59))
        fixture.ended.cutOverdueExchanges()
        #expect(cuts.value == 0)
        fixture.clock.advance(by: .minutes(1))
        fixture.ended.cutOverdueExchanges()
        #expect(cuts.value == 1)
    }

    @Test("an exchange that begins with an older token has the session's latest deadline", arguments: [false, true])
    func olderToken(raised: Bool) async throws {
        var presets = SessionPresets()
        let lifetimes = SessionLifetimes(absolute: .days(1), idle: .minutes(4), lockAfter: .minutes(1))
        for preset in [SessionPreset.aal1, .aal2] { try presets.set(preset, to: lifetimes) }
        let fixture = try await SessionsFixture(presets: presets)
        let tokens = try await fixture.signIn()
        let old = try activate(tokens, fixture).token
        fixture.clock.advance(by: .minutes(3))
        if raised {
            let grant = fixture.grant(
                tokens.session.account, level: .two, methods: [.password, .oneTimePassword],
                steppedUp: tokens.session.id)
            _ = try await fixture.service.start(grant, id: .random(fixture.entropy), origin: nil)
        } else {
            _ = try await fixture.refresh(tokens.refreshToken, attempt: 1, userIdle: .zero)
        }
        let cuts = Counter()
        _ = try #require(fixture.ended.register(old) { cuts.add() })
        fixture.clock.advance(by: .minutes(4) - .seconds(1))
        fixture.ended.cutOverdueExchanges()
        #expect(cuts.value == 0)
        fixture.clock.advance(by: .seconds(1))
        fixture.ended.cutOverdueExchanges()
        #expect(cuts.value == 1)
    }

    @Test("the second use of a code ends the session, also if it comes before the session is born")
    func codeReuse() async throws {
        let fixture = try await SessionsFixture()
        let id = SessionID.random(fixture.entropy)
        try await fixture.service.endAfterCodeReuse(id, origin: nil)
        let grant = fixture.grant(.random(fixture.entropy))
        await #expect(throws: SessionError.refused) {
            try await fixture.service.start(grant, id: id, origin: nil)
        }
        #expect(try await fixture.row(id)?.endReason == .codeReuse)
        let born = SessionID.random(fixture.entropy)
        let tokens = try await fixture.service.start(grant, id: born, origin: nil)
        try await fixture.service.endAfterCodeReuse(born, origin: nil)
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(tokens.refreshToken, attempt: 1)
        }
        #expect(answer?.endReason == .codeReuse)
    }

    @Test("revocation by the bound key ends the session; by anybody else nothing happens")
    func revocation() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let text = try #require(tokens.refreshToken)
        let access = try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        let thief = fixture.thief.thumbprint
        let phone = fixture.phone.thumbprint
        let client = SessionsFixture.client
        func revoke(_ text: SecretString, _ access: VerifiedAccessToken?, _ client: ClientID, key: JWKThumbprint)
            async throws
        {
            let session = try await fixture.service.revocable(text, accessToken: access, client: client, origin: nil)
            if let session { try await fixture.service.revoke(session, key: key, origin: nil) }
        }
        try await revoke(text, nil, client, key: thief)
        try await revoke(tokens.accessToken, access, client, key: thief)
        try await revoke(text, nil, SessionsFixture.otherClient, key: phone)
        try await revoke(tokens.accessToken, access, SessionsFixture.otherClient, key: phone)
        try await revoke(SecretString("garbage"), nil, client, key: phone)
        _ = try activate(tokens, fixture)
        try await revoke(text, nil, client, key: phone)
        #expect(throws: SessionRefusal.ended(.signedOut)) { try activate(tokens, fixture) }
    }

    @Test("ended rows go after their time, running ones stay")
    func removal() async throws {
        let fixture = try await SessionsFixture()
        let gone = try await fixture.signIn()
        let stays = try await fixture.signIn()
        try await fixture.service.end(.session(gone.session.id), reason: .signedOut, origin: nil)
        #expect(try await fixture.service.removeEnded(olderThan: .days(1)) == 0)
        fixture.clock.advance(by: .days(1) + .seconds(1))
        #expect(try await fixture.service.removeEnded(olderThan: .days(1)) == 1)
        #expect(try await fixture.row(gone.session.id) == nil)
        #expect(try await fixture.row(stays.session.id) != nil)
    }

    @Test("abandoned rows, which nobody ends, go after their deadline's time")
    func abandoned() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        fixture.clock.advance(by: .days(31))
        #expect(try await fixture.service.removeEnded(olderThan: .days(1)) == 0)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.service.removeEnded(olderThan: .days(1)) == 1)
        #expect(try await fixture.row(tokens.session.id) == nil)
        let answer = await refusal { () throws(RefreshRefusal) in try await fixture.refresh(tokens.refreshToken) }
        #expect(answer != nil)
    }
}

@Suite("Ending a session: races", .serialized)
struct EndingRaceTests {
    @Test("100,000 requests race one ending: what starts after the acknowledgement is none")
    func register() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let token = try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
        for _ in 0..<100 {
            let ended = EndedSessions(clock: fixture.clock.clock)
            let history = History()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<250 {
                            let before = history.isAcknowledged
                            let exchange = ended.register(token) { history.cut() }
                            if exchange != nil { history.started(afterAcknowledgement: before) }
                        }
                    }
                }
                group.addTask {
                    ended.end(session: token.session, reason: .signedOut)
                    history.acknowledge()
                }
            }
            #expect(history.startedTooLate == 0)
            #expect(history.startedCount == history.cutCount)
            #expect(ended.openExchangeCount == 0)
        }
    }

    @Test("refreshes race an ending: every token that was issued is known to the set")
    func refresh() async throws {
        let fixture = try await SessionsFixture()
        for _ in 0..<150 {
            let tokens = try await fixture.signIn()
            let issued = try await withThrowingTaskGroup(of: IssuedTokens?.self) { group in
                for attempt in 0..<3 {
                    group.addTask {
                        do throws(RefreshRefusal) {
                            return try await fixture.refresh(tokens.refreshToken, attempt: UInt8(attempt / 2))
                        } catch { return nil }
                    }
                }
                group.addTask {
                    try await fixture.service.end(.session(tokens.session.id), reason: .signedOut, origin: nil)
                    return nil
                }
                return try await group.reduce(into: [IssuedTokens]()) { list, next in next.map { list.append($0) } }
            }
            for answer in issued + [tokens] {
                let token = try fixture.verifier.verify(answer.accessToken.exposed, audience: nil)
                #expect(fixture.ended.isEnded(token))
            }
            #expect(try await fixture.row(tokens.session.id)?.endedAt != nil)
        }
    }

    @Test("100,000 refreshes race 2,000 endings: the history shows no token that outlives what was acknowledged")
    func history() async throws {
        let fixture = try await SessionsFixture()
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<8 {
                group.addTask { for round in 0..<250 { await Self.race(fixture, lane, round) } }
            }
        }
    }

    /// Fifty refreshes of one session, most of them repetitions of one attempt, against its ending.
    private static func race(_ fixture: SessionsFixture, _ lane: Int, _ round: Int) async {
        let history = History()
        guard let tokens = try? await fixture.signIn(key: SoftwareDevice(seed: UInt64(lane + 50)).thumbprint) else {
            Issue.record("no session")
            return
        }
        let key = SoftwareDevice(seed: UInt64(lane + 50)).thumbprint
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                if number == (lane * 31 + round) % 50 {
                    group.addTask {
                        let outcome = try? await fixture.service.end(
                            .session(tokens.session.id), reason: .signedOut, origin: nil)
                        #expect(outcome != nil)
                        history.acknowledge()
                    }
                }
                group.addTask {
                    let wasOver = history.isAcknowledged
                    guard let issued = try? await fixture.refresh(tokens.refreshToken, attempt: 1, key: key) else {
                        return
                    }
                    // Begun after the acknowledgement: nothing may come. Begun before it: what came dies with the session.
                    #expect(!wasOver, "a refresh after the acknowledgement got a token")
                    let token = try? fixture.verifier.verify(issued.accessToken.exposed, audience: nil)
                    if history.isAcknowledged, let token { #expect(fixture.ended.isEnded(token)) }
                }
            }
        }
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}

private final class History: Sendable {
    private struct State {
        var acknowledged = false
        var started = 0
        var late = 0
        var cut = 0
    }
    private let state = Mutex(State())

    var isAcknowledged: Bool { state.withLock { $0.acknowledged } }
    var startedCount: Int { state.withLock { $0.started } }
    var startedTooLate: Int { state.withLock { $0.late } }
    var cutCount: Int { state.withLock { $0.cut } }
    func acknowledge() { state.withLock { $0.acknowledged = true } }
    func cut() { state.withLock { $0.cut += 1 } }
    func started(afterAcknowledgement: Bool) {
        state.withLock { state in
            state.started += 1
            if afterAcknowledgement { state.late += 1 }
        }
    }
}
