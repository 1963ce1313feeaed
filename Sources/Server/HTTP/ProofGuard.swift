import BucklerAPI
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import HTTPTypes
import Hummingbird
import SecureChannel
import ServerGateway
import Sessions

/// Stands before every endpoint of ours that needs a proof of the device key.
package struct ProofGuard: Sendable {
    private let proofs: DPoPVerifier
    private let authenticator: BoundTokenAuthenticator
    private let activity: RequestActivity
    private let report: @Sendable (GatewayIncident) -> Void

    /// Takes the listener's verifiers, what counts requests as activity, and who is told of refusals.
    package init(
        proofs: DPoPVerifier, tokens: AccessTokenVerifier, sessions: SessionGuard, notices: SessionEndNotices,
        ended: EndedSessions, activity: RequestActivity, report: @escaping @Sendable (GatewayIncident) -> Void
    ) {
        self.proofs = proofs
        self.activity = activity
        self.report = report
        authenticator = BoundTokenAuthenticator(
            proofs: proofs, tokens: tokens, sessions: sessions, notices: notices, ended: ended, audience: nil)
    }

    /// A nonce for the `DPoP-Nonce` field.
    package func freshNonce() -> String { proofs.freshNonce() }

    /// Verifies the proof of a request to an OAuth endpoint.
    ///
    /// Every answer to it carries a new nonce.
    ///
    /// `boundKey` is the key of the session whose token came with the request and was verified. A proof of that key is
    /// remembered among the sessions'; every other one among the strangers', at the expense of its network.
    ///
    /// - Throws: `OAuthProblem` `use_dpop_nonce` or `invalid_dpop_proof`, or `Problem` when the replay memory is full.
    package func verify(
        _ request: Request, _ context: AppRequestContext, boundKey: JWKThumbprint? = nil
    ) throws -> VerifiedProof {
        try admit(try check(request, context), context, boundKey: boundKey)
    }

    /// The first half of `verify`: everything but the signature, and nothing is remembered.
    package func check(_ request: Request, _ context: AppRequestContext) throws -> CheckedProof {
        context.addToAnswer(.dpopNonce, freshNonce())
        do throws(DPoPRefusal) {
            return try proofs.check(
                proofs: request.headers[values: .dpop], method: request.method.rawValue,
                path: request.pathWithoutQuery, accessToken: nil)
        } catch {
            throw refusal(of: error, context)
        }
    }

    /// The second half of `verify`.
    package func admit(
        _ checked: CheckedProof, _ context: AppRequestContext, boundKey: JWKThumbprint?
    ) throws -> VerifiedProof {
        do throws(DPoPRefusal) {
            return try proofs.admit(
                checked, as: checked.claimedKey == boundKey ? .session : .stranger(context.source))
        } catch {
            throw refusal(of: error, context)
        }
    }

    private func refusal(of error: DPoPRefusal, _ context: AppRequestContext) -> any Error {
        if error.needsNonce { return OAuthProblem(.useDPoPNonce, code: .nonceRequired) }
        note(error.isOverload ? .rateLimitExceeded : .tokenFail, error.reason, nil, context)
        if error.isOverload { return Problem(.replayStoreFull, retryAfter: .seconds(10)) }
        return OAuthProblem(.invalidDPoPProof, code: .proofRefused)
    }

    private func note(
        _ name: EventName, _ reason: EventReason, _ token: VerifiedAccessToken?, _ context: AppRequestContext
    ) {
        report(
            GatewayIncident(
                name: name, reason: reason, request: context.requestID, source: context.source, token: token))
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
            activity.note(authenticated.session)
            return authenticated.session
        } catch {
            if let event = error.event { note(event.name, event.reason, error.token, context) }
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
