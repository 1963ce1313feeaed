import Authentication
import BucklerAPI
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import HTTPTypes
import Hummingbird
import SecureChannel
import Sessions

/// Where authorization codes are redeemed: one statement spends a code.
package protocol CodeRedeemer: Sendable {
    /// Spends `code` for the session that is about to begin; `source` pays for codes that never were.
    func redeem(
        code: String, client: ClientID, key: JWKThumbprint, verifier: String, session: SessionID,
        source: SourceAddress, origin: EventOrigin
    ) async throws(CodeError) -> AuthorizationGrant
}

extension SignInService: CodeRedeemer {}

/// The token endpoint.
package struct TokenRoutes: RouteCollection {
    private let sessions: SessionService
    private let codes: any CodeRedeemer
    private let proofs: ProofGuard
    private let entropy: Entropy

    /// Takes the services and the guard of proofs.
    package init(sessions: SessionService, codes: any CodeRedeemer, proofs: ProofGuard, entropy: Entropy) {
        self.sessions = sessions
        self.codes = codes
        self.proofs = proofs
        self.entropy = entropy
    }

    /// Claim `POST /oauth/token`.
    package func register(on router: RouterGroup<AppRequestContext>) { router.post("oauth/token", use: token) }

    /// `POST /buckler/oauth/token` → 200 with tokens.
    ///
    /// Problems: RFC 6749 §5.2 and RFC 9449 names; `session.revoked`, `session.idle`, `session.expired` and a signed notice
    /// for the bound key, `refresh.superseded`, `refresh.too_many` 429, `session.step_up_lower`, `auth.throttled` 429.
    @Sendable func token(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        context.addToAnswer(.dpopNonce, proofs.freshNonce())
        let form = try await request.formBody(context)
        guard let client = form["client_id"].flatMap(ClientID.init(parsing:)) else {
            throw OAuthProblem(.invalidRequest, code: .requestInvalid, detail: "client_id is missing or malformed.")
        }
        let tokens: IssuedTokens
        switch form["grant_type"] {
        case "authorization_code": tokens = try await redeem(form, client, request, context)
        case "refresh_token": tokens = try await refresh(form, client, request, context)
        case nil: throw OAuthProblem(.invalidRequest, code: .requestInvalid, detail: "grant_type is missing.")
        default: throw OAuthProblem(.unsupportedGrantType, code: .requestInvalid)
        }
        return JSONResponse.ok(.object(TokenAnswer.json(tokens)))
    }

    private func redeem(
        _ form: FormURLEncoded, _ client: ClientID, _ request: Request, _ context: AppRequestContext
    ) async throws -> IssuedTokens {
        guard let code = form["code"], let verifier = form["code_verifier"] else {
            throw OAuthProblem(
                .invalidRequest, code: .requestInvalid, detail: "code and code_verifier are required.")
        }
        let proof = try proofs.verify(request, context)
        let session = SessionID.random(entropy)
        let grant: AuthorizationGrant
        do throws(CodeError) {
            grant = try await codes.redeem(
                code: code, client: client, key: proof.key, verifier: verifier, session: session,
                source: context.source, origin: context.origin())
        } catch {
            switch error {
            case .refused: throw OAuthProblem(.invalidGrant)
            case .throttled(let delay):
                throw OAuthProblem(
                    .temporarilyUnavailable, code: .authThrottled, status: 429, retryAfter: delay)
            case .reused(let started):
                try await endAfterReuse(started, context)
                throw OAuthProblem(.invalidGrant)
            case .unavailable: throw Self.unavailable
            }
        }
        return try await begin(grant, session, context)
    }

    private func begin(
        _ grant: AuthorizationGrant, _ session: SessionID, _ context: AppRequestContext
    ) async throws -> IssuedTokens {
        do throws(SessionError) {
            return try await sessions.start(grant, id: session, origin: context.origin())
        } catch {
            switch error {
            case .unknownClient: throw OAuthProblem(.unauthorizedClient)
            case .refused: throw OAuthProblem(.invalidGrant)
            case .lowerLevel: throw OAuthProblem(.invalidGrant, code: .stepUpLower)
            case .store: throw Self.unavailable
            }
        }
    }

    private func endAfterReuse(_ session: SessionID, _ context: AppRequestContext) async throws {
        do throws(StoreError) {
            try await sessions.endAfterCodeReuse(session, origin: context.origin())
        } catch {
            throw Self.unavailable
        }
    }

    /// PD-01's order: strict form, row, tag and MAC, then the proof, then the statement.
    private func refresh(
        _ form: FormURLEncoded, _ client: ClientID, _ request: Request, _ context: AppRequestContext
    ) async throws -> IssuedTokens {
        guard let token = form["refresh_token"] else {
            throw OAuthProblem(.invalidRequest, code: .requestInvalid, detail: "refresh_token is required.")
        }
        let attempt = try IdempotencyKey.attempt(in: request.headers[values: .idempotencyKey])
        let recognised: RecognisedRefreshToken
        do throws(RefreshRefusal) {
            recognised = try await sessions.recognise(SecretString(token), client: client, origin: context.origin())
        } catch {
            throw OAuthProblem(error)
        }
        let proof = try proofs.verify(request, context, boundKey: recognised.key)
        do throws(RefreshRefusal) {
            return try await sessions.refresh(
                recognised,
                RefreshRequest(key: proof.key, userIdle: proof.userIdle, attempt: attempt, origin: context.origin()))
        } catch {
            throw OAuthProblem(error)
        }
    }

    private static let unavailable = OAuthProblem(
        .temporarilyUnavailable, code: .temporarilyUnavailable, status: 503, retryAfter: .seconds(2))
}

extension OAuthProblem {
    /// What a refused refresh is told: nothing that a foreign key could use.
    init(_ refusal: RefreshRefusal) {
        switch refusal {
        case .unrecognised, .foreignKey: self.init(.invalidGrant)
        case .ended(let reason, let notice):
            var members: JSONObject = [:]
            if let notice { members["session_end"] = .string(notice) }
            self.init(.invalidGrant, code: ProblemCode(reason), members: members)
        case .superseded: self.init(.invalidGrant, code: .refreshSuperseded)
        case .tooManyRotations(let delay):
            self.init(.temporarilyUnavailable, code: .refreshTooMany, status: 429, retryAfter: delay)
        case .store:
            self.init(
                .temporarilyUnavailable, code: .temporarilyUnavailable, status: 503, retryAfter: .seconds(2))
        }
    }
}

extension ProblemCode {
    /// The code that the bound key is told for an ending.
    package init(_ reason: SessionEndReason) {
        switch reason {
        case .idle: self = .sessionIdle
        case .expired: self = .sessionExpired
        default: self = .sessionRevoked
        }
    }
}

/// `Idempotency-Key: "<base64url of 16 bytes>"`: a structured-field string with the client's attempt (PD-01).
enum IdempotencyKey {
    /// Nil if the field was not sent; a field of any other form is refused.
    static func attempt(in values: [String]) throws(OAuthProblem) -> [UInt8]? {
        guard let value = values.first else { return nil }
        guard values.count == 1, value.utf8.count == 24, value.hasPrefix("\""), value.hasSuffix("\""),
            let bytes = Base64URL.decode(value.dropFirst().dropLast()), bytes.count == 16
        else {
            throw OAuthProblem(
                .invalidRequest, code: .requestInvalid, detail: "Idempotency-Key is not a quoted base64url of 16 bytes."
            )
        }
        return bytes
    }
}
