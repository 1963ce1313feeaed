import Authentication
import Buckler
import BucklerOTP
import BucklerPrimitives
import Foundation
import NIOHTTP1
import ServerConfiguration
import ServerTestSupport
import Testing

/// RFC 9470 from the route's line in the configuration to the answer behind it.
@Suite("Step-up", .serialized, .timeLimit(.minutes(5)))
struct StepUpTests {
    private struct Echo: Decodable { let path: String }

    private static func options() -> TestServer.Options {
        var options = TestServer.Options()
        options.configure = { settings in
            settings.routes.insert(
                RouteSettings(path: "/payments/**", level: .two, maximumAge: .minutes(5)), at: 0)
        }
        return options
    }

    @Test("a route that demands level 2 is challenged, the SDK asks the person, and the call goes through")
    func stepUp() async throws {
        try await TestServer.run(Self.options()) { server in
            try await TestApp.run(server) { app in
                let session = try await app.signUp("payer@example.org")
                let enrolment = try await session.enrolTOTP()
                let secret = try #require(TOTPSecret(base32: enrolment.secret))
                _ = try await enrolment.confirm(code: secret.code(at: server.clock.now))
                #expect(try await session.api.get("/notes", as: Echo.self).path == "/notes")

                let challenge = try #require(try await Self.demand(session))
                #expect(challenge.kind == .secondFactor)
                guard case .challenge(let again) = try await challenge.answer("000000") else {
                    Issue.record("a wrong code was taken")
                    return
                }
                #expect(again.isRepeated)
                server.clock.advance(by: .seconds(30))
                guard case .signedIn(let raised) = try await again.answer(secret.code(at: server.clock.now)) else {
                    Issue.record("the right code was not taken")
                    return
                }
                #expect(raised.id == session.id && raised.level == "urn:buckler:acr:2")
                #expect(try await raised.api.get("/payments/1", as: Echo.self).path == "/payments/1")

                // The second factor ages: the route wants one of the last five minutes.
                server.clock.advance(by: .minutes(5) + .seconds(1))
                #expect(try await Self.demand(raised)?.kind == .secondFactor)
                #expect(try await raised.api.get("/notes", as: Echo.self).path == "/notes")
            }
        }
    }

    @Test("without a second factor nothing can be stepped up, and the session goes on")
    func noFactor() async throws {
        try await TestServer.run(Self.options()) { server in
            try await TestApp.run(server) { app in
                let session = try await app.signUp("plain@example.org")
                do {
                    _ = try await session.api.get("/payments/1", as: Echo.self)
                    Issue.record("the route was open")
                } catch BucklerError.refused(let problem) {
                    #expect(problem.code == "account.factor.required", "\(problem)")
                }
                #expect(try await session.api.get("/notes", as: Echo.self).path == "/notes")
            }
        }
    }

    @Test("the code of a step-up that comes a second time ends the session that it raised")
    func secondUse() async throws {
        try await TestServer.run(Self.options()) { server in
            let phone = try await server.signUp("twice@example.org")
            let factor = try await phone.enrolAuthenticator(at: server.clock.now)
            server.clock.advance(by: .seconds(30))
            let refreshed = try await phone.refresh()
            let handle = try #require(refreshed.json["auth_session"]?.string)
            let begun = try await phone.step(
                handle, [("code_challenge", phone.codeChallenge), ("code_challenge_method", "S256")])
            let flow = try #require(begun.json["auth_session"]?.string)
            let answer = try await phone.step(flow, [("totp", factor.secret.code(at: server.clock.now))])
            try await phone.redeem(answer)
            #expect(try await phone.get("/payments/1").status == 200)
            await #expect(throws: TestPhoneFailure.self) { try await phone.redeem(answer) }
            let refused = try await phone.refresh()
            #expect(refused.status == 400 && refused.code == "session.revoked", "\(refused.json)")
        }
    }

    @Test("the challenge on the wire is RFC 9470's, with level and age")
    func wire() async throws {
        try await TestServer.run(Self.options()) { server in
            let phone = try await server.signUp("wire@example.org")
            let answer = try await phone.get("/payments/1")
            #expect(answer.status == 401 && answer.code == "channel.step_up_required")
            let challenge = answer.headers.first(name: "www-authenticate") ?? ""
            #expect(challenge.hasPrefix("DPoP error=\"insufficient_user_authentication\""))
            #expect(challenge.contains("acr_values=\"urn:buckler:acr:2\"") && challenge.contains("max_age=\"300\""))
        }
    }

    /// What the route wants before it answers; nil if it answered.
    private static func demand(_ session: BucklerSession) async throws -> Buckler.Challenge? {
        do {
            _ = try await session.api.get("/payments/1", as: Echo.self)
            return nil
        } catch BucklerError.needs(let challenge) {
            return challenge
        }
    }
}
