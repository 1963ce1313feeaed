import BucklerPrimitives
import ServerTestSupport
import Testing

/// T2: a changed app that says at every refresh that a person has just touched it (PD-02).
@Suite("T2: a liar about activity", .serialized, .timeLimit(.minutes(5)))
struct IdleLiarTests {
    @Test("it must stay in contact all the time, and ends at the absolute deadline, whatever it says")
    func absoluteDeadline() async throws {
        try await TestServer.run { server in
            let liar = try await server.signUp("liar@example.org")
            for _ in 0..<29 {
                server.clock.advance(by: .days(1))
                #expect(try await liar.refresh(userIdle: 0).status == 200)
            }
            server.clock.advance(by: .days(1) - .seconds(20))
            let last = try await liar.refresh(userIdle: 0)
            let lifetime = try #require(last.json["expires_in"]?.integer)
            #expect(lifetime > 0 && lifetime <= 20, "the last token lives no longer than the session: \(lifetime)")
            server.clock.advance(by: .seconds(20))
            let late = try await liar.refresh(userIdle: 0)
            #expect(late.status == 400 && late.code == "session.expired", "\(late.json)")
            #expect(try await liar.get("/notes").status == 401)
        }
    }

    @Test("one silence as long as the idle time ends it, and no later claim brings it back", arguments: [0, 1, 86_400])
    func silence(claim: Int) async throws {
        try await TestServer.run { server in
            let liar = try await server.signUp("liar@example.org")
            server.clock.advance(by: .days(14))
            for _ in 0..<3 {
                let late = try await liar.refresh(userIdle: claim)
                #expect(late.status == 400 && late.code == "session.idle", "\(late.json)")
            }
        }
    }

    @Test("claims that are no number of seconds gain nothing", arguments: [-1, -86_400, Int.min, Int.max])
    func absurdClaims(claim: Int) async throws {
        try await TestServer.run { server in
            let liar = try await server.signUp("liar@example.org")
            server.clock.advance(by: .days(13))
            _ = try await liar.refresh(userIdle: claim)
            // Had the claim counted as activity, the session would live until day 27.
            server.clock.advance(by: .days(14))
            let late = try await liar.refresh(userIdle: 0)
            #expect(late.status == 400 && late.code == "session.idle", "\(claim): \(late.json)")
        }
    }
}
