import BucklerJOSE
import BucklerPrimitives
import Sessions
import TestSupport
import Testing

@Suite("Listening to an account", .timeLimit(.minutes(5)))
struct AccountListenersTests {
    /// A fixture with streams over it.
    private struct Rig {
        let fixture: SessionsFixture
        let listeners: AccountListeners

        init() async throws {
            fixture = try await SessionsFixture()
            listeners = AccountListeners(
                ended: fixture.ended, notices: fixture.service.notices, clock: fixture.clock.clock)
        }

        func active(_ tokens: IssuedTokens) throws -> ActiveSession {
            let token = try fixture.verifier.verify(tokens.accessToken.exposed, audience: nil)
            return try SessionGuard(ended: fixture.ended, clock: fixture.clock.clock)
                .activate(token: token, proofKey: fixture.phone.thumbprint)
        }

        func notice(_ kind: AccountNotice.Kind, session: SessionID? = nil) -> AccountNotice {
            AccountNotice(kind: kind, at: fixture.clock.now, session: session, device: nil, client: nil)
        }
    }

    private func rest(_ listening: AccountListening) async -> [AccountListeners.Element] {
        await listening.elements.reduce(into: []) { $0.append($1) }
    }

    @Test("a stream carries its account's notices after its place, in order, and nobody else's")
    func notices() async throws {
        let rig = try await Rig()
        let (mine, other) = (try await rig.fixture.signIn(), try await rig.fixture.signIn())
        let listening = rig.listeners.open(try rig.active(mine), after: 10)
        let account = mine.session.account
        rig.listeners.publish(rig.notice(.signedIn), to: account, sequence: 10)
        rig.listeners.publish(rig.notice(.factorAdded), to: account, sequence: 11)
        rig.listeners.publish(rig.notice(.passwordChanged), to: other.session.account, sequence: 12)
        rig.listeners.publish(rig.notice(.signedOut, session: mine.session.id), to: account, sequence: 13)
        rig.listeners.publish(rig.notice(.signedOut, session: other.session.id), to: account, sequence: 14)
        listening.close()
        #expect(
            await rest(listening)
                == [
                    .notice(rig.notice(.factorAdded)), .notice(rig.notice(.signedOut, session: other.session.id)),
                ])
        #expect(rig.listeners.count == 0 && rig.fixture.ended.openExchangeCount == 0)
    }

    @Test("the end of the session is the last element, signed, there before the end is acknowledged")
    func ended() async throws {
        let rig = try await Rig()
        let tokens = try await rig.fixture.signIn()
        let listening = rig.listeners.open(try rig.active(tokens), after: 0)
        try await rig.fixture.service.end(.session(tokens.session.id), reason: .endedByPerson, origin: nil)
        #expect(rig.listeners.count == 0)
        rig.listeners.publish(rig.notice(.signedIn), to: tokens.session.account, sequence: 1)
        let elements = await rest(listening)
        guard case .ended(let notice)? = elements.first, elements.count == 1 else {
            Issue.record("\(elements)")
            return
        }
        let claims = try UnverifiedJWS(parsing: notice, maximumByteCount: 4096)
        #expect(claims.typ == "buckler-session-end+jwt")
        let kid = try #require(claims.kid)
        let key = try #require(rig.fixture.signingKeys.publicKey(.notice, kid: kid))
        let payload = try claims.verified(by: key, typ: "buckler-session-end+jwt").payload
        #expect(payload["sid"]?.string == tokens.session.id.text && payload["reason"]?.string == "ended_by_person")
        #expect(payload["jkt"]?.string == rig.fixture.phone.thumbprint.text)
    }

    @Test("a mass sign-out ends every stream with its notice; a deadline ends one without")
    func everything() async throws {
        let rig = try await Rig()
        let first = rig.listeners.open(try rig.active(try await rig.fixture.signIn()), after: 0)
        rig.fixture.clock.advance(by: .seconds(1))
        let sameSecond = rig.listeners.open(try rig.active(try await rig.fixture.signIn()), after: 0)
        try await rig.fixture.service.endEverything(origin: nil)
        guard case .ended? = await rest(first).last else {
            Issue.record("no notice")
            return
        }
        // Whether this one began before, the token endpoint says.
        #expect(await rest(sameSecond).isEmpty)
        rig.fixture.clock.advance(by: .seconds(2))
        let second = rig.listeners.open(try rig.active(try await rig.fixture.signIn()), after: 0)
        rig.fixture.clock.advance(by: .days(31))
        rig.fixture.ended.cutOverdueExchanges()
        #expect(await rest(second).isEmpty)
        #expect(rig.listeners.count == 0)
    }

    @Test("a session that has ended meanwhile hears only that")
    func late() async throws {
        let rig = try await Rig()
        let tokens = try await rig.fixture.signIn()
        let active = try rig.active(tokens)
        try await rig.fixture.service.end(.session(tokens.session.id), reason: .operatorAction, origin: nil)
        let listening = rig.listeners.open(active, after: 0)
        let elements = await rest(listening)
        listening.close()
        guard case .ended? = elements.first, elements.count == 1 else {
            Issue.record("\(elements)")
            return
        }
        #expect(rig.listeners.count == 0 && rig.fixture.ended.openExchangeCount == 0)
    }

    @Test("a third stream of a session closes its oldest; other sessions keep theirs")
    func bounded() async throws {
        let rig = try await Rig()
        let (mine, other) = (try await rig.fixture.signIn(), try await rig.fixture.signIn())
        let foreign = rig.listeners.open(try rig.active(other), after: 0)
        let open = try (0..<5).map { _ in rig.listeners.open(try rig.active(mine), after: 0) }
        #expect(rig.listeners.count == 3)
        for listening in open[..<3] { #expect(await rest(listening).isEmpty) }
        for listening in open + [foreign] { listening.close() }
        #expect(rig.listeners.count == 0 && rig.fixture.ended.openExchangeCount == 0)
    }

    @Test("a beat comes after 20 seconds of silence by the injected clock, and not sooner")
    func beats() async throws {
        let rig = try await Rig()
        let tokens = try await rig.fixture.signIn()
        let listening = rig.listeners.open(try rig.active(tokens), after: 0)
        rig.fixture.clock.advance(by: .milliseconds(19_999))
        rig.listeners.beat()
        rig.listeners.publish(rig.notice(.signedIn), to: tokens.session.account, sequence: 1)
        let at = rig.fixture.clock.now
        rig.fixture.clock.advance(by: .milliseconds(19_999))
        rig.listeners.beat()
        rig.fixture.clock.advance(by: .milliseconds(1))
        rig.listeners.beat()
        rig.listeners.beat()
        listening.close()
        let notice = AccountNotice(kind: .signedIn, at: at, session: nil, device: nil, client: nil)
        #expect(await rest(listening) == [.notice(notice), .beat])
    }

    @Test("a stream that nobody reads keeps its last 32 elements, the end among them")
    func slow() async throws {
        let rig = try await Rig()
        let tokens = try await rig.fixture.signIn()
        let listening = rig.listeners.open(try rig.active(tokens), after: 0)
        for sequence in 1...1000 {
            rig.listeners.publish(rig.notice(.accountChanged), to: tokens.session.account, sequence: Int64(sequence))
        }
        try await rig.fixture.service.end(.session(tokens.session.id), reason: .endedByPerson, origin: nil)
        let elements = await rest(listening)
        #expect(elements.count == 32)
        guard case .ended? = elements.last else {
            Issue.record("the end is missing")
            return
        }
    }
}
