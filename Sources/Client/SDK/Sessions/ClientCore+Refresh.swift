import BucklerPlatformKeys
import BucklerPrimitives

extension ClientCore {
    /// A session with an access token that has at least ten seconds to live and is not `rejected`.
    func accessToken(rejecting rejected: SecretString?, unlocked: Bool) async throws(BucklerError) -> LiveSession {
        let live = try requireLive(unlocked: unlocked)
        if isUsable(live.current.token, rejecting: rejected) { return live }
        let refreshed = try await sharedRefresh(rejecting: rejected)
        if let rejected, refreshed.current.token.accessToken == rejected {
            // The refresh that was joined had begun before the token was rejected.
            return try await sharedRefresh(rejecting: rejected)
        }
        return refreshed
    }

    private func isUsable(_ token: TokenRecord, rejecting rejected: SecretString?) -> Bool {
        token.isFresh(environment.sleepProofClock.reading, margin: .seconds(10)) && token.accessToken != rejected
    }

    /// Joins the refresh that is under way, or starts one.
    ///
    /// A cancelled caller leaves; the refresh goes on for the others.
    private func sharedRefresh(rejecting rejected: SecretString?) async throws(BucklerError) -> LiveSession {
        let flight: SharedResult<Result<LiveSession, BucklerError>>
        if let refreshInFlight {
            flight = refreshInFlight
        } else {
            flight = SharedResult()
            refreshInFlight = flight
            // A task of its own, because the cancellation of one caller must not reach the rotation that all share.
            Task {
                let result = await refresh(rejecting: rejected)
                refreshInFlight = nil
                flight.finish(result)
            }
        }
        guard let result = await flight.value() else { throw .cancelled }
        return try result.get()
    }

    /// PD-01, client: steps 1 to 6.
    ///
    /// Any new signature starts at step 1.
    private func refresh(rejecting rejected: SecretString?) async -> Result<LiveSession, BucklerError> {
        do throws(BucklerError) {
            for round in 0..<8 {
                if round > 2 { await environment.pause(.milliseconds(100 << (round - 3))) }
                if let done = try await refreshRound(rejecting: rejected) { return .success(done) }
            }
            throw .unavailable(retryAfter: nil)
        } catch {
            return .failure(error)
        }
    }

    /// One round; nil means: start over.
    private func refreshRound(rejecting rejected: SecretString?) async throws(BucklerError) -> LiveSession? {
        // (1) the highest token
        guard let live = try reload() else { throw signedOutError() }
        if isUsable(live.current.token, rejecting: rejected) { return live }
        let current = live.current
        // (2) the attempt, (3) still the highest?
        guard
            let attempt = try storage({ () throws(SecretStoreError) in
                let attempt = try tokens.attempt(current.epoch, current.generation)
                return try tokens.confirm(current.epoch, current.generation) ? attempt : nil
            })
        else { return nil }
        // (4) one signature, one message
        let answer: IssuerAnswer
        do {
            answer = try await channel.callOnce(refreshRequest(current, attempt), refreshCredentials(live))
        } catch {
            throw failure(error)
        }
        noteContact()
        if answer.demandsNonce { return nil }
        guard answer.isSuccess else { return try judgeRefusal(answer, current) }
        guard let token = TokenRecord(tokenResponse: answer.body, obtained: environment.sleepProofClock.reading) else {
            throw .unreadableAnswer
        }
        // (5) add the successor, (6) delete lower tokens, then lower attempts
        try storage { () throws(SecretStoreError) in
            try tokens.noteKeys(answer.body["notice_key_sets"]?.array?.compactMap(\.string) ?? [], current)
            try tokens.advance(current.epoch, to: current.generation + 1, token)
        }
        return try reload()
    }

    /// A refusal of the token endpoint; nil means: start over.
    private func judgeRefusal(_ answer: IssuerAnswer, _ current: TokenVault.Current) throws(BucklerError)
        -> LiveSession?
    {
        if answer.status == 429 { throw throttled(answer) }
        if answer.status >= 500 { throw .unavailable(retryAfter: answer.retryAfter) }
        guard answer.error == "invalid_grant" else { throw .refused(answer.problem) }
        if answer.code == "refresh.superseded" { return nil }
        if let reason = obey(answer.body["session_end"]?.string, current) {
            // Somebody signed in anew meanwhile: the notice ended the session of before.
            if live != nil { return nil }
            throw .signedOut(reason)
        }
        // Without a signed notice. Another process may have moved on, or somebody signed in anew: then this answer is old.
        if let newer = try reload(),
            newer.current.epoch != current.epoch
                || newer.current.generation != current.generation
        {
            return nil
        }
        try storage { () throws(SecretStoreError) in
            try dropTokens(upTo: current.epoch, .refused)
            try publishEnd(of: current.epoch, .refused)
        }
        throw .signedOut(.refused)
    }

    private func refreshRequest(_ current: TokenVault.Current, _ attempt: [UInt8]) -> TransportRequest {
        current.token.refreshToken.withExposedText { refreshToken in
            formRequest(
                "/oauth/token",
                [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", clientID)],
                headers: [HeaderField("Idempotency-Key", "\"\(Base64URL.encode(attempt))\"")])
        }
    }

    /// The proof's claims: seconds since a person touched the app, if that is known (PD-02).
    private func refreshCredentials(_ live: LiveSession) -> ProofChannel.Credentials {
        var credentials = ProofChannel.Credentials(signer: live.signer)
        if let idle = activity.idle { credentials.claims["user_idle"] = .integer(max(0, idle.wholeSeconds)) }
        return credentials
    }

    /// Reads the store again; nil if there is no session any more.
    func reload() throws(BucklerError) -> LiveSession? {
        check()
        if case .unknown = broadcast.current { throw .storageLocked }
        return live
    }

    func signedOutError() -> BucklerError {
        if case .signedOut(let reason) = broadcast.current { return .signedOut(reason) }
        return .signedOut(.notSignedIn)
    }

    func throttled(_ answer: IssuerAnswer) -> BucklerError {
        .throttled(until: environment.wallClock.now + (answer.retryAfter ?? .seconds(1)))
    }

    /// Runs work on the store; its errors become the SDK's.
    func storage<R>(_ body: () throws(SecretStoreError) -> R) throws(BucklerError) -> R {
        do { return try body() } catch { throw BucklerError(error) }
    }
}
