import BucklerOTP
import BucklerPrimitives
import NIOHTTP1
import ServerTestSupport
import Synchronization
import Testing

@Suite("Sign-up and reset routes", .timeLimit(.minutes(5)))
struct SignUpAndResetRoutesTests {
    static let endpoints = ["account/sign-up", "account/reset"]

    @Test("only POST, only JSON, only with a proof", arguments: endpoints)
    func shape(endpoint: String) async throws {
        try await TestServer.run { server in
            let phone = server.phone()
            for method in ["GET", "PUT", "DELETE"] {
                let answer = try await phone.send(method, "/buckler/" + endpoint)
                #expect(answer.status == 405 && answer.code == "request.method_not_allowed", "\(method)")
                #expect(answer.headers.first(name: "allow") == "POST")
            }
            for type in ["application/x-www-form-urlencoded", "text/json"] {
                let answer = try await phone.send(
                    "POST", "/buckler/" + endpoint, headers: [("Content-Type", type)], body: Array("{}".utf8))
                #expect(answer.status == 415 && answer.code == "request.unsupported_media_type", "\(type)")
            }
            for body in ["", "[]", "{\"a\":1,\"a\":2}", "{} x"] {
                let answer = try await phone.send(
                    "POST", "/buckler/" + endpoint, headers: [("Content-Type", "application/json")],
                    body: Array(body.utf8))
                #expect(answer.status == 400 && answer.code == "request.invalid", "\(body)")
                #expect(answer.headers.first(name: "content-type") == "application/problem+json")
            }
        }
    }

    @Test("every member is judged, and named when it is wrong", arguments: endpoints)
    func members(endpoint: String) async throws {
        try await TestServer.run { server in
            let phone = server.phone()
            let wrong: [([String: JSONValue?], String, String?)] = [
                (["client_id": nil], "auth.client.unknown", nil),
                (["client_id": "nobodys-app"], "auth.client.unknown", nil),
                (["client_id": 1], "request.invalid", "client_id"), (["email": nil], "request.invalid", "email"),
                (["email": "no address"], "request.invalid", "email"),
                (["device_id": "dev_x"], "request.invalid", "device_id"),
                (["code_challenge": nil], "auth.flow.parameter", "code_challenge"),
                (["code_challenge_method": "plain"], "auth.flow.parameter", "code_challenge_method"),
                (["device_name": ""], "auth.flow.parameter", "device_name"),
                (["scope": "everything"], "auth.scope.refused", nil),
                (["resource": "https://elsewhere.example"], "auth.target.refused", nil),
            ]
            for (change, code, parameter) in wrong {
                let answer = try await phone.begin(endpoint, change)
                #expect(answer.status == 400 && answer.code == code, "\(change): \(String(describing: answer.code))")
                #expect(answer.parameter == parameter, "\(change)")
            }
            #expect(server.mail.count == 0)
        }
    }

    @Test("a known and an unknown address get the same 202", arguments: endpoints)
    func sameAnswer(endpoint: String) async throws {
        try await TestServer.run { server in
            _ = try await server.signUp("ann@example.org")
            let known = try await server.phone().begin(endpoint)
            let unknown = try await server.phone().begin(endpoint, ["email": "eve@example.org"])
            for answer in [known, unknown] {
                #expect(answer.status == 202 && answer.asks == "email_code" && answer.flow.utf8.count == 43)
                #expect(answer.headers.first(name: "cache-control") == "no-store")
            }
            #expect(known.json.names == unknown.json.names)
            #expect(known.json["challenge"] == unknown.json["challenge"])
        }
    }

    @Test("a sign-up says what is wrong with its password, and is throttled per network")
    func passwords() async throws {
        let hasher = SwitchedHasher()
        var options = TestServer.Options()
        options.hasher = hasher
        try await TestServer.run(options) { server in
            let phone = server.phone()
            let short = try await phone.begin("account/sign-up", ["password": "seven77"])
            #expect(short.status == 422 && short.code == "account.password.too_short")
            #expect(short.json["minimum"]?.integer == 8)
            let common = try await phone.begin("account/sign-up", ["password": "passwordpassword"])
            #expect(common.status == 422 && common.code == "account.password.guessable")
            let long = try await phone.begin(
                "account/sign-up", ["password": .string(String(repeating: "aB3$", count: 80))])
            #expect(long.status == 422 && long.code == "account.password.too_long")
            let control = try await phone.begin("account/sign-up", ["password": "a lighthouse\u{7} in the fog"])
            #expect(control.status == 422 && control.code == "account.password.not_text")
            #expect(try await phone.begin("account/sign-up", ["password": nil]).code == "request.invalid")
            hasher.isBusy.withLock { $0 = true }
            let busy = try await phone.begin("account/sign-up")
            #expect(busy.status == 503 && busy.code == "auth.busy")
            hasher.isBusy.withLock { $0 = false }
            var last = try await phone.begin("account/sign-up")
            for _ in 0..<40 where last.status != 429 { last = try await phone.begin("account/sign-up") }
            #expect(last.status == 429 && last.code == "auth.throttled")
            #expect(last.headers.first(name: "retry-after") != nil)
        }
    }

    @Test("a short password enrols an authenticator app before there is an account")
    func shortPassword() async throws {
        try await TestServer.run { server in
            let phone = server.phone()
            let begun = try await phone.begin("account/sign-up", ["password": "vqzt-mw9"])
            #expect(begun.status == 202 && begun.asks == "email_code")
            let code = try await server.code(to: "ann@example.org", after: 0)
            let asked = try await phone.step(begun.flow, [("email_code", code)])
            #expect(asked.status == 400 && asked.asks == "enrol_factor")
            let challenge = try #require(asked.json["challenge"]?.object)
            #expect(challenge["methods"]?.array == ["totp"])
            #expect(challenge["otpauth_uri"]?.string?.hasPrefix("otpauth://totp/") == true)
            let seed = try totpSeed(challenge["secret"])
            let wrong = try await phone.step(begun.flow, [("totp", "abcdef")])
            #expect(wrong.code == "auth.credentials.mismatch" && wrong.json["attempts_left"]?.integer == 4)
            let done = try await phone.step(begun.flow, [("totp", seed.code(at: server.clock.now))])
            #expect(done.status == 200)
            try await phone.redeem(done)
            let account = try await phone.get("/buckler/account")
            #expect(account.json["password_class"]?.string == "needs_second_factor")
            #expect(account.json["factors"]?.array?.count == 1)
            let factor = try #require(account.json["factors"]?.array?.first?.object?["id"]?.string)
            let kept = try await phone.delete("/buckler/account/factors/\(factor)")
            #expect(kept.status == 409 && kept.code == "account.factor.guards_password")
            // The password alone opens nothing, not even on this phone.
            let alone = try await phone.begin("ann@example.org", password: "vqzt-mw9")
            #expect(alone.asks == "second_factor")
        }
    }

    @Test("a reset's new password is judged in the flow, which goes on")
    func resetPassword() async throws {
        try await TestServer.run { server in
            _ = try await server.signUp("ann@example.org")
            let phone = server.phone()
            let refused = try await server.reset("ann@example.org", on: phone, password: "too short")
            #expect(refused.status == 400 && refused.error == "insufficient_authorization")
            #expect(refused.code == "account.password.too_short" && refused.json["minimum"]?.integer == 15)
            let done = try await phone.step(refused.flow, [("new_password", "a lighthouse in the fog")])
            #expect(done.status == 200)
        }
    }
}
