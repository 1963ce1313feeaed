import HTTPTypes
import Hummingbird

/// A fresh nonce, for clients that cannot repeat the body of a refused request (PD-06).
package struct NonceRoutes: RouteCollection {
    private let proofs: ProofGuard

    /// Takes the guard of proofs.
    package init(proofs: ProofGuard) { self.proofs = proofs }

    /// Claim `GET /nonce`.
    package func register(on router: RouterGroup<AppRequestContext>) { router.get("nonce", use: nonce) }

    /// `GET /buckler/nonce` → 204 with `DPoP-Nonce`.
    @Sendable func nonce(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        JSONResponse.noContent(headers: [.dpopNonce: proofs.freshNonce()])
    }
}
