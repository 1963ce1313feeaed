import Authentication
import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import Sessions

/// What a signed-in person does with their own account.
///
/// Every route needs the session's token and a proof.
package struct AccountRoutes: RouteCollection {
    private let accounts: AccountService
    private let guardian: ProofGuard

    /// Takes the service and the guard of sessions.
    package init(accounts: AccountService, guardian: ProofGuard) {
        self.accounts = accounts
        self.guardian = guardian
    }

    package func register(on router: RouterGroup<AppRequestContext>) {
        let account = router.group("account")
        account.get(use: overview)
        account.post("password", use: changePassword)
        account.post("factors/totp", use: beginTOTP)
        account.post("factors/totp/:id/confirm", use: confirmTOTP)
        account.delete("factors/:id", use: removeFactor)
        account.post("recovery-codes", use: replaceRecoveryCodes)
        account.delete("recovery", use: cancelRecovery)
    }

    /// `GET /buckler/account` → 200 with address, factors, class of the password, recovery codes left, and a
    /// recovery that is pending.
    @Sendable private func overview(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try actor(request, context)
        let overview = try await answer { () async throws(AccountError) in try await accounts.overview(actor) }
        let factors = overview.factors.map { factor in
            JSONValue.object([
                "id": .string(factor.id.text), "kind": .string(factor.kind.rawValue),
                "created_at": .integer(factor.createdAt.seconds),
            ])
        }
        var members: JSONObject = [
            "id": .string(overview.id.text), "email": .string(overview.email.canonical), "factors": .array(factors),
            "password_class": .string(overview.passwordClass.word),
            "recovery_codes_left": .integer(Int64(overview.recoveryCodesLeft)),
            "factor_required": .bool(overview.factorRequired),
        ]
        members["notification_email"] = overview.secondAddress.map { .string($0.canonical) }
        members["pending_address"] = overview.pendingAddress.map { pending in
            ["email": .string(pending.email.canonical), "purpose": .string(pending.purpose.rawValue)]
        }
        members["recovery"] = overview.recovery.map { .object($0.object) }
        return JSONResponse.ok(.object(members))
    }

    /// `DELETE /buckler/account/recovery` → 204: ends a pending recovery, from a session of any level.
    ///
    /// Problems: `account.recovery.none` 404.
    @Sendable private func cancelRecovery(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try actor(request, context)
        try await answer { () async throws(AccountError) in try await accounts.cancelRecovery(actor) }
        return JSONResponse.noContent()
    }

    /// `POST /buckler/account/password` `{current_password, new_password, sign_out_others?}` → 204.
    ///
    /// Problems: `account.password.*`, `account.changed`, `channel.step_up_required`.
    @Sendable private func changePassword(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try actor(request, context)
        let body = try await Members(
            request.jsonBody(context), allowed: ["current_password", "new_password", "sign_out_others"])
        let current = try body.secret("current_password")
        let new = try body.secret("new_password")
        let endsOthers = try body.flag("sign_out_others", default: true)
        try await answer { () async throws(AccountError) in
            try await accounts.changePassword(actor, current: current, new: new, endsOtherSessions: endsOthers)
        }
        return JSONResponse.noContent()
    }

    /// `POST /buckler/account/factors/totp` → 201 with the seed as URI, text and pictures.
    ///
    /// Counts for nothing yet.
    @Sendable private func beginTOTP(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try actor(request, context)
        let enrolment = try await answer { () async throws(AccountError) in try await accounts.beginTOTP(actor) }
        let members: JSONObject = [
            "factor_id": .string(enrolment.factor.text), "otpauth_uri": Self.exposed(enrolment.uri),
            "secret": Self.exposed(enrolment.secret), "qr_svg": Self.exposed(enrolment.images.svg),
            "qr_text": Self.exposed(enrolment.images.terminal),
        ]
        return JSONResponse.ok(.object(members), status: .created)
    }

    /// `POST /buckler/account/factors/totp/{id}/confirm` `{code}` → 200 `{recovery_codes}`: ten with the first factor.
    @Sendable private func confirmTOTP(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try actor(request, context)
        let factor = try Self.factor(context)
        let code = try await Members(request.jsonBody(context), allowed: ["code"]).secret("code")
        let codes = try await answer { () async throws(AccountError) in
            try await accounts.confirmTOTP(actor, factor: factor, code: code)
        }
        return JSONResponse.ok(Self.form(codes))
    }

    /// `DELETE /buckler/account/factors/{id}` → 204.
    @Sendable private func removeFactor(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try actor(request, context)
        let factor = try Self.factor(context)
        try await answer { () async throws(AccountError) in try await accounts.removeFactor(actor, factor: factor) }
        return JSONResponse.noContent()
    }

    /// `POST /buckler/account/recovery-codes` → 201 `{recovery_codes}`; the older ones open nothing any more.
    @Sendable private func replaceRecoveryCodes(
        _ request: Request, _ context: AppRequestContext
    ) async throws -> Response {
        let actor = try actor(request, context)
        let codes = try await answer { () async throws(AccountError) in try await accounts.replaceRecoveryCodes(actor) }
        return JSONResponse.ok(Self.form(codes), status: .created)
    }

    private func actor(_ request: Request, _ context: AppRequestContext) throws -> AccountActor {
        AccountActor(try guardian.activeSession(request, context), context)
    }

    private static func factor(_ context: AppRequestContext) throws -> FactorID {
        guard let text = context.parameters.get("id"), let id = FactorID(parsing: text) else {
            throw Problem(.factorNotFound)
        }
        return id
    }

    private static func form(_ codes: [RecoveryCode]) -> JSONValue {
        .object(["recovery_codes": .array(codes.map { exposed($0.text) })])
    }

    /// The only place where these secrets leave: the answer to their owner, which nobody may cache.
    private static func exposed(_ secret: SecretString) -> JSONValue { secret.withExposedText { .string($0) } }

    private func answer<Value>(_ body: () async throws(AccountError) -> Value) async throws -> Value {
        do throws(AccountError) { return try await body() } catch { throw error.problem }
    }
}
