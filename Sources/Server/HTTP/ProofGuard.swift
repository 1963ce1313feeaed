import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import SecureChannel
import ServerGateway
import Sessions

/// Stands before every endpoint of ours that needs a proof of the device key.
package struct ProofGuard: Sendable {
    private let proofs: DPoPVerifier
    private let authenticator: BoundTokenAuthenticator

    /// Takes the listener's verifiers.
    package init(
        proofs: DPoPVerifier, tokens: AccessTokenVerifier, sessions: SessionGuard, notices: SessionEndNotices,
        ended: EndedSessions
    ) {
        self.proofs = proofs
        authenticator = BoundTokenAuthenticator(
            proofs: proofs, tokens: tokens, sessions: sessions, notices: notices, ended: ended, audience: nil)
    }

    /// A nonce for the `DPoP-Nonce` field.
    package func freshNonce() -> String { proofs.freshNonce() }

    /// Verifies the proof of a request to an OAuth endpoint.
    ///
    /// Every answer to it carries a new nonce.
    ///
    /// - Throws: `OAuthProblem` `use_dpop_nonce` or `invalid_dpop_proof`, or `Problem` when the replay memory is full.
    package func verify(
        _ request: Request, _ context: AppRequestContext, accessToken: String? = nil
    ) throws -> VerifiedProof {
        context.addToAnswer(.dpopNonce, freshNonce())
        do throws(DPoPRefusal) {
            return try proofs.verify(
                proofs: request.headers[values: .dpop], method: request.method.rawValue,
                path: request.pathWithoutQuery, accessToken: accessToken)
        } catch {
            if error.isOverload { throw Problem(.replayStoreFull, retryAfter: .seconds(10)) }
            if error.needsNonce { throw OAuthProblem(.useDPoPNonce, code: .nonceRequired) }
            throw OAuthProblem(.invalidDPoPProof, code: .proofRefused)
        }
    }

    /// The running session of a request with `Authorization: DPoP` and its proof.
    ///
    /// - Throws: `Problem` with `WWW-Authenticate: DPoP …`, and with a signed notice when the bound key asked after the end.
    package func activeSession(_ request: Request, _ context: AppRequestContext) throws -> ActiveSession {
        do throws(GatewayRefusal) {
            let authenticated = try authenticator.authenticate(
                authorization: request.headers[values: .authorization], proofs: request.headers[values: .dpop],
                method: request.method.rawValue, path: request.pathWithoutQuery)
            if let nonce = authenticated.nonce { context.addToAnswer(.dpopNonce, nonce) }
            return authenticated.session
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    /// The same refusal as the gateway's.
    package init(_ refusal: GatewayRefusal) {
        var headers: HTTPFields = [:]
        for field in refusal.fields {
            if let name = HTTPField.Name(field.name) { headers.append(HTTPField(name: name, value: field.value)) }
        }
        self.init(refusal.code, headers: headers, members: refusal.members)
    }
}
