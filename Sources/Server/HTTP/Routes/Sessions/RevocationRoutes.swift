import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import SecureChannel
import Sessions

/// Revocation (RFC 7009).
package struct RevocationRoutes: RouteCollection {
    private let sessions: SessionService
    private let tokens: AccessTokenVerifier
    private let proofs: ProofGuard

    /// Takes the service, the verifier and the guard of proofs.
    package init(sessions: SessionService, tokens: AccessTokenVerifier, proofs: ProofGuard) {
        self.sessions = sessions
        self.tokens = tokens
        self.proofs = proofs
    }

    /// Claim `POST /oauth/revoke`.
    package func register(on router: RouterGroup<AppRequestContext>) { router.post("oauth/revoke", use: revoke) }

    /// `POST /buckler/oauth/revoke` → 200, whatever the token was (RFC 7009 §2.2).
    ///
    /// A token that its bound key presents ends its session; when the answer arrives no request of it starts any more.
    /// Problems: `invalid_request`, `use_dpop_nonce`, `invalid_dpop_proof`, 503.
    @Sendable func revoke(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let form = try await request.formBody(context)
        guard let token = form["token"], let client = form["client_id"].flatMap(ClientID.init(parsing:)) else {
            throw OAuthProblem(
                .invalidRequest, code: .requestInvalid, detail: "token and client_id are required.")
        }
        let checked = try proofs.check(request, context)
        let session: RevocableSession?
        do throws(StoreError) {
            session = try await sessions.revocable(
                SecretString(token), accessToken: try? tokens.verify(token, audience: nil), client: client,
                origin: context.origin())
        } catch {
            throw Self.unavailable
        }
        let proof = try proofs.admit(checked, context, boundKey: session?.key)
        do throws(StoreError) {
            if let session { try await sessions.revoke(session, key: proof.key, origin: context.origin()) }
        } catch {
            throw Self.unavailable
        }
        return JSONResponse.ok([:])
    }

    private static let unavailable = OAuthProblem(
        .temporarilyUnavailable, code: .temporarilyUnavailable, status: 503, retryAfter: .seconds(2))
}
