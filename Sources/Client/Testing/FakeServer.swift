import Buckler
import BucklerJOSE
import BucklerPrimitives
import Crypto
import Synchronization

/// The pretended server behind ``FakeBuckler``: state and dispatch.
final class FakeServer: HTTPTransport {
    struct Account: Sendable {
        let id: String
        var password: String
        var secondFactor: String?
        /// When a recovery by the mailbox began that is pending.
        var recovery: Timestamp?
    }

    struct End: Sendable {
        let reason: String
        let wipe: Bool
        let isSigned: Bool
    }

    struct Session: Sendable {
        let id: String
        let account: String
        let device: String
        let deviceName: String
        let thumbprint: JWKThumbprint
        let createdAt: Timestamp
        var generation = 0
        var attempts: [Int: String] = [:]
        var lastActivity: Timestamp
        var end: End?
    }

    struct Flow: Sendable {
        let email: String
        let challenge: String
        let deviceName: String
        let thumbprint: JWKThumbprint
        var passwordIsRight = false
        var mailCode: String?
        var newAccountPassword: String?
        var isReset = false
        var isRecovering = false
        var enrolsFactor = false
    }

    struct State: Sendable {
        var accounts: [String: Account] = [:]
        var sessions: [String: Session] = [:]
        var flows: [String: Flow] = [:]
        var codes: [String: Flow] = [:]
        var accessTokens: [String: (session: String, expires: Timestamp)] = [:]
        var nonces: [String: Timestamp] = [:]
        var proofs: Set<String> = []
        var routes: [String: @Sendable (TransportRequest) -> FakeAnswer] = [:]
        /// Open event streams by number, the oldest first.
        var listeners: [Int: Listener] = [:]
        var signUpsEnrolFactor = false
        var isOffline = false
        var answersToLose = 0
        var lastMailCode: String?
        var refreshRequests = 0
        var rotations = 0
        /// The notice keys in force, the signing one last.
        var noticeKeys = [P256.Signing.PrivateKey()]
        private var number = 0

        mutating func nextNumber() -> Int {
            number += 1
            return number
        }
    }

    /// State behind a lock; the closures are short.
    final class Box: Sendable {
        private let storage = Mutex(State())
        var value: State { storage.withLock { $0 } }
        @discardableResult
        func update<R: Sendable>(_ body: (inout State) -> R) -> R {
            storage.withLock { state in
                var copy = state
                let result = body(&copy)
                state = copy
                return result
            }
        }
    }

    let issuer: String
    let time: FakeTime
    let entropy: Entropy
    let state = Box()

    let absoluteLifetime: Duration = .days(30)
    let idleTimeout: Duration = .days(14)
    let lockAfter: Duration = .minutes(15)

    init(issuer: String, time: FakeTime, entropy: Entropy) {
        self.issuer = issuer
        self.time = time
        self.entropy = entropy
    }

