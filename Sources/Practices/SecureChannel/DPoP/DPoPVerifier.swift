import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Sessions

/// A proof that passed every check but two: its signature, and that it was never seen before.
///
/// It proves nothing yet. `DPoPVerifier.admit` makes a `VerifiedProof` of it.
package struct CheckedProof: Sendable {
    /// The key that the proof names.
    package let claimedKey: JWKThumbprint
    fileprivate let proof: UnverifiedDPoPProof
    fileprivate let nonceAge: Duration
    fileprivate let userIdle: Duration?
    /// The token beside the proof, which the proof names in `ath`.
    package let accessToken: PresentedAccessToken?
}

/// In whose memory a proof is kept, so that strangers cannot fill the one of sessions.
package enum ProofBearer: Sendable, Hashable {
    /// The key of a session whose token, access or refresh, was verified.
    case session
    /// Anybody, from this network; nil for Unix sockets.
    case stranger(SourceAddress?)
}

/// A proof that passed every check of RFC 9449 §4.3 and was never seen before.
package struct VerifiedProof: Sendable {
    /// The key's thumbprint, to compare with a token's `cnf.jkt`.
    package let key: JWKThumbprint
    /// The key.
    package let jwk: P256PublicJWK
    /// The claim `user_idle`: how long ago a person last touched the app, by its own word (PD-02).
    package let userIdle: Duration?
    /// How old the proof's nonce is.
    package let nonceAge: Duration
    /// The device's clock minus ours in seconds: a metric, never a check.
    package let clockOffsetSeconds: Int64
    /// All claims.
    package let claims: JSONObject
    /// The access token that the proof names in `ath`, if one was presented.
    package let accessToken: PresentedAccessToken?

    /// True if the answer should bring a new nonce: the proof's is older than 120 s.
    package var needsFreshNonce: Bool { nonceAge > .seconds(120) }
}

