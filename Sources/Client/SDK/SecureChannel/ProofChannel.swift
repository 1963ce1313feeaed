import BucklerJOSE
import BucklerPlatformKeys
import BucklerPrimitives

/// Sends requests with DPoP proofs (RFC 9449) and answers the server's demand for a nonce.
struct ProofChannel: Sendable {
    let server: ServerAddress
    let transport: any HTTPTransport
    let nonces: NonceMemory
    let wallClock: WallClock
    let entropy: Entropy

    /// What a proof is made with.
    struct Credentials: Sendable {
        let signer: DeviceKeySigner
        var accessToken: String?
        var claims: JSONObject = [:]
    }

    /// Sends with a proof; a demanded nonce is answered once more, if the body can be repeated.
    ///
    /// A body that cannot be repeated gets a nonce younger than 240 s beforehand.
    func send(
        _ request: TransportRequest, _ credentials: Credentials
    ) async throws(ChannelError) -> TransportResponse {
        var attemptsLeft = request.body.isReplayable ? 3 : 1
        while true {
            attemptsLeft -= 1
            let nonce = try await currentNonce(forStream: !request.body.isReplayable)
            let response = try await sendOnce(request, credentials, nonce: nonce)
            guard Self.demandsNonce(response), attemptsLeft > 0 else { return response }
        }
    }

    /// Sends one signature, once.
    ///
    /// The answer's nonce is remembered.
    func sendOnce(
        _ request: TransportRequest, _ credentials: Credentials, nonce: String?
    ) async throws(ChannelError) -> TransportResponse {
        var signed = request
        signed.headers.append(HeaderField("DPoP", try proof(request, credentials, nonce: nonce)))
        if let token = credentials.accessToken { signed.headers.append(HeaderField("Authorization", "DPoP \(token)")) }
        do {
            let response = try await transport.send(signed)
            nonces.note(response)
            return response
        } catch {
            throw .transport(error)
        }
    }

    /// A nonce that is young enough, from memory or from `GET {issuer}/nonce`.
    func currentNonce(forStream: Bool) async throws(ChannelError) -> String? {
        let age: Duration = forStream ? .seconds(240) : .seconds(290)
        if let nonce = nonces.nonce(youngerThan: age) { return nonce }
        do {
            let request = TransportRequest(method: "GET", url: server.issuer + "/nonce")
            nonces.note(try await transport.send(request))
        } catch {
            throw .transport(error)
        }
        return nonces.nonce(youngerThan: age)
    }

    /// The compact proof for one request.
    func proof(
        _ request: TransportRequest, _ credentials: Credentials, nonce: String?
    ) throws(ChannelError) -> String {
        guard server.covers(request.url) else { throw .transport(.invalidRequest) }
        do {
            let maker = DPoPProofMaker(signer: credentials.signer, entropy: entropy)
            return try maker.proof(
                method: request.method, url: request.url, nonce: nonce, accessToken: credentials.accessToken,
                issuedAt: wallClock.now, extraClaims: credentials.claims)
        } catch is DPoPProofMakerError {
            throw .transport(.invalidRequest)
        } catch {
            throw .key(error as? SecretStoreError ?? .damaged)
        }
    }

    /// True if a resource asks for a (newer) nonce (RFC 9449 §9).
    static func demandsNonce(_ response: TransportResponse) -> Bool {
        response.status == 401 && response.header("WWW-Authenticate")?.contains("error=\"use_dpop_nonce\"") == true
    }

    /// A call to the issuer: sends, reads at most 64 KiB, answers the demand for a nonce (RFC 9449 §8) up to two times.
    func call(_ request: TransportRequest, _ credentials: Credentials) async throws(ChannelError) -> IssuerAnswer {
        var attemptsLeft = 3
        while true {
            attemptsLeft -= 1
            let answer = try await callOnce(request, credentials)
            guard answer.demandsNonce, attemptsLeft > 0 else { return answer }
        }
    }

    /// A call to the issuer with exactly one signature.
    func callOnce(_ request: TransportRequest, _ credentials: Credentials) async throws(ChannelError) -> IssuerAnswer {
        let nonce = try await currentNonce(forStream: false)
        let response = try await sendOnce(request, credentials, nonce: nonce)
        do {
            return IssuerAnswer(response, try await response.collect(maximumByteCount: 65_536))
        } catch {
            throw .transport(error)
        }
    }
}

/// Why a request with a proof got no answer.
enum ChannelError: Error, Equatable, Sendable {
    /// The transport's reason.
    case transport(TransportError)
    /// The device key did not sign, and what its store said.
    ///
    /// Not yet that it is lost: a locked device and a busy enclave refuse as well.
    case key(SecretStoreError)
}
