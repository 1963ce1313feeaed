import BucklerJOSE
import BucklerPlatformKeys
import BucklerPrimitives

extension ClientCore {
    /// The first request of a sign-in.
    ///
    /// Scope, key and PKCE challenge are bound here for the whole flow.
    func beginSignIn(email: String, password: String?, scope: [String]) async throws(BucklerError) -> SignInStep {
        let signer = try prepareKey(forNewSession: true)
        let proofKey = ProofKey(environment.entropy)
        var fields = [
            ("client_id", clientID), ("response_type", "code"), ("code_challenge", proofKey.challenge),
            ("code_challenge_method", "S256"), ("username", email),
        ]
        if let password { fields.append(("password", password)) }
        if !scope.isEmpty { fields.append(("scope", scope.joined(separator: " "))) }
        if let name = environment.deviceName { fields.append(("device_name", name)) }
        if let device = try formerDevice() { fields.append(("device_id", device)) }
        let answer = try await call(formRequest("/oauth/authorize-challenge", fields), signer)
        return try await follow(answer, signer, proofKey)
    }

    /// Sign-up and reset begin alike: always the same answer, and a code by e-mail (PD-10).
    func beginByMail(_ path: String, _ members: JSONObject) async throws(BucklerError) -> SignInStep {
        let signer = try prepareKey(forNewSession: true)
        let proofKey = ProofKey(environment.entropy)
        var body = members
        body["client_id"] = .string(clientID)
        body["code_challenge"] = .string(proofKey.challenge)
        body["code_challenge_method"] = "S256"
        if let name = environment.deviceName { body["device_name"] = .string(name) }
        let answer = try await call(jsonRequest("POST", path, body), signer)
        guard answer.isSuccess else { throw refusal(answer) }
        guard let challenge = challenge(answer, proofKey, raises: nil) else { throw .unreadableAnswer }
        return .challenge(challenge)
    }

    func answer(_ flow: SignInFlow, _ method: Challenge.Method, _ text: String) async throws(BucklerError) -> SignInStep
    {
        try await proceed(flow, (method.rawValue, text))
    }

    func requestEmailCode(_ flow: SignInFlow) async throws(BucklerError) -> SignInStep {
        try await proceed(flow, ("method", "email_code"))
    }

    /// The same challenge again, with the hold that now runs; or the next step, if the hold is over.
    func startRecovery(_ challenge: Challenge) async throws(BucklerError) -> SignInStep {
        let signer = try prepareKey()
        let answer = try await call(step(challenge.flow, ("method", "recovery")), signer)
        guard answer.code == "auth.recovery.needs_proof" else {
            return try await follow(answer, signer, challenge.flow.proofKey, raises: challenge.flow.raises)
        }
        guard let recovery = Account.Recovery(answer.body["recovery"]?.object) else { throw .unreadableAnswer }
        var held = challenge
        held.recovery = recovery
        return .challenge(held)
    }

    func confirmUndo(_ flow: SignInFlow, _ code: String) async throws(BucklerError) {
        let answer = try await call(step(flow, ("email_code", code)), try prepareKey())
        guard answer.isSuccess, answer.body["address_restored"]?.bool == true else { throw refusal(answer) }
    }

    /// Begins to raise the present session (RFC 9470): the server asks for a second factor.
    ///
    /// Its tokens stay as they are.
    func beginStepUp(_ record: SessionRecord) async throws(BucklerError) -> Challenge {
        guard let handle = record.stepUpSession else { throw .unreadableAnswer }
        let signer = try prepareKey()
        let proofKey = ProofKey(environment.entropy)
        let fields = [
            ("client_id", clientID), ("auth_session", handle), ("response_type", "code"),
            ("code_challenge", proofKey.challenge), ("code_challenge_method", "S256"),
        ]
        let answer = try await call(formRequest("/oauth/authorize-challenge", fields), signer)
        guard answer.error == "insufficient_authorization",
            let challenge = challenge(answer, proofKey, raises: record.session)
        else { throw refusal(answer) }
        return challenge
    }

    func proceed(_ flow: SignInFlow, _ field: (String, String)) async throws(BucklerError) -> SignInStep {
        let signer = try prepareKey()
        return try await follow(
            try await call(step(flow, field), signer), signer, flow.proofKey, raises: flow.raises)
    }

    private func step(_ flow: SignInFlow, _ field: (String, String)) -> TransportRequest {
        let fields = flow.authSession.withExposedText { authSession in
            [("client_id", clientID), ("auth_session", authSession), field]
        }
        return formRequest("/oauth/authorize-challenge", fields)
    }

