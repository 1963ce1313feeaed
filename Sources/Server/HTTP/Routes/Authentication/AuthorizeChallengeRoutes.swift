import Authentication
import BucklerAPI
import BucklerPrimitives
import Hummingbird
import SecureChannel
import Sessions

/// Native sign-in (draft-ietf-oauth-first-party-apps): one endpoint, step by step.
package struct AuthorizeChallengeRoutes: RouteCollection {
    private let signIn: SignInService
    private let sessions: SessionService
    private let proofs: ProofGuard

    /// Takes the services and the guard.
    package init(signIn: SignInService, sessions: SessionService, proofs: ProofGuard) {
        self.signIn = signIn
        self.sessions = sessions
        self.proofs = proofs
    }

    package func register(on router: RouterGroup<AppRequestContext>) {
        router.post("oauth/authorize-challenge", use: challenge)
    }

    /// `POST /buckler/oauth/authorize-challenge` → 200 `{"authorization_code"}`.
    ///
    /// Problems: 400 `insufficient_authorization` with the next challenge, `invalid_session`, `invalid_request`,
    /// `invalid_client`, `invalid_scope`, `invalid_target`; 429 `auth.throttled`; 503 `auth.busy`.
    @Sendable func challenge(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let proof = try proofs.verify(request, context)
        let form = try await request.formBody(context)
        guard let client = form["client_id"].flatMap(ClientID.init(parsing:)) else {
            throw SignInError.unknownClient.oauthProblem
        }
        let requester = Requester(
            client: client, key: proof.key, source: context.source,
            origin: signIn.origin(request: context.requestID, source: context.source))
        return try Self.response(try await outcome(of: form, requester))
    }

    private func outcome(of form: FormURLEncoded, _ requester: Requester) async throws -> ChallengeOutcome {
        let handle = form["auth_session"]
        do throws(SignInError) {
            guard let handle else {
                return try await signIn.begin(
                    try Self.opening(form), password: form["password"].map { SecretString($0) }, by: requester)
            }
            if let session = try await session(named: handle, form, requester) {
                return try await signIn.stepUp(session, grant: RequestedGrant(form), by: requester)
            }
            let continuation = FlowContinuation(
                handle: handle, grant: RequestedGrant(form), answers: try Self.answers(form))
            return try await signIn.proceed(continuation, by: requester)
        } catch .passwordRefused(let refusal) {
            throw Self.refusedPassword(refusal, handle)
        } catch {
            throw error.oauthProblem
        }
    }

    /// The running session that the handle of a token response names; nil for any other handle.
    private func session(
        named handle: String, _ form: FormURLEncoded, _ requester: Requester
    ) async throws(SignInError) -> SteppableSession? {
        let found: SessionSummary?
        do { found = try await sessions.session(handle: SecretString(handle), key: requester.key) } catch {
            throw .unavailable
        }
        guard let found else { return nil }
        // Level 2 is what can be reached here; passkeys will reach more.
        if let wanted = form["acr_values"] {
            let levels = wanted.split(separator: " ").map { AuthenticationLevel(acr: String($0)) }
            guard levels.contains(where: { $0 == .one || $0 == .two }) else { throw .invalidRequest(.acrValues) }
        }
        return SteppableSession(
            id: found.id, account: found.account, client: found.client, scope: found.scope,
            methods: found.amr.compactMap(AuthenticationMethod.init(rawValue:)))
    }

    private static func response(_ outcome: ChallengeOutcome) throws -> Response {
        switch outcome {
        case .code(let code): return JSONResponse.ok(["authorization_code": .string(code)])
        case .addressRestored: return JSONResponse.ok(["address_restored": true])
        case .next(let challenge):
            var members: JSONObject = [
                "auth_session": .string(challenge.handle), "challenge": .object(challenge.object),
            ]
            if case .mismatch(let left?) = challenge.rejection { members["attempts_left"] = .integer(Int64(left)) }
            throw OAuthProblem(
                .insufficientAuthorization, code: challenge.rejection == nil ? nil : .credentialsMismatch,
                members: members)
        }
    }

    /// The flow still waits for a better one.
    private static func refusedPassword(_ refusal: PasswordRefusal, _ handle: String?) -> OAuthProblem {
        var members: JSONObject = ["challenge": ["type": "new_password", "methods": ["new_password"]]]
        members["auth_session"] = handle.map { .string($0) }
        let problem = Problem(refusal)
        for (name, value) in problem.members.members { members[name] = value }
        return OAuthProblem(.insufficientAuthorization, code: problem.code, members: members)
    }

    private static func opening(_ form: FormURLEncoded) throws(SignInError) -> SignInOpening {
        guard form["response_type"] == "code" else { throw .invalidRequest(.responseType) }
        guard let address = form["username"], let email = try? Email(parsing: address) else {
            throw .invalidRequest(.username)
        }
        return SignInOpening(
            email: email, grant: RequestedGrant(form), deviceName: form["device_name"],
            replacedDevice: try form["device_id"].map { text throws(SignInError) in
                guard let device = DeviceID(parsing: text) else { throw .invalidRequest(.deviceID) }
                return device
            })
    }

    private static func answers(_ form: FormURLEncoded) throws(SignInError) -> [FlowAnswer] {
        var answers: [FlowAnswer] = []
        if let text = form["password"] { answers.append(.password(SecretString(text))) }
        if let text = form["totp"] { answers.append(.oneTimePassword(SecretString(text))) }
        if let text = form["email_code"] { answers.append(.emailCode(SecretString(text))) }
        if let text = form["recovery_code"] { answers.append(.recoveryCode(SecretString(text))) }
        if let text = form["new_password"] { answers.append(.newPassword(SecretString(text))) }
        if let method = form["method"] {
            switch method {
            case "email_code": answers.append(.sendEmailCode)
            case "recovery": answers.append(.recover)
            case "cancel_recovery": answers.append(.cancelRecovery)
            default: throw .invalidRequest(.method)
            }
        }
        return answers
    }
}

extension RequestedGrant {
    /// What a form says about tokens.
    init(_ form: FormURLEncoded) {
        self.init(
            codeChallenge: form["code_challenge"], codeChallengeMethod: form["code_challenge_method"],
            scope: form["scope"], resource: form["resource"])
    }
}

extension Challenge {
    /// The member `challenge` of answers.
    var object: JSONObject {
        var object: JSONObject = [
            "type": .string(kind.rawValue), "methods": .array(methods.map { .string($0.rawValue) }),
            "expires_in": .integer(expiresIn.wholeSeconds),
        ]
        object["recovery"] = recovery.map { .object($0.object) }
        // For the owner of the proven mailbox; nobody may cache the answer.
        object["otpauth_uri"] = seed.map { $0.uri.withExposedText { .string($0) } }
        object["secret"] = seed.map { $0.secret.withExposedText { .string($0) } }
        return object
    }
}

extension RecoveryHold {
    /// The member `recovery` of answers, in seconds since 1970.
    var object: JSONObject {
        ["started_at": .integer(startedAt.seconds), "completes_at": .integer(completesAt.seconds)]
    }
}
