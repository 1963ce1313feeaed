import Authentication
import BucklerOTP
import BucklerPrimitives
import TestSupport
import Testing

@Suite("Account routes", .timeLimit(.minutes(5)))
struct AccountRoutesTests {
    typealias Rig = AccountRouteRig

    /// Every route of the account, with a body that fits.
    static let routes: [(method: String, path: String, json: JSONObject?)] = [
        ("GET", "/account", nil), ("POST", "/account/password", ["current_password": "a", "new_password": "b"]),
        ("POST", "/account/factors/totp", nil),
        ("POST", "/account/factors/totp/fac_AAAAAAAAAAAAAAAAAAAAAA/confirm", ["code": "123456"]),
        ("DELETE", "/account/factors/fac_AAAAAAAAAAAAAAAAAAAAAA", nil), ("POST", "/account/recovery-codes", nil),
        ("DELETE", "/account/recovery", nil),
    ]

    @Test("no route answers without a token, or to another device's proof")
    func guarded() async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            for route in Self.routes {
                let bare = try await rig.call(route.method, route.path, token: nil, json: route.json)
                #expect(bare.status == 401 && bare.code == "channel.token_required", "\(route.path)")
                #expect(bare.headers["www-authenticate"]?.hasPrefix("DPoP") == true)
                let foreign = try await rig.call(
                    route.method, route.path, token: ann.token, device: SoftwareDevice(seed: 2), json: route.json)
                #expect(foreign.status == 401, "\(route.path)")
                #expect(foreign.body["email"] == nil)
            }
        }
    }

    @Test("the overview names what the owner may know, and may not be cached")
    func overview() async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            let answer = try await rig.call("GET", "/account", token: ann.token)
            #expect(answer.status == 200)
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(answer.body["email"]?.string == "ann@example.org")
            #expect(answer.body["id"]?.string == ann.account.text)
            #expect(answer.body["password_class"]?.string == "standard")
            #expect(answer.body["recovery_codes_left"]?.integer == 0)
            #expect(answer.body["factor_required"]?.bool == false)
            #expect(
                answer.body.names == [
                    "id", "email", "factors", "password_class", "recovery_codes_left", "factor_required",
                ])
        }
    }

    @Test("a factor is enrolled, shown and removed")
    func factors() async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            let begun = try await rig.call("POST", "/account/factors/totp", token: ann.token)
            #expect(begun.status == 201)
            let id = try #require(begun.body["factor_id"]?.string)
            let uri = try #require(begun.body["otpauth_uri"]?.string)
            #expect(uri.hasPrefix("otpauth://totp/Acme%20Notes:ann%40example.org?secret="))
            #expect(begun.body["qr_svg"]?.string?.hasPrefix("<svg") == true)
            let seed = SecretString(try #require(begun.body["secret"]?.string))
            let code = try #require(TOTPSecret(base32: seed)).code(at: rig.clock.now)
            let path = "/account/factors/totp/\(id)/confirm"
            let wrong = try await rig.call("POST", path, token: ann.token, json: ["code": "abcdef"])
            #expect(wrong.status == 422 && wrong.code == "account.factor.code_mismatch")
            let confirmed = try await rig.call("POST", path, token: ann.token, json: ["code": .string(code)])
            #expect(confirmed.status == 200 && confirmed.body["recovery_codes"]?.array?.count == 10)
            let again = try await rig.call("POST", path, token: ann.token, json: ["code": .string(code)])
            #expect(again.status == 404 && again.code == "account.factor.not_found")
            let fresh = try await rig.call("POST", "/account/recovery-codes", token: ann.token)
            #expect(fresh.status == 201 && fresh.body["recovery_codes"]?.array?.count == 10)
            let shown = try await rig.call("GET", "/account", token: ann.token)
            #expect(shown.body["factors"]?.array?.first?.object?["id"]?.string == id)
            #expect(try await rig.call("DELETE", "/account/factors/\(id)", token: ann.token).status == 204)
            let none = try await rig.call("POST", "/account/recovery-codes", token: ann.token)
            #expect(none.status == 409 && none.code == "account.factor.required")
        }
    }

    @Test("a password is changed, and every refusal has its own code")
    func passwords() async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            func change(_ current: String, _ new: String) async throws -> Rig.Answer {
                try await rig.call(
                    "POST", "/account/password", token: ann.token,
                    json: ["current_password": .string(current), "new_password": .string(new)])
            }
            let short = try await change(Rig.password, "too short")
            #expect(short.status == 422 && short.code == "account.password.too_short")
            #expect(short.body["minimum"]?.integer == 15)
            let long = try await change(Rig.password, String(repeating: "long and unusual ", count: 20))
            #expect(long.code == "account.password.too_long")
            #expect(try await change(Rig.password, "fairly long\u{0}password").code == "account.password.not_text")
            let common = try await change(Rig.password, "password12345678")
            #expect(common.code == "account.password.guessable" && common.body["weakness"]?.string == "common")
            let mismatch = try await change("not the password", "another fine password")
            #expect(mismatch.status == 403 && mismatch.code == "account.password.mismatch")
            #expect(try await change(Rig.password, "another fine password").status == 204)
            #expect(try await change(Rig.password, "yet another password").code == "account.password.mismatch")
        }
    }

    @Test("a session of level 1 is asked for the second factor, in RFC 9470's words")
    func stepUp() async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            let begun = try await rig.call("POST", "/account/factors/totp", token: ann.token)
            let (id, seed) = (begun.body["factor_id"]?.string ?? "", SecretString(begun.body["secret"]?.string ?? ""))
            let code = try #require(TOTPSecret(base32: seed)).code(at: rig.clock.now)
            _ = try await rig.call(
                "POST", "/account/factors/totp/\(id)/confirm", token: ann.token, json: ["code": .string(code)])
            let weak = try await rig.token(ann.account, level: .one)
            let answer = try await rig.call("DELETE", "/account/factors/\(id)", token: weak)
            #expect(answer.status == 401 && answer.code == "channel.step_up_required")
            let challenge = answer.headers["www-authenticate"] ?? ""
            #expect(challenge.contains("insufficient_user_authentication") && challenge.contains("urn:buckler:acr:2"))
            #expect(try await rig.call("GET", "/account", token: weak).status == 200)
        }
    }

    @Test("another person's factor is not there")
    func foreignFactor() async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            let eve = try await rig.signIn("eve@example.org")
            let begun = try await rig.call("POST", "/account/factors/totp", token: ann.token)
            let (id, seed) = (begun.body["factor_id"]?.string ?? "", SecretString(begun.body["secret"]?.string ?? ""))
            let code = try #require(TOTPSecret(base32: seed)).code(at: rig.clock.now)
            let path = "/account/factors/totp/\(id)/confirm"
            let foreign = try await rig.call("POST", path, token: eve.token, json: ["code": .string(code)])
            #expect(foreign.status == 404)
            #expect(try await rig.call("POST", path, token: ann.token, json: ["code": .string(code)]).status == 200)
            #expect(try await rig.call("DELETE", "/account/factors/\(id)", token: eve.token).status == 404)
        }
    }

    @Test(
        "bodies with missing, foreign or wrongly typed members are refused",
        arguments: [
            #"{"current_password":"a"}"#, #"{"current_password":"a","new_password":1}"#,
            #"{"current_password":null,"new_password":"b"}"#,
            #"{"current_password":"a","new_password":"b","sign_out_others":"yes"}"#,
            #"{"current_password":"a","new_password":"b","x":1}"#,
        ])
    func bodies(text: String) async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            let json = try StrictJSON.parseObject(Array(text.utf8))
            let answer = try await rig.call("POST", "/account/password", token: ann.token, json: json)
            #expect(answer.status == 400 && answer.code == "request.invalid")
        }
    }

    @Test(
        "identifiers that are none are not found", arguments: ["x", "fac_", "fac_AAAA", "acc_AAAAAAAAAAAAAAAAAAAAAA"])
    func identifiers(text: String) async throws {
        try await Rig.run { rig in
            let ann = try await rig.signIn()
            let answer = try await rig.call("DELETE", "/account/factors/\(text)", token: ann.token)
            #expect(answer.status == 404 && answer.code == "account.factor.not_found")
        }
    }
}
