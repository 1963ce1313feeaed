import BucklerPrimitives

extension TestPhone {
    /// Signs up with the code from the mail, and takes the tokens.
    package func signUp(_ email: String, password: String = TestPhone.password) async throws {
        let seen = try mailCount(email)
        let answer = try await post(
            json: [
                "client_id": .string(client), "email": .string(email), "password": .string(password),
                "code_challenge": .string(codeChallenge), "code_challenge_method": "S256", "device_name": "Test phone",
            ], to: "account/sign-up")
        guard answer.status == 202, let flow = answer.json["auth_session"]?.string else { throw failure(answer) }
        let code = try await mailedCode(email, after: seen)
        try await redeem(try await step(flow, [("email_code", code)]))
    }

    /// Signs in, answers the e-mail code of a new device, and takes the tokens.
    ///
    /// `totp` makes the code when an authenticator is asked for.
    package func signIn(
        _ email: String, password: String = TestPhone.password, totp: (@Sendable () -> String)? = nil
    ) async throws {
        let seen = try mailCount(email)
        var answer = try await begin(email, password: password)
        for _ in 0..<4 {
            if answer.json["authorization_code"] != nil { return try await redeem(answer) }
            guard let flow = answer.json["auth_session"]?.string,
                let type = answer.json["challenge"]?.object?["type"]?.string
            else { throw failure(answer) }
            switch type {
            case "email_code": answer = try await step(flow, [("email_code", try await mailedCode(email, after: seen))])
            case "password": answer = try await step(flow, [("password", password)])
            case "second_factor":
                guard let totp else { throw failure(answer) }
                answer = try await step(flow, [("totp", totp())])
            default: throw failure(answer)
            }
        }
        throw failure(answer)
    }

    /// The first request of a sign-in.
    package func begin(_ email: String, password: String?) async throws -> TestAnswer {
        var form = [
            ("client_id", client), ("response_type", "code"), ("code_challenge", codeChallenge),
            ("code_challenge_method", "S256"), ("username", email), ("device_name", "Test phone"),
        ]
        if let password { form.append(("password", password)) }
        return try await post(form: form, to: "oauth/authorize-challenge")
    }

    /// A later request of a flow.
    package func step(_ flow: String, _ answers: [(String, String)]) async throws -> TestAnswer {
        try await post(
            form: [("client_id", client), ("auth_session", flow)] + answers, to: "oauth/authorize-challenge")
    }

    /// Exchanges the code of a finished flow.
    package func redeem(_ answer: TestAnswer) async throws {
        guard let code = answer.json["authorization_code"]?.string else { throw failure(answer) }
        let tokens = try await post(
            form: [
                ("grant_type", "authorization_code"), ("code", code), ("client_id", client),
                ("code_verifier", codeVerifier),
            ], to: "oauth/token")
        guard tokens.status == 200 else { throw failure(tokens) }
        take(tokens)
    }

    /// Refreshes once; the answer is returned whatever it is, and taken if it is tokens.
    @discardableResult
    package func refresh(attempt: String? = nil, userIdle: Int? = 0) async throws -> TestAnswer {
        let key = attempt ?? Base64URL.encode(Entropy.system.bytes(16))
        let answer = try await post(
            form: [
                ("grant_type", "refresh_token"), ("refresh_token", memory.refreshToken ?? ""), ("client_id", client),
            ], to: "oauth/token", headers: [("Idempotency-Key", "\"\(key)\"")],
            claims: userIdle.map { ["user_idle": .integer(Int64($0))] } ?? [:])
        if answer.status == 200 { take(answer) }
        return answer
    }

    /// Remembers tokens of an answer.
    package func take(_ answer: TestAnswer) {
        remember { state in
            state.accessToken = answer.json["access_token"]?.string ?? state.accessToken
            state.refreshToken = answer.json["refresh_token"]?.string ?? state.refreshToken
            let session = answer.json["session"]?.object
            state.session = session?["id"]?.string ?? state.session
            state.account = session?["account"]?.string ?? state.account
        }
    }

    private func failure(_ answer: TestAnswer) -> TestPhoneFailure {
        TestPhoneFailure(description: "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
    }

    private func mailCount(_ email: String) throws -> Int { mail.count(to: try Email(parsing: email)) }

    private func mailedCode(_ email: String, after seen: Int) async throws -> String {
        guard let code = await mail.code(to: try Email(parsing: email), after: seen) else {
            throw TestPhoneFailure(description: "no mail came to \(email)")
        }
        return code
    }
}
