import BucklerPrimitives
import Sessions
import Synchronization
import TestSupport
import Testing

@Suite("Signing everybody out")
struct MassSignOutTests {
    private func activate(_ tokens: IssuedTokens, _ fixture: SessionsFixture) throws -> ActiveSession {
        let token = try fixture.verifier.verify(tokens.accessToken.exposed, audience: SessionsFixture.audience)
        return try SessionGuard(ended: fixture.ended, clock: fixture.clock.clock)
            .activate(token: token, proofKey: fixture.phone.thumbprint)
    }

    @Test("one row ends every session, and a later sign-in goes on")
    func everything() async throws {
        let fixture = try await SessionsFixture()
        let tokens = try await fixture.signIn()
        let cuts = Cuts()
        _ = fixture.ended.register(try activate(tokens, fixture).token) { cuts.add() }
        fixture.clock.advance(by: .milliseconds(1400))
        try await fixture.service.endEverything(origin: nil)
        #expect(cuts.value == 1)
        #expect(throws: SessionRefusal.ended(.massSignOut)) { try activate(tokens, fixture) }
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(tokens.refreshToken, attempt: 1)
        }
        #expect(answer?.endReason == .massSignOut)
        fixture.clock.advance(by: .seconds(1))
        let later = try await fixture.signIn()
        _ = try activate(later, fixture)
        _ = try await fixture.refresh(later.refreshToken, attempt: 1)
    }

    @Test(
        "in the second of a sign-out of all, tokens open nothing and give no reason; the token endpoint knows who is whose"
    )
    func everythingWithinTheSecond() async throws {
        let fixture = try await SessionsFixture()
        let before = try await fixture.signIn()
        let open = try activate(before, fixture).token
        fixture.clock.advance(by: .milliseconds(400))
        try await fixture.service.endEverything(origin: nil)
        fixture.clock.advance(by: .milliseconds(400))
        let after = try await fixture.signIn()
        for tokens in [before, after] {
            #expect(throws: SessionRefusal.undecided) { try activate(tokens, fixture) }
        }
        #expect(fixture.ended.register(open) {} == nil)
        #expect(fixture.ended.endReason(of: open) == nil && fixture.ended.isEnded(open))
        let answer = await refusal { () throws(RefreshRefusal) in
            try await fixture.refresh(before.refreshToken, attempt: 1)
        }
        #expect(answer?.endReason == .massSignOut)
        fixture.clock.advance(by: .milliseconds(200))
        let next = try await fixture.refresh(after.refreshToken, attempt: 1)
        _ = try activate(next, fixture)
        // Once ended by name, the register is sure again.
        try await fixture.service.end(.session(after.session.id), reason: .signedOut, origin: nil)
        #expect(throws: SessionRefusal.ended(.signedOut)) { try activate(after, fixture) }
    }

    @Test("a restarted process remembers a mass sign-out")
    func restartAfterMass() async throws {
        let fixture = try await SessionsFixture()
        let active = try activate(try await fixture.signIn(), fixture)
        fixture.clock.advance(by: .seconds(1))
        let sameSecond = try activate(try await fixture.signIn(), fixture)
        try await fixture.service.endEverything(origin: nil)
        let restarted = try await SessionsFixture(seed: 12, database: fixture.database)
        restarted.clock.set(fixture.clock.now)
        try await restarted.service.loadRecentEndings()
        #expect(restarted.ended.endReason(of: active.token) == .massSignOut)
        #expect(restarted.ended.standing(of: sameSecond.token) == .undecided)
    }
}

/// Counts exchanges that were told to stop.
private final class Cuts: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
