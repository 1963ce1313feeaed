import BucklerAPI
import BucklerPrimitives
import BucklerSecurityEvents
import SecureChannel
import Sessions

/// Checks `Authorization: DPoP` and the proof beside it (RFC 9449 §7), then the session.
package struct BoundTokenAuthenticator: GatewayAuthenticator {
    private let proofs: DPoPVerifier
    private let tokens: AccessTokenVerifier
    private let sessions: SessionGuard
    private let notices: SessionEndNotices
    private let ended: EndedSessions
    private let audience: String?

    /// Takes the verifiers.
    ///
    /// - Parameters:
    ///   - proofs: The proof verifier of the listener.
    ///   - tokens: The token verifier.
    ///   - sessions: Decides about key, time and end.
    ///   - notices: Makes the signed order to sign out.
    ///   - ended: What ended, to say why.
    ///   - audience: The one audience of tokens for the upstream; nil for our own endpoints, which take any of ours.
    package init(
        proofs: DPoPVerifier, tokens: AccessTokenVerifier, sessions: SessionGuard, notices: SessionEndNotices,
        ended: EndedSessions, audience: String?
    ) {
        self.proofs = proofs
        self.tokens = tokens
        self.sessions = sessions
        self.notices = notices
        self.ended = ended
        self.audience = audience
    }

    /// The proof's form, the token, the proof's signature, the session, in this order.
    ///
    /// Nothing costs a curve operation before the nonce was found fresh, and a proof is remembered only beside a token that
    /// is bound to its key: strangers cannot crowd out sessions.
    package func authenticate(
        authorization: [String], proofs: [String], method: String, path: String
    ) throws(GatewayRefusal) -> AuthenticatedRequest {
        let text = try token(in: authorization)
        let checked: CheckedProof
        do throws(DPoPRefusal) {
            checked = try self.proofs.check(proofs: proofs, method: method, path: path, accessToken: text)
        } catch {
            throw refusal(of: error)
        }
        let token: VerifiedAccessToken
        do throws(AccessTokenRefusal) {
            token = try tokens.verify(checked.accessToken ?? PresentedAccessToken(text), audience: audience)
        } catch {
            throw tokenRefusal(error.reason)
        }
        guard token.key == checked.claimedKey else { throw tokenRefusal(SessionRefusal.foreignKey.reason) }
        let proof: VerifiedProof
        do throws(DPoPRefusal) {
            proof = try self.proofs.admit(checked, as: .session)
        } catch {
            throw refusal(of: error)
        }
        do throws(SessionRefusal) {
            let session = try sessions.activate(token: token, proofKey: proof.key)
            return AuthenticatedRequest(session: session, nonce: proof.needsFreshNonce ? freshNonce() : nil)
        } catch {
            guard case .ended(let reason) = error else { throw tokenRefusal(error.reason) }
            throw refusal(endedBecause: reason, token)
        }
    }

    /// The session of an open exchange ended; the bound key asked, so it hears why.
    ///
    /// Where only the token's own deadline has come, the session may have a later one by now, and where all sessions were
    /// ended in the token's second it may have begun afterwards: the token endpoint decides, and only it gives the order
    /// to wipe.
    package func refusal(endedDuring token: VerifiedAccessToken) -> GatewayRefusal {
        switch ended.standing(of: token) {
        case .ended(let reason): refusal(endedBecause: reason, token)
        case .running: tokenRefusal(EventReason("access_token.session_deadline"))
        case .undecided: tokenRefusal(SessionRefusal.undecided.reason)
        }
    }

    /// A nonce for the next proof.
    package func freshNonce() -> String { proofs.freshNonce() }

    private func token(in authorization: [String]) throws(GatewayRefusal) -> String {
        guard let field = authorization.first else {
            throw GatewayRefusal(
                .tokenRequired, fields: [("www-authenticate", "DPoP algs=\"ES256\""), ("dpop-nonce", freshNonce())])
        }
        guard authorization.count == 1, ASCII.hasPrefix(field, "dpop ") else {
            throw tokenRefusal(EventReason("access_token.scheme"))
        }
        return String(field.dropFirst(5))
    }

    private func tokenRefusal(_ reason: EventReason) -> GatewayRefusal {
        GatewayRefusal(
            .tokenRefused, fields: [("www-authenticate", Self.invalidToken), ("dpop-nonce", freshNonce())],
            event: (.tokenFail, reason))
    }

    private func refusal(of error: DPoPRefusal) -> GatewayRefusal {
        if error.isOverload {
            return GatewayRefusal(
                .replayStoreFull, fields: [("retry-after", "10")], event: (.rateLimitExceeded, error.reason))
        }
        if error.needsNonce {
            return GatewayRefusal(
                .nonceRequired,
                fields: [
                    ("www-authenticate", "DPoP error=\"use_dpop_nonce\", algs=\"ES256\""), ("dpop-nonce", freshNonce()),
                ])
        }
        return GatewayRefusal(
            .proofRefused,
            fields: [
                ("www-authenticate", "DPoP error=\"invalid_dpop_proof\", algs=\"ES256\""), ("dpop-nonce", freshNonce()),
            ], event: (.tokenFail, error.reason))
    }

    private func refusal(endedBecause reason: SessionEndReason, _ token: VerifiedAccessToken) -> GatewayRefusal {
        let code: ProblemCode =
            switch reason {
            case .idle: .sessionIdle
            case .expired: .sessionExpired
            default: .sessionRevoked
            }
        var members: JSONObject = [:]
        // Without a notice the app asks the token endpoint, which gives one; the refusal stands either way.
        do throws(SigningError) {
            members["session_end"] = .string(
                try notices.notice(session: token.session, key: token.key, reason: reason))
        } catch {
            return GatewayRefusal(code, fields: [("www-authenticate", Self.invalidToken)])
        }
        return GatewayRefusal(
            code, fields: [("www-authenticate", Self.invalidToken), ("dpop-nonce", freshNonce())], members: members)
    }

    private static let invalidToken = "DPoP error=\"invalid_token\", algs=\"ES256\""
}
