import Authentication
import BucklerAPI
import BucklerPrimitives
import Hummingbird
import SecureChannel
import Sessions

/// An account's further addresses: a second one for notices, a change of the first, and its undoing.
package struct AddressRoutes: RouteCollection {
    private let accounts: AccountService
    private let signIn: SignInService
    private let guardian: ProofGuard

    /// Takes the services and the guard.
    package init(accounts: AccountService, signIn: SignInService, guardian: ProofGuard) {
        self.accounts = accounts
        self.signIn = signIn
        self.guardian = guardian
    }

    package func register(on router: RouterGroup<AppRequestContext>) {
        let addresses = router.group("account/addresses")
        addresses.post(use: ask)
        addresses.post("confirm", use: confirm)
        addresses.delete("notify", use: removeSecond)
        addresses.post("undo", use: undo)
    }

    /// `POST /buckler/account/addresses` `{email, purpose, current_password?}` → 202 `{expires_in}`.
    ///
    /// `purpose` is `primary` or `notify`. An account without a second factor must show its password.
    ///
    /// Problems: `request.invalid`, `account.password.mismatch` 403, `account.address.in_use` 409,
    /// `account.address.limit` 429, `channel.step_up_required` 401.
    @Sendable private func ask(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try AccountActor(guardian.activeSession(request, context), context)
        let body = try await Members(request.jsonBody(context), allowed: ["email", "purpose", "current_password"])
        guard let email = try? Email(parsing: try body.text("email")) else {
            throw Problem(.requestInvalid, members: ["parameter": "email"])
        }
        guard let purpose = AccountContacts.Purpose(rawValue: try body.text("purpose")) else {
            throw Problem(.requestInvalid, members: ["parameter": "purpose"])
        }
        let password = try body.optionalSecret("current_password")
        try await answer { () async throws(AccountError) in
            try await accounts.requestAddress(actor, email, for: purpose, password: password)
        }
        return JSONResponse.ok(["expires_in": .integer(SignInFlow.lifetime.wholeSeconds)], status: .accepted)
    }

    /// `POST /buckler/account/addresses/confirm` `{code}` → 204.
    ///
    /// Problems: `account.address.none_pending` 404, `account.address.code_mismatch` 422, `account.changed` 409.
    @Sendable private func confirm(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try AccountActor(guardian.activeSession(request, context), context)
        let code = try await Members(request.jsonBody(context), allowed: ["code"]).secret("code")
        try await answer { () async throws(AccountError) in try await accounts.confirmAddress(actor, code: code) }
        return JSONResponse.noContent()
    }

    /// `DELETE /buckler/account/addresses/notify` → 204.
    ///
    /// Problems: `account.address.no_second` 404, `channel.step_up_required` 401.
    @Sendable private func removeSecond(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let actor = try AccountActor(guardian.activeSession(request, context), context)
        try await answer { () async throws(AccountError) in try await accounts.removeSecondAddress(actor) }
        return JSONResponse.noContent()
    }

    /// `POST /buckler/account/addresses/undo` → 202 with the `auth_session` in which the code that goes to the old address
    /// is to be typed.
    ///
    /// Problems: those of a reset.
    @Sendable private func undo(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let proof = try guardian.verify(request, context)
        let body = FlowBody(try await request.jsonBody(context))
        let requester = try body.requester(key: proof.key, context, signIn)
        let opening = try body.opening()
        return try await FlowBody.accepted { () async throws(SignInError) in
            try await signIn.undoAddressChange(opening, by: requester)
        }
    }

    private func answer(_ body: () async throws(AccountError) -> Void) async throws {
        do throws(AccountError) { try await body() } catch { throw error.problem }
    }
}

extension AccountActor {
    /// The person behind a request with an active session.
    init(_ session: ActiveSession, _ context: AppRequestContext) {
        let token = session.token
        self.init(
            account: token.account, session: token.session, key: token.key, level: token.level, device: token.device,
            client: token.client, methods: token.amr.compactMap(AuthenticationMethod.init(rawValue:)),
            authenticatedAt: token.authenticatedAt, origin: context.origin())
    }
}
