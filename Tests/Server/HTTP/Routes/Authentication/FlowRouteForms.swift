import BucklerOTP
import BucklerPrimitives
import ServerTestSupport
import Testing

/// Requests of sign-in, sign-up and reset, as tests of their routes need them.
extension TestPhone {
    /// The first request of a sign-in with single fields changed, added, or (nil) left out.
    func challenge(_ changes: [String: String?] = [:]) async throws -> TestAnswer {
        var form = [
            "client_id": client, "response_type": "code", "code_challenge": codeChallenge,
            "code_challenge_method": "S256", "username": "ann@example.org",
        ]
        for (name, value) in changes { form[name] = value }
        return try await post(
            form: form.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: "oauth/authorize-challenge")
    }

    /// The JSON that begins a sign-up or a reset with single members changed, added, or (nil) left out.
    func begin(_ endpoint: String, _ changes: [String: JSONValue?] = [:]) async throws -> TestAnswer {
        var body: JSONObject = [
            "client_id": .string(client), "email": "ann@example.org", "code_challenge": .string(codeChallenge),
            "code_challenge_method": "S256",
        ]
        if endpoint == "account/sign-up" { body["password"] = .string(Self.password) }
        for (name, value) in changes { body[name] = value }
        return try await post(json: body, to: endpoint)
    }
}

extension TestServer {
    /// The newest code mailed to an address, after `seen` mails.
    func code(to address: String, after seen: Int) async throws -> String {
        try #require(await mail.code(to: try Email(parsing: address), after: seen))
    }

    /// How many mails came to an address.
    func mails(to address: String) throws -> Int { mail.count(to: try Email(parsing: address)) }

    /// A reset whose mailed code and new password were typed.
    func reset(
        _ address: String, on phone: TestPhone, password: String = "a lighthouse in the fog"
    ) async throws -> TestAnswer {
        let seen = try mails(to: address)
        let begun = try await phone.begin("account/reset", ["email": .string(address)])
        let flow = try #require(begun.json["auth_session"]?.string)
        let code = try await code(to: address, after: seen)
        return try await phone.step(flow, [("email_code", code), ("new_password", password)])
    }

    /// Enrols an authenticator app on a signed-in phone, and answers its seed.
    func enrol(_ phone: TestPhone) async throws -> TOTPSecret {
        let begun = try await phone.post(json: [:], to: "account/factors/totp", authorized: true)
        let id = try #require(begun.json["factor_id"]?.string)
        let seed = try totpSeed(begun.json["secret"])
        let code = JSONValue.string(seed.code(at: clock.now))
        let done = try await phone.post(
            json: ["code": code], to: "account/factors/totp/\(id)/confirm", authorized: true)
        #expect(done.status == 200)
        return seed
    }
}

extension TestAnswer {
    /// The type of the present challenge.
    var asks: String? { json["challenge"]?.object?["type"]?.string }
    /// `auth_session`.
    var flow: String { json["auth_session"]?.string ?? "" }
    /// The member `error`.
    var error: String? { json["error"]?.string }
    /// The member `parameter`.
    var parameter: String? { json["parameter"]?.string }
}

/// The seed that an answer tells as text.
func totpSeed(_ value: JSONValue?) throws -> TOTPSecret {
    let text = try #require(value?.string)
    return try #require(TOTPSecret(base32: SecretString(text)))
}
