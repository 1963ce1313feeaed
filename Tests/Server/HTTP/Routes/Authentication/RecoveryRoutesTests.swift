import BucklerOTP
import BucklerPrimitives
import ServerConfiguration
import ServerTestSupport
import Testing

/// PD-12 over HTTP, from the first notice to the lost factor's end.
@Suite("Recovery routes", .timeLimit(.minutes(5)))
struct RecoveryRoutesTests {
    @Test("an old phone sees the recovery and ends it")
    func cancelled() async throws {
        try await TestServer.run { server in
            let old = try await server.signUp("ann@example.org")
            _ = try await server.enrol(old)
            #expect(try await old.get("/buckler/account").json["recovery"] == nil)
            let none = try await old.delete("/buckler/account/recovery")
            #expect(none.status == 404 && none.code == "account.recovery.none")

            let thief = server.phone()
            let half = try await server.reset("ann@example.org", on: thief)
            #expect(half.asks == "second_factor")
            let held = try await thief.step(half.flow, [("method", "recovery")])
            #expect(held.status == 403 && held.error == "access_denied" && held.code == "auth.recovery.needs_proof")
            let now = server.clock.now.seconds
            #expect(held.json["recovery"]?.object?["completes_at"]?.integer == now + 72 * 3600)

            let shown = try await old.get("/buckler/account").json["recovery"]?.object
            #expect(shown?["started_at"]?.integer == now)
            #expect(try await old.delete("/buckler/account/recovery").status == 204)
            #expect(try await old.get("/buckler/account").json["recovery"] == nil)
            server.clock.advance(by: .hours(72))
            #expect(try await server.reset("ann@example.org", on: thief).asks == "second_factor")
        }
    }

    @Test("the recovery is closed to strangers: no token, no proof, another device's proof")
    func guarded() async throws {
        try await TestServer.run { server in
            let ann = try await server.signUp("ann@example.org")
            let stranger = server.phone()
            #expect(try await stranger.send("DELETE", "/buckler/account/recovery").status == 401)
            let foreign = try await stranger.send(
                "DELETE", "/buckler/account/recovery", accessToken: ann.memory.accessToken)
            #expect(foreign.status == 401)
            for method in ["GET", "POST", "PUT"] {
                let answer = try await ann.send(
                    method, "/buckler/account/recovery", accessToken: ann.memory.accessToken)
                #expect(answer.status == 405 && answer.code == "request.method_not_allowed", "\(method)")
            }
        }
    }

    @Test("after 72 hours the mailbox gets in: at level 1, without the lost factor, every other session ended")
    func completed() async throws {
        try await TestServer.run { server in
            let old = try await server.signUp("ann@example.org")
            _ = try await server.enrol(old)
            let phone = server.phone()
            let half = try await server.reset("ann@example.org", on: phone)
            #expect(try await phone.step(half.flow, [("method", "recovery")]).status == 403)
            server.clock.advance(by: .hours(72) - .seconds(1))
            #expect(try await server.reset("ann@example.org", on: phone).asks == "second_factor")
            server.clock.advance(by: .seconds(1))
            let done = try await server.reset("ann@example.org", on: phone)
            #expect(done.status == 200)
            try await phone.redeem(done)
            let account = try await phone.get("/buckler/account")
            #expect(account.status == 200)
            #expect(account.json["factors"]?.array?.isEmpty == true)
            #expect(account.json["recovery_codes_left"]?.integer == 0)
            let ended = try await old.refresh()
            #expect(ended.status == 400 && ended.code == "session.revoked")
            #expect(ended.json["session_end"]?.string != nil)
        }
    }

    @Test(
        "after a saved code: level 1, a factor is required, sensitive scopes wait a day; enrolling and stepping up ends it"
    )
    func aftermath() async throws {
        var options = TestServer.Options()
        options.configure = { settings in
            for index in settings.clients.indices {
                settings.clients[index].scopes = ["notes", "notes.erase"]
                settings.clients[index].sensitiveScopes = ["notes.erase"]
            }
        }
        try await TestServer.run(options) { server in
            let old = try await server.signUp("ann@example.org")
            let begun = try await old.post(json: [:], to: "account/factors/totp", authorized: true)
            let seed = try totpSeed(begun.json["secret"])
            let id = try #require(begun.json["factor_id"]?.string)
            let confirmed = try await old.post(
                json: ["code": .string(seed.code(at: server.clock.now))], to: "account/factors/totp/\(id)/confirm",
                authorized: true)
            let saved = try #require(confirmed.json["recovery_codes"]?.array?.first?.string)
            let phone = server.phone()
            let asked = try await phone.begin("ann@example.org", password: TestPhone.password)
            try await phone.redeem(try await phone.step(asked.flow, [("recovery_code", saved)]))
            let first = try await phone.refresh()
            #expect(first.json["scope"]?.string == "notes")
            #expect(first.json["session"]?.object?["acr"]?.string == "urn:buckler:acr:1")
            #expect(first.json["session"]?.object?["factor_required"]?.bool == true)
            #expect(try await phone.get("/buckler/account").json["factor_required"]?.bool == true)
            let enrolled = try await server.enrol(phone)
            #expect(try await phone.get("/buckler/account").json["factor_required"]?.bool == false)
            server.clock.advance(by: .seconds(31))
            let step = try await phone.challenge(["auth_session": first.flow, "username": nil])
            try await phone.redeem(
                try await phone.step(step.flow, [("totp", enrolled.code(at: server.clock.now))]))
            let raised = try await phone.refresh()
            #expect(raised.json["session"]?.object?["factor_required"]?.bool == false)
            #expect(raised.json["session"]?.object?["acr"]?.string == "urn:buckler:acr:2")
            #expect(raised.json["scope"]?.string == "notes")
            server.clock.advance(by: .hours(24))
            #expect(try await phone.refresh().json["scope"]?.string == "notes notes.erase")
        }
    }

    @Test("the mailbox itself ends it, within a reset")
    func byMailbox() async throws {
        try await TestServer.run { server in
            let old = try await server.signUp("ann@example.org")
            _ = try await server.enrol(old)
            let phone = server.phone()
            let half = try await server.reset("ann@example.org", on: phone)
            _ = try await phone.step(half.flow, [("method", "recovery")])
            let told = try await phone.step(half.flow, [])
            #expect(told.json["challenge"]?.object?["recovery"]?.object?["completes_at"] != nil)
            let cancelled = try await phone.step(half.flow, [("method", "cancel_recovery")])
            #expect(cancelled.status == 400 && cancelled.asks == "second_factor")
            #expect(cancelled.json["challenge"]?.object?["recovery"] == nil)
            #expect(try await old.get("/buckler/account").json["recovery"] == nil)
        }
    }
}
