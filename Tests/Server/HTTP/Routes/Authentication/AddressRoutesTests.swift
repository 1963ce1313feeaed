import BucklerOTP
import BucklerPrimitives
import NIOHTTP1
import ServerTestSupport
import Testing

@Suite("Address routes", .timeLimit(.minutes(5)))
struct AddressRoutesTests {
    static let path = "account/addresses"

    @Test("an address is asked for, confirmed, changed, and brought back by the old mailbox")
    func story() async throws {
        try await TestServer.run { server in
            let ann = try await server.signUp("ann@example.org")
            let spare = try await Self.ask(ann, "spare@example.org", "notify")
            #expect(spare.status == 202 && spare.json["expires_in"]?.integer == 600)
            let shown = try await ann.get("/buckler/account").json["pending_address"]?.object
            #expect(shown?["email"]?.string == "spare@example.org" && shown?["purpose"]?.string == "notify")
            let wrong = try await ann.post(json: ["code": "x"], to: Self.path + "/confirm", authorized: true)
            #expect(wrong.status == 422 && wrong.code == "account.address.code_mismatch")
            try await Self.confirm(ann, server, "spare@example.org")
            #expect(
                try await ann.get("/buckler/account").json["notification_email"]?.string == "spare@example.org")
            #expect(try await ann.delete("/buckler/account/addresses/notify").status == 204)
            let none = try await ann.delete("/buckler/account/addresses/notify")
            #expect(none.status == 404 && none.code == "account.address.no_second")

            #expect(try await Self.ask(ann, "new@example.org", "primary").status == 202)
            try await Self.confirm(ann, server, "new@example.org")
            #expect(try await ann.get("/buckler/account").json["email"]?.string == "new@example.org")

            let stranger = server.phone()
            // The notice of the change may still be on its way: the code is in the mail after it.
            let asked = try await stranger.begin(Self.path + "/undo")
            #expect(asked.status == 202 && asked.asks == "email_code")
            let code = try await server.code(to: "ann@example.org", after: 1)
            let done = try await stranger.step(asked.flow, [("email_code", code)])
            #expect(done.status == 200 && done.json["address_restored"]?.bool == true)
            #expect(done.json["authorization_code"] == nil)
            #expect(try await ann.refresh().code == "session.revoked")
            let back = server.phone()
            try await back.signIn("ann@example.org")
            #expect(try await back.get("/buckler/account").json["email"]?.string == "ann@example.org")
        }
    }

    @Test("every refusal has its own code")
    func refusals() async throws {
        try await TestServer.run { server in
            let ann = try await server.signUp("ann@example.org")
            let bodies: [(JSONObject, String?)] = [
                (["email": "no address", "purpose": "notify"], "email"),
                (["email": "b@example.org", "purpose": "pigeon"], "purpose"), (["purpose": "notify"], "email"),
                (["email": "b@example.org"], "purpose"),
                (["email": "b@example.org", "purpose": "notify", "more": 1], nil),
            ]
            for (body, parameter) in bodies {
                let answer = try await ann.post(json: body, to: Self.path, authorized: true)
                #expect(answer.status == 400 && answer.code == "request.invalid" && answer.parameter == parameter)
            }
            let bare = try await ann.post(
                json: ["email": "b@example.org", "purpose": "notify"], to: Self.path, authorized: true)
            #expect(bare.status == 400 && bare.code == "request.invalid" && bare.parameter == "current_password")
            let guess = try await ann.post(
                json: ["email": "b@example.org", "purpose": "notify", "current_password": "a guess"], to: Self.path,
                authorized: true)
            #expect(guess.status == 403 && guess.code == "account.password.mismatch")
            let same = try await Self.ask(ann, "ann@example.org", "primary")
            #expect(same.status == 409 && same.code == "account.address.in_use")
            let early = try await ann.post(json: ["code": "123456"], to: Self.path + "/confirm", authorized: true)
            #expect(early.status == 404 && early.code == "account.address.none_pending")
            let form = try await ann.send(
                "POST", "/buckler/" + Self.path, headers: [("Content-Type", "text/plain")], body: [97],
                accessToken: ann.memory.accessToken)
            #expect(form.status == 415 && form.code == "request.unsupported_media_type")
            _ = try await server.enrol(ann)
            let weak = try await ann.post(
                json: ["email": "b@example.org", "purpose": "primary"], to: Self.path, authorized: true)
            #expect(weak.status == 401 && weak.code == "channel.step_up_required")
        }
    }

    @Test("with a second factor a step-up comes first, and ten minutes later again")
    func freshness() async throws {
        try await TestServer.run { server in
            let ann = try await server.signUp("ann@example.org")
            let seed = try await server.enrol(ann)
            server.clock.advance(by: .seconds(31))
            try await Self.stepUp(ann, seed, server)
            #expect(try await Self.ask(ann, "spare@example.org", "notify").status == 202)
            try await Self.confirm(ann, server, "spare@example.org")
            server.clock.advance(by: .seconds(601))
            _ = try await ann.refresh()
            for purpose in ["primary", "notify"] {
                let stale = try await Self.ask(ann, "new@example.org", purpose)
                #expect(stale.status == 401 && stale.code == "channel.step_up_required")
                let challenge = try #require(stale.headers.first(name: "www-authenticate"))
                #expect(challenge.contains("max_age=\"600\"") && challenge.contains("urn:buckler:acr:2"))
            }
            let kept = try await ann.delete("/buckler/account/addresses/notify")
            #expect(kept.status == 401 && kept.code == "channel.step_up_required")
            try await Self.stepUp(ann, seed, server)
            #expect(try await ann.delete("/buckler/account/addresses/notify").status == 204)
        }
    }

    @Test("an address that is somebody's gets the same answers; an eleventh address of a day gets none")
    func noEnumeration() async throws {
        try await TestServer.run { server in
            let ann = try await server.signUp("ann@example.org")
            _ = try await server.signUp("bob@example.org")
            var answers: [[TestAnswer]] = []
            for address in ["bob@example.org", "nobody@example.org"] {
                let asked = try await Self.ask(ann, address, "primary")
                let typed = try await ann.post(
                    json: ["code": "ABCD-EFGH"], to: Self.path + "/confirm", authorized: true)
                answers.append([asked, typed])
            }
            #expect(answers[0].map(\.status) == [202, 422] && answers[1].map(\.status) == [202, 422])
            #expect(answers[0][0].json == answers[1][0].json)
            #expect(answers[0][1].code == answers[1][1].code)
            for number in 3...10 {
                #expect(try await Self.ask(ann, "friend\(number)@example.org", "primary").status == 202)
            }
            let more = try await Self.ask(ann, "more@example.org", "primary")
            #expect(more.status == 429 && more.code == "account.address.limit")
            #expect(more.headers.first(name: "retry-after") != nil)
        }
    }

    @Test("the undo answers every address alike, and a wrong code ends nothing")
    func undoIsSilent() async throws {
        try await TestServer.run { server in
            let ann = try await server.signUp("ann@example.org")
            for address in ["ann@example.org", "nobody@example.org"] {
                let asked = try await server.phone().begin(Self.path + "/undo", ["email": .string(address)])
                #expect(asked.status == 202 && asked.asks == "email_code")
            }
            let stranger = server.phone()
            let asked = try await stranger.begin(Self.path + "/undo")
            let wrong = try await stranger.step(asked.flow, [("email_code", "ABCD-EFGH")])
            #expect(wrong.status != 200 && wrong.json["address_restored"] == nil)
            #expect(try await ann.refresh().status == 200)
        }
    }

    @Test("no route answers without a token or to another method")
    func guarded() async throws {
        try await TestServer.run { server in
            let ann = try await server.signUp("ann@example.org")
            let routes = [("POST", Self.path), ("POST", Self.path + "/confirm"), ("DELETE", Self.path + "/notify")]
            for (method, path) in routes {
                let bare = try await server.phone().send(method, "/buckler/" + path)
                #expect(bare.status == 401 && bare.code == "channel.token_required", "\(path)")
                let other = try await ann.send("PUT", "/buckler/" + path, accessToken: ann.memory.accessToken)
                #expect(other.status == 405 && other.code == "request.method_not_allowed", "\(path)")
            }
        }
    }

    private static func ask(_ phone: TestPhone, _ address: String, _ purpose: String) async throws -> TestAnswer {
        try await phone.post(
            json: [
                "email": .string(address), "purpose": .string(purpose), "current_password": .string(TestPhone.password),
            ], to: path, authorized: true)
    }

    private static func stepUp(_ phone: TestPhone, _ seed: TOTPSecret, _ server: TestServer) async throws {
        let flow = try await phone.refresh().flow
        let step = try await phone.challenge(["auth_session": flow, "username": nil])
        try await phone.redeem(try await phone.step(step.flow, [("totp", seed.code(at: server.clock.now))]))
    }

    private static func confirm(_ phone: TestPhone, _ server: TestServer, _ address: String) async throws {
        let code = try await server.code(to: address, after: 0)
        let answer = try await phone.post(json: ["code": .string(code)], to: path + "/confirm", authorized: true)
        #expect(answer.status == 204)
    }
}