    private func call(_ request: TransportRequest, _ signer: DeviceKeySigner) async throws(BucklerError) -> IssuerAnswer
    {
        do {
            let answer = try await channel.call(request, ProofChannel.Credentials(signer: signer))
            noteContact()
            return answer
        } catch {
            throw failure(error)
        }
    }

    /// A finished flow is redeemed, an unfinished one asks on.
    private func follow(
        _ answer: IssuerAnswer, _ signer: DeviceKeySigner, _ proofKey: ProofKey, raises: String? = nil
    ) async throws(BucklerError) -> SignInStep {
        if answer.isSuccess, let code = answer.body["authorization_code"]?.string {
            return .signedIn(try await redeem(SecretString(code), signer, proofKey, raises: raises))
        }
        if answer.error == "insufficient_authorization", let challenge = challenge(answer, proofKey, raises: raises) {
            return .challenge(challenge)
        }
        throw refusal(answer)
    }

    private func challenge(_ answer: IssuerAnswer, _ proofKey: ProofKey, raises: String?) -> Challenge? {
        guard let authSession = answer.body["auth_session"]?.string,
            let asked = answer.body["challenge"]?.object,
            let kind = asked["type"]?.string.flatMap(Challenge.Kind.init(rawValue:))
        else { return nil }
        let flow = SignInFlow(authSession: SecretString(authSession), proofKey: proofKey, raises: raises)
        let expires = asked["expires_in"]?.integer ?? answer.body["expires_in"]?.integer
        return Challenge(
            kind: kind,
            methods: asked["methods"]?.array?.compactMap(\.string).compactMap(Challenge.Method.init(rawValue:)) ?? [],
            isRepeated: answer.code == "auth.credentials.mismatch",
            refusal: answer.code == nil ? nil : answer.problem,
            attemptsLeft: (asked["attempts_left"] ?? answer.body["attempts_left"])?.integer.map { Int(clamping: $0) },
            expiresIn: expires.map { .seconds($0) }, details: asked,
            recovery: Account.Recovery(asked["recovery"]?.object), core: self, flow: flow)
    }

    /// Redeems the code, once: the code is spent even if the answer is lost, and then the person signs in again.
    private func redeem(
        _ code: SecretString, _ signer: DeviceKeySigner, _ proofKey: ProofKey, raises: String?
    ) async throws(BucklerError) -> BucklerSession {
        let request = code.withExposedText { code in
            proofKey.verifier.withExposedText { verifier in
                formRequest(
                    "/oauth/token",
                    [
                        ("grant_type", "authorization_code"), ("code", code), ("client_id", clientID),
                        ("code_verifier", verifier),
                    ])
            }
        }
        let answer = try await call(request, signer)
        guard answer.isSuccess else { throw refusal(answer) }
        if let raises { return try await renew(raised: raises, by: answer.body) }
        let reading = environment.sleepProofClock.reading
        guard let token = TokenRecord(tokenResponse: answer.body, obtained: reading),
            let record = SessionRecord(
                tokenResponse: answer.body, issuer: server.issuer, thumbprint: signer.publicJWK.thumbprint,
                anchor: reading, wall: environment.wallClock.now)
        else { throw .unreadableAnswer }
        return try establish(record, token)
    }

    /// A raised session keeps its refresh token; the next access token tells its new level.
    private func renew(raised session: String, by body: JSONObject) async throws(BucklerError) -> BucklerSession {
        let live = try requireLive(session: session, unlocked: true)
        activity.note(durably: true)
        let renewed = try await accessToken(rejecting: live.current.token.accessToken, unlocked: true)
        return BucklerSession(self, renewed.current.record.raised(by: body))
    }

    private func establish(_ record: SessionRecord, _ token: TokenRecord) throws(BucklerError) -> BucklerSession {
        try storage { () throws(SecretStoreError) in
            // What an older session was ordered to destroy goes before the new one can adopt it.
            try finishBegunWipes()
            // First, so that a kill from here on leaves the name of the device that the server knows already.
            if var installation = try Installation.load(environment.files).installation {
                installation.device = record.device
                installation.reason = nil
                installation.serverOffset = record.createdAt - record.wallAtAnchor
                try installation.save(environment.files)
            }
            let epoch = try tokens.claimEpoch(token)
            try items.adopt(account: record.account, deadline: record.absoluteDeadline, epoch: epoch)
            try tokens.establish(record, epoch)
        }
        forgetPerson()
        activity.note(durably: true)
        guard case .signedIn(let session) = check() else { throw .storageLocked }
        return session
    }
}
