import BucklerPrimitives

extension ClientCore {
    /// Sends an app's request with token and proof; refreshes and repeats once where that is safe.
    func send(_ request: TransportRequest, session: String) async throws(BucklerError) -> TransportResponse {
        guard server.covers(request.url) else { throw .invalidRequest }
        _ = try requireLive(session: session, unlocked: true)
        var rejected: SecretString?
        while true {
            let live = try await accessToken(rejecting: rejected, unlocked: true)
            guard live.current.record.session == session else { throw .signedOut(.notSignedIn) }
            let token = live.current.token.accessToken
            let response = try await sendOnce(request, live)
            guard response.status == 401 else { return response }
            switch try await judge(response, live.current) {
            case .foreign(let whole): return whole
            case .stepUp: throw .needs(try await beginStepUp(live.current.record))
            case .ended(let reason): throw .signedOut(reason)
            case .refused(let problem):
                guard rejected == nil else { throw .refused(problem) }
                rejected = token
                guard request.body.isReplayable else {
                    _ = try await accessToken(rejecting: token, unlocked: true)
                    throw .refused(problem)
                }
            }
        }
    }

    private func sendOnce(
        _ request: TransportRequest, _ live: LiveSession
    ) async throws(BucklerError) -> TransportResponse {
        var credentials = ProofChannel.Credentials(signer: live.signer)
        credentials.accessToken = live.current.token.accessToken.withExposedText { $0 }
        do {
            let response = try await channel.send(request, credentials)
            noteContact()
            return response
        } catch {
            throw failure(error)
        }
    }

    /// Who spoke a 401, and what it means.
    private enum Verdict {
        /// The app's own API, with its body read back into place.
        case foreign(TransportResponse)
        /// Ours, and the session has ended by a signed notice.
        case ended(SignOutReason)
        /// Ours: another proof of the person is wanted.
        case stepUp
        /// Ours, without a signed notice.
        case refused(Problem)
    }

    /// Ours is what carries `Buckler-Problem`, which an upstream cannot set (PD-18).
    ///
    /// A signed notice counts whoever brings it.
    private func judge(
        _ response: TransportResponse, _ current: TokenVault.Current
    ) async throws(BucklerError) -> Verdict {
        let bytes: [UInt8]
        do {
            bytes = try await response.collect(maximumByteCount: 1_048_576)
        } catch {
            throw BucklerError(error, lastContact: lastContact)
        }
        let answer = IssuerAnswer(response, bytes)
        if let reason = obey(answer.body["session_end"]?.string, current) { return .ended(reason) }
        guard response.header("Buckler-Problem") != nil else {
            return .foreign(TransportResponse(status: response.status, headers: response.headers, bytes: bytes))
        }
        if let wanted = response.header("WWW-Authenticate"), wanted.contains("insufficient_user_authentication") {
            return .stepUp
        }
        return .refused(answer.problem)
    }

    /// A POST of a form to one of the issuer's endpoints.
    nonisolated func formRequest(
        _ path: String, _ fields: [(String, String)], headers: [HeaderField] = []
    ) -> TransportRequest {
        let body = FormURLEncoded.encode(fields.map { (name: $0.0, value: $0.1) })
        return TransportRequest(
            method: "POST", url: server.issuer + path,
            headers: [
                HeaderField("Content-Type", "application/x-www-form-urlencoded"),
                HeaderField("Accept", "application/json"),
            ] + headers, body: .bytes(Array(body.utf8)))
    }

    /// A request with a JSON body to one of the issuer's endpoints.
    nonisolated func jsonRequest(_ method: String, _ path: String, _ body: JSONObject?) -> TransportRequest {
        var request = TransportRequest(
            method: method, url: server.issuer + path,
            headers: [HeaderField("Accept", "application/json, application/problem+json")])
        if let body {
            request.headers.append(HeaderField("Content-Type", "application/json"))
            request.body = .bytes(JSONValue.object(body).serialized)
        }
        return request
    }

    /// A call of the account endpoints with token and proof.
    func account(
        _ method: String, _ path: String, _ body: JSONObject? = nil, session: String
    ) async throws(BucklerError) -> JSONObject {
        let response = try await send(jsonRequest(method, path, body), session: session)
        let answer: IssuerAnswer
        do {
            answer = IssuerAnswer(response, try await response.collect(maximumByteCount: 262_144))
        } catch {
            throw BucklerError(error, lastContact: lastContact)
        }
        if answer.isSuccess { return answer.body }
        throw refusal(answer)
    }

    /// What a refusal of our endpoints means to the caller.
    func refusal(_ answer: IssuerAnswer) -> BucklerError {
        switch answer.status {
        case 429: throttled(answer)
        case 503: .unavailable(retryAfter: answer.retryAfter)
        default: .refused(answer.problem)
        }
    }
}

extension ClientCore {
    /// Token and proof for a request that another HTTP stack sends.
    func authorization(for request: TransportRequest, session: String) async throws(BucklerError) -> [HeaderField] {
        _ = try requireLive(session: session, unlocked: true)
        let live = try await accessToken(rejecting: nil, unlocked: true)
        do {
            let nonce = try await channel.currentNonce(forStream: true)
            let token = live.current.token.accessToken.withExposedText { $0 }
            let credentials = ProofChannel.Credentials(signer: live.signer, accessToken: token)
            let proof = try channel.proof(request, credentials, nonce: nonce)
            return [HeaderField("Authorization", "DPoP \(token)"), HeaderField("DPoP", proof)]
        } catch {
            throw failure(error)
        }
    }
}