    /// Carries a request out and answers, unless the network is gone or loses the answer.
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        if Task.isCancelled { throw .cancelled }
        if state.value.isOffline { throw .offline }
        await Task.yield()
        let answer = handle(request)
        endStreams()
        let isLost = state.update { state in
            guard state.answersToLose > 0 else { return false }
            state.answersToLose -= 1
            return true
        }
        if isLost { throw .timedOut }
        await Task.yield()
        let headers = answer.headers + [HeaderField("DPoP-Nonce", freshNonce())]
        if let stream = answer.stream {
            return TransportResponse(status: answer.status, headers: headers, body: stream)
        }
        return TransportResponse(status: answer.status, headers: headers, bytes: answer.body)
    }

    private func handle(_ request: TransportRequest) -> FakeAnswer {
        guard request.url.hasPrefix(issuer.dropLast("/buckler".count)) else { return .json("{}", status: 404) }
        if request.url == issuer + "/nonce" { return FakeAnswer(status: 204) }
        let isOAuth =
            request.url.hasPrefix(issuer + "/oauth/") || request.url.hasPrefix(issuer + "/account/sign-up")
            || request.url.hasPrefix(issuer + "/account/reset")
        guard let proof = verifiedProof(request) else {
            if isOAuth { return .json(#"{"error":"invalid_dpop_proof"}"#, status: 400) }
            return problem(401, "dpop.invalid_proof")
        }
        guard isFresh(proof) else {
            if isOAuth { return .json(#"{"error":"use_dpop_nonce"}"#, status: 400) }
            return problem(401, "dpop.use_nonce", challenge: #"DPoP error="use_dpop_nonce", algs="ES256""#)
        }
        guard state.update({ $0.proofs.insert(proof.jti).inserted }) else {
            return isOAuth ? .json(#"{"error":"invalid_dpop_proof"}"#, status: 400) : problem(401, "dpop.replayed")
        }
        return isOAuth ? oauth(request, proof) : resource(request, proof)
    }

    private func verifiedProof(_ request: TransportRequest) -> VerifiedDPoPProof? {
        let fields = request.headers.filter { $0.name.lowercased() == "dpop" }
        guard fields.count == 1, let proof = try? UnverifiedDPoPProof(parsing: fields[0].value).verified(),
            proof.method == request.method, proof.uri == TargetURI.normalized(request.url)
        else { return nil }
        return proof
    }

    private func isFresh(_ proof: VerifiedDPoPProof) -> Bool {
        guard let nonce = proof.nonce, let issued = state.value.nonces[nonce] else { return false }
        return time.now - issued < .seconds(300)
    }

    private func freshNonce() -> String {
        let nonce = Base64URL.encode(entropy.bytes(16))
        let now = time.now
        state.update { $0.nonces[nonce] = now }
        return nonce
    }

    /// A refusal in the form of our own endpoints.
    func problem(
        _ status: Int, _ code: String, challenge: String = #"DPoP error="invalid_token", algs="ES256""#,
        notice: String? = nil
    ) -> FakeAnswer {
        var body: JSONObject = [
            "type": .string("\(issuer)/problems#\(code)"), "title": "Refused", "status": .integer(Int64(status)),
            "code": .string(code), "request_id": "req_fake",
        ]
        if let notice { body["session_end"] = .string(notice) }
        return FakeAnswer(
            status: status,
            headers: [
                HeaderField("Content-Type", "application/problem+json"), HeaderField("Buckler-Problem", code),
                HeaderField("WWW-Authenticate", challenge),
            ], body: JSONValue.object(body).serialized)
    }

    /// The signed order to end `session`.
    func notice(_ session: Session) -> String? {
        guard let end = session.end, end.isSigned else { return nil }
        let claims: JSONObject = [
            "iss": .string(issuer), "sid": .string(session.id), "jkt": .string(session.thumbprint.text),
            "iat": .integer(time.now.seconds), "reason": .string(end.reason), "wipe": .bool(end.wipe),
        ]
        return state.value.noticeKeys.last.flatMap { key in
            try? JWSSigner.sign(
                payload: claims, typ: "buckler-session-end+jwt", kid: nil, with: SoftwareES256Signer(key))
        }
    }

    /// The notice keys as the first answer carries them.
    var noticeKeySet: JSONObject {
        ["keys": .array(state.value.noticeKeys.map { .object(P256PublicJWK($0.publicKey).json) })]
    }

    /// The same, signed by each of them, as later answers carry them.
    var signedNoticeKeySets: JSONValue {
        let payload: JSONObject = [
            "iss": .string(issuer), "iat": .integer(time.now.seconds), "keys": noticeKeySet["keys"] ?? .array([]),
        ]
        let sets = state.value.noticeKeys.compactMap { key in
            try? JWSSigner.sign(
                payload: payload, typ: "buckler-notice-keys+jwt", kid: nil, with: SoftwareES256Signer(key))
        }
        return .array(sets.map { .string($0) })
    }
}
