import BucklerPrimitives
import NIOHTTP1
import ServerConfiguration
import ServerTestSupport
import Testing

@Suite("The whole server inside a test")
struct TestServerTests {
    @Test("a person signs up, calls the API, refreshes, signs out, and is refused with a signed notice")
    func story() async throws {
        try await TestServer.run { server in
            let phone = try await server.signUp("ann@example.org")
            let first = try await phone.get("/notes")
            #expect(first.status == 200)
            #expect(first.json["path"]?.string == "/notes")
            #expect(try await phone.refresh().status == 200)
            #expect(try await phone.get("/notes").status == 200)

            let session = try #require(phone.memory.session)
            #expect(try await phone.delete("/buckler/account/sessions/\(session)").status == 204)
            let refused = try await phone.get("/notes")
            #expect(refused.status == 401)
            #expect(refused.json["session_end"]?.string?.isEmpty == false)
        }
    }

    @Test("another device signs the first one out")
    func otherDevice() async throws {
        try await TestServer.run { server in
            let first = try await server.signUp("bea@example.org")
            let second = server.phone()
            try await second.signIn("bea@example.org")
            #expect(try await second.get("/notes").status == 200)
            let ended = try await second.send(
                "POST", "/buckler/account/sessions/end-others", accessToken: second.memory.accessToken)
            #expect(ended.status == 200 && ended.json["ended"]?.integer == 1)
            #expect(try await first.get("/notes").status == 401)
            #expect(try await second.get("/notes").status == 200)
        }
    }

    @Test("a stranger gets 401 with a problem document and the secure headers")
    func stranger() async throws {
        try await TestServer.run { server in
            let phone = server.phone()
            let answer = try await phone.send("GET", "/notes")
            #expect(answer.status == 401)
            #expect(answer.headers.first(name: "content-type") == "application/problem+json")
            #expect(answer.headers.first(name: "x-content-type-options") == "nosniff")
            #expect(answer.headers.first(name: "www-authenticate")?.hasPrefix("DPoP") == true)
            #expect(answer.json["code"]?.string == answer.headers.first(name: "buckler-problem"))
        }
    }

    @Test(
        "where requests count as activity, a session in use goes on; without requests it ends",
        arguments: [true, false])
    func requestsAsActivity(isUsed: Bool) async throws {
        var options = TestServer.Options()
        options.configure = { settings in
            settings.clients[0].activity = .requests
            settings.presets[.aal1] = PresetSettings(absolute: .days(1), idle: .minutes(10), lockAfter: .minutes(5))
        }
        try await TestServer.run(options) { server in
            let phone = try await server.signUp("dora@example.org")
            for round in 1...5 {
                server.clock.advance(by: .minutes(4))
                if isUsed {
                    #expect(try await phone.get(round.isMultiple(of: 2) ? "/notes" : "/buckler/account").status == 200)
                }
                let answer = try await phone.refresh()
                #expect(answer.status == (isUsed || round < 3 ? 200 : 400))
            }
        }
    }

    @Test("idle for longer than the preset ends the session; the absolute end comes whatever happens")
    func lifetimes() async throws {
        try await TestServer.run { server in
            let phone = try await server.signUp("cleo@example.org")
            server.clock.advance(by: .days(14) - .seconds(1))
            #expect(try await phone.refresh(userIdle: 0).status == 200)
            server.clock.advance(by: .days(14))
            let late = try await phone.refresh(userIdle: 0)
            #expect(late.status == 400 && late.json["code"]?.string == "session.idle")
        }
    }
}
