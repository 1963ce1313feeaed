import Authentication
import BucklerAPI
import BucklerPrimitives
import Hummingbird
import SecureChannel

/// Resetting a forgotten password.
///
/// The answer is the same for every address (PD-10).
package struct ResetRoutes: RouteCollection {
    private let signIn: SignInService
    private let proofs: ProofGuard

    /// Takes the service and the guard.
    package init(signIn: SignInService, proofs: ProofGuard) {
        self.signIn = signIn
        self.proofs = proofs
    }

    package func register(on router: RouterGroup<AppRequestContext>) {
        router.post("account/reset", use: reset)
    }

    /// `POST /buckler/account/reset` → 202 with the `auth_session` in which the mailed code is to be typed.
    ///
    /// Problems: `request.invalid`, `auth.client.unknown`, `auth.flow.parameter`, `auth.scope.refused`,
    /// `auth.target.refused` 400; `auth.throttled` 429.
    @Sendable func reset(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let proof = try proofs.verify(request, context)
        let body = FlowBody(try await request.jsonBody(context))
        let requester = try body.requester(key: proof.key, context, signIn)
        let opening = try body.opening()
        return try await FlowBody.accepted { () async throws(SignInError) in
            try await signIn.reset(opening, by: requester)
        }
    }
}