/// Verifies DPoP proofs (RFC 9449 §4.3) for one process (PD-06), synchronously and without I/O.
package final class DPoPVerifier: Sendable {
    private let bases: [String]
    private let nonces: DPoPNonces
    private let replay: ReplayMemory
    private let headers = ProofHeaderMemory()

    /// Takes the URLs under which clients know this server: the public URL and, in development, the certificate's names.
    ///
    /// Each is an absolute URL; a text that is none stops the start.
    package init(publicURLs: [String], clock: WallClock, entropy: Entropy, replay: ReplayMemory) {
        precondition(!publicURLs.isEmpty, "a verifier without a public URL would refuse everything")
        bases = publicURLs.map { url in
            guard let normal = TargetURI.normalized(url) else { preconditionFailure("not an absolute URL: \(url)") }
            return normal.hasSuffix("/") ? String(normal.dropLast()) : normal
        }
        self.replay = replay
        nonces = DPoPNonces(clock: clock, entropy: entropy) { replay.forgetEverything() }
    }

    /// A nonce for the `DPoP-Nonce` header field.
    package func freshNonce() -> String { nonces.fresh() }

    /// Checks the proof of one request, up to its signature.
    ///
    /// - Parameters:
    ///   - proofs: Every `DPoP` header field of the request.
    ///   - method: The request's method.
    ///   - path: The origin-form target without its query. The `Host` header is never asked.
    ///   - accessToken: The token beside the proof, if there is one.
    /// - Returns: What `admit` needs, and the key that the proof names.
    /// - Throws: The first check that failed.
    ///
    /// Cheapest check first, and no curve operation: the caller looks at the token between this and `admit`, so that a proof
    /// which belongs to no session costs neither a signature nor a place in the sessions' memory.
    package func check(
        proofs: [String], method: String, path: String, accessToken: String?
    ) throws(DPoPRefusal) -> CheckedProof {
        // RFC 9449 §4.3 step 1.
        guard let field = proofs.first else { throw .missing }
        guard proofs.count == 1 else { throw .repeated }
        // Steps 2 to 5 and 7.
        let proof = try parse(field)
        // Steps 10 and 11: freshness comes from the nonce, not from `iat`.
        let nonceAge = try nonceAge(of: proof)
        // Steps 8 and 9.
        guard proof.method == method else { throw .method }
        try checkTarget(proof, path: path)
        // Step 12, first half; that the token is bound to this key is the session's to check.
        let presented = try accessToken.map { text throws(DPoPRefusal) in try Self.checkHash(proof, of: text) }
        let userIdle = try Self.userIdle(proof.claims["user_idle"])
        return CheckedProof(
            claimedKey: proof.thumbprint, proof: proof, nonceAge: nonceAge, userIdle: userIdle,
            accessToken: presented)
    }

    /// Checks the signature of a checked proof and remembers it (RFC 9449 §4.3 step 6, §11.1).
    ///
    /// Only proofs that passed everything are remembered, and each passes once, whoever bears it.
    ///
    /// - Parameters:
    ///   - checked: The proof, from `check`.
    ///   - bearer: In whose memory it is kept.
    /// - Returns: The key that made the proof, and what it says.
    /// - Throws: `signature`, `replayed`, or one of the two overloads.
    package func admit(_ checked: CheckedProof, as bearer: ProofBearer) throws(DPoPRefusal) -> VerifiedProof {
        // Step 6: the only curve operation.
        let verified: VerifiedDPoPProof
        do { verified = try checked.proof.verified() } catch { throw .signature }
        // §11.1: once only.
        try remember(verified.jti, checked, as: bearer)
        headers.remember(verified)
        return VerifiedProof(
            key: checked.claimedKey, jwk: verified.jwk, userIdle: checked.userIdle, nonceAge: checked.nonceAge,
            clockOffsetSeconds: Self.offset(of: verified.issuedAt, from: nonces.now), claims: verified.claims,
            accessToken: checked.accessToken)
    }

    /// Both halves at once, for a caller that knows the bearer before.
    package func verify(
        proofs: [String], method: String, path: String, accessToken: String?, as bearer: ProofBearer
    ) throws(DPoPRefusal) -> VerifiedProof {
        try admit(try check(proofs: proofs, method: method, path: path, accessToken: accessToken), as: bearer)
    }

    private func parse(_ field: String) throws(DPoPRefusal) -> UnverifiedDPoPProof {
        do { return try UnverifiedDPoPProof(parsing: field, headers: headers) } catch { throw .malformed(error) }
    }

    private func nonceAge(of proof: UnverifiedDPoPProof) throws(DPoPRefusal) -> Duration {
        guard let nonce = proof.nonce else { throw .nonceMissing }
        switch nonces.check(nonce) {
        case .fresh(let age): return age
        case .stale: throw .nonceStale
        case .forged: throw .nonceForged
        }
    }

    private func checkTarget(_ proof: UnverifiedDPoPProof, path: String) throws(DPoPRefusal) {
        guard let normal = TargetURI.normalizedPath(path),
            bases.contains(where: { TargetURI.matches(proof.uri, base: $0, path: normal, plain: path) })
        else { throw .uri }
    }

    private static func checkHash(
        _ proof: UnverifiedDPoPProof, of token: String
    ) throws(DPoPRefusal) -> PresentedAccessToken {
        guard let claimed = proof.accessTokenHash else { throw .accessTokenHashMissing }
        let presented = PresentedAccessToken(token)
        guard ConstantTime.equal(claimed, presented.digest) else { throw .accessTokenHash }
        return presented
    }

    private static func userIdle(_ value: JSONValue?) throws(DPoPRefusal) -> Duration? {
        guard let value else { return nil }
        guard let seconds = value.integer, (0...maximumUserIdleSeconds).contains(seconds) else { throw .userIdle }
        return .seconds(seconds)
    }

    private func remember(
        _ jti: String, _ checked: CheckedProof, as bearer: ProofBearer
    ) throws(DPoPRefusal) {
        let entry = ReplayStore.Entry(key: checked.claimedKey, jti: jti)
        switch replay.insert(
            entry, key: checked.claimedKey, as: bearer, mayChangeBearer: checked.accessToken == nil, at: nonces.now)
        {
        case .added: return
        case .known: throw .replayed
        case .shareExceeded: throw .shareExceeded
        case .full: throw .replayStoreFull
        }
    }

    private static func offset(of issuedAt: Int64, from now: Timestamp) -> Int64 {
        let (difference, overflow) = issuedAt.subtractingReportingOverflow(now.seconds)
        guard overflow else { return difference }
        return issuedAt < 0 ? .min : .max
    }

    /// A hundred years: larger numbers are mistakes, and arithmetic with them is not worth thinking about.
    private static let maximumUserIdleSeconds: Int64 = 3_153_600_000
}
