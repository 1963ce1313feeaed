import Buckler
import BucklerJOSE
import BucklerPrimitives
import Crypto

extension FakeServer {
    func oauth(_ request: TransportRequest, _ proof: VerifiedDPoPProof) -> FakeAnswer {
        guard case .bytes(let bytes) = request.body else { return error("invalid_request") }
        switch request.url.dropFirst(issuer.count) {
        case "/account/sign-up": return beginByMail(bytes, proof, isReset: false)
        case "/account/reset": return beginByMail(bytes, proof, isReset: true)
        default: break
        }
        guard let form = try? FormURLEncoded(parsing: bytes) else { return error("invalid_request") }
        switch request.url.dropFirst(issuer.count) {
        case "/oauth/authorize-challenge": return challenge(form, proof)
        case "/oauth/token" where form["grant_type"] == "refresh_token": return refresh(form, proof, request)
        case "/oauth/token": return redeem(form, proof)
        case "/oauth/revoke": return revoke(form, proof)
        default: return error("invalid_request")
        }
    }

    func error(_ name: String, status: Int = 400, _ members: JSONObject = [:]) -> FakeAnswer {
        var body: JSONObject = ["error": .string(name)]
        for member in members.members { body[member.name] = member.value }
        return .json(JSONValue.object(body).text, status: status)
    }

    // MARK: sign-in

    private func beginByMail(_ bytes: [UInt8], _ proof: VerifiedDPoPProof, isReset: Bool) -> FakeAnswer {
        guard let body = try? StrictJSON.parseObject(bytes), let email = body["email"]?.string,
            let challenge = body["code_challenge"]?.string
        else { return problem(400, "request.invalid") }
        var flow = Flow(
            email: email, challenge: challenge, deviceName: body["device_name"]?.string ?? "",
            thumbprint: proof.thumbprint)
        flow.newAccountPassword = isReset ? nil : body["password"]?.string
        flow.isReset = isReset
        let id = mailCode(for: flow)
        let answer: JSONObject = [
            "auth_session": .string(id), "expires_in": 600,
            "challenge": ["type": "email_code", "methods": ["email_code"]],
        ]
        return .json(JSONValue.object(answer).text, status: 202)
    }

    private func mailCode(for flow: Flow) -> String {
        let code = String(100_000 + Int(entropy.integer(below: 900_000)))
        let id = Base64URL.encode(entropy.bytes(32))
        state.update {
            $0.flows[id] = flow
            $0.flows[id]?.mailCode = code
            $0.lastMailCode = code
        }
        return id
    }

    private func challenge(_ form: FormURLEncoded, _ proof: VerifiedDPoPProof) -> FakeAnswer {
        var id = form["auth_session"] ?? ""
        if let email = form["username"], let challenge = form["code_challenge"] {
            id = Base64URL.encode(entropy.bytes(32))
            let flow = Flow(
                email: email, challenge: challenge, deviceName: form["device_name"] ?? "", thumbprint: proof.thumbprint)
            state.update { $0.flows[id] = flow }
        }
        guard var flow = state.value.flows[id], flow.thumbprint == proof.thumbprint else {
            return error("invalid_session", ["code": "auth.flow.expired"])
        }
        if form["method"] == "recovery", flow.isRecovering {
            let recovery = beginRecovery(of: flow.email)
            return error(
                "access_denied", status: 403,
                ["code": "auth.recovery.needs_proof", "recovery": .object(Self.json(ofRecovery: recovery))])
        }
        if form["method"] == "cancel_recovery", flow.isRecovering {
            state.update { $0.accounts[flow.email]?.recovery = nil }
        }
        let step = advance(&flow, form)
        let updated = flow
        state.update { $0.flows[id] = updated }
        guard let step else { return finish(id, flow) }
        var asked: JSONObject = [
            "type": .string(step.type), "methods": .array(step.methods.map { .string($0) }), "expires_in": 600,
        ]
        for member in step.details.members { asked[member.name] = member.value }
        if flow.isRecovering, let recovery = state.value.accounts[flow.email]?.recovery {
            asked["recovery"] = .object(Self.json(ofRecovery: recovery))
        }
        var members: JSONObject = ["auth_session": .string(id), "challenge": .object(asked)]
        if step.isWrong { members["code"] = "auth.credentials.mismatch" }
        return error("insufficient_authorization", members)
    }

    private struct Step {
        let type: String
        let methods: [String]
        let isWrong: Bool
        var details: JSONObject = [:]
    }

    /// The next step of a flow; nil when it is finished.
    private func advance(_ flow: inout Flow, _ form: FormURLEncoded) -> Step? {
        if flow.mailCode != nil {
            guard form["email_code"] == flow.mailCode else {
                return Step(type: "email_code", methods: ["email_code"], isWrong: form["email_code"] != nil)
            }
            flow.mailCode = nil
            flow.passwordIsRight = !flow.isReset
            flow.enrolsFactor = !flow.isReset && state.value.signUpsEnrolFactor
            if !flow.enrolsFactor { createAccount(flow) }
        }
        if flow.enrolsFactor {
            guard form["totp"] == FakeBuckler.enrolmentCode else {
                return enrolment(of: flow, isWrong: form["totp"] != nil)
            }
            flow.enrolsFactor = false
            createAccount(flow, secondFactor: FakeBuckler.enrolmentCode)
            return nil
        }
        if flow.isReset {
            guard let password = form["new_password"] else {
                return Step(type: "new_password", methods: ["new_password"], isWrong: false)
            }
            let email = flow.email
            state.update { $0.accounts[email]?.password = password }
            flow.isReset = false
            flow.isRecovering = true
            flow.passwordIsRight = true
        }
        let account = state.value.accounts[flow.email]
        if !flow.passwordIsRight {
            guard let account, let password = form["password"], password == account.password else {
                return Step(type: "password", methods: ["password"], isWrong: form["password"] != nil)
            }
            flow.passwordIsRight = true
        }
        guard let second = account?.secondFactor else { return nil }
        if form["totp"] == second { return nil }
        return Step(type: "second_factor", methods: ["totp", "recovery_code"], isWrong: form["totp"] != nil)
    }

    /// The authenticator app with which an account begins; it is made when the app's first code is right.
    private func enrolment(of flow: Flow, isWrong: Bool) -> Step {
        let secret = "JBSWY3DPEHPK3PXP"
        return Step(
            type: "enrol_factor", methods: ["totp"], isWrong: isWrong,
            details: [
                "otpauth_uri": .string("otpauth://totp/\(flow.email)?secret=\(secret)"), "secret": .string(secret),
            ])
    }

    private func createAccount(_ flow: Flow, secondFactor: String? = nil) {
        guard let password = flow.newAccountPassword else { return }
        state.update {
            guard $0.accounts[flow.email] == nil else { return }
            $0.accounts[flow.email] = Account(
                id: "acc_\($0.nextNumber())", password: password, secondFactor: secondFactor)
        }
    }

    private func finish(_ id: String, _ flow: Flow) -> FakeAnswer {
        let code = Base64URL.encode(entropy.bytes(32))
        state.update {
            $0.flows[id] = nil
            $0.codes[code] = flow
        }
        return .json(JSONValue.object(["authorization_code": .string(code)]).text)
    }

    private func redeem(_ form: FormURLEncoded, _ proof: VerifiedDPoPProof) -> FakeAnswer {
        let code = form["code"] ?? ""
        guard let flow = state.update({ $0.codes.removeValue(forKey: code) }), flow.thumbprint == proof.thumbprint,
            flow.challenge == Base64URL.encode(Array(SHA256.hash(data: Array((form["code_verifier"] ?? "").utf8)))),
            let account = state.value.accounts[flow.email]
        else { return error("invalid_grant") }
        let session = Session(
            id: SessionID.random(entropy).text, account: account.id, device: DeviceID.random(entropy).text,
            deviceName: flow.deviceName, thumbprint: proof.thumbprint, createdAt: time.now, lastActivity: time.now)
        state.update { $0.sessions[session.id] = session }
        announce("signed_in", session)
        return tokens(session, withSession: true)
    }

    // MARK: tokens

    private func tokens(_ session: Session, withSession: Bool) -> FakeAnswer {
        let access = "fake_at.\(Base64URL.encode(entropy.bytes(16)))"
        let deadline = session.createdAt + absoluteLifetime
        let expires = min(time.now + .seconds(300), deadline)
        state.update { $0.accessTokens[access] = (session.id, expires) }
        var body: JSONObject = [
            "access_token": .string(access), "token_type": "DPoP",
            "expires_in": .integer((expires - time.now).wholeSeconds),
            "refresh_token": .string("fake_rt|\(session.id)|\(session.generation)"), "scope": "",
        ]
        if withSession {
            body["auth_session"] = .string("step_\(session.id)")
            body["session"] = [
                "id": .string(session.id), "account": .string(session.account), "device_id": .string(session.device),
                "acr": "urn:buckler:acr:1", "amr": ["pwd"], "created_at": .integer(session.createdAt.seconds),
                "absolute_deadline": .integer(deadline.seconds), "idle_timeout": .integer(idleTimeout.wholeSeconds),
                "lock_after": .integer(lockAfter.wholeSeconds),
            ]
            body["notice_keys"] = .object(noticeKeySet)
        } else {
            body["notice_key_sets"] = signedNoticeKeySets
        }
        return .json(JSONValue.object(body).text)
    }

    /// PD-01's table over a map instead of a statement.
    private func refresh(_ form: FormURLEncoded, _ proof: VerifiedDPoPProof, _ request: TransportRequest) -> FakeAnswer
    {
        let parts = (form["refresh_token"] ?? "").split(separator: "|")
        let attempt = request.headers.first { $0.name == "Idempotency-Key" }?.value ?? ""
        guard parts.count == 3, let generation = Int(parts[2]) else { return error("invalid_grant") }
        let idle = proof.claims["user_idle"]?.integer
        let now = time.now
        let (session, verdict) = state.update { state -> (Session?, RefreshVerdict) in
            state.refreshRequests += 1
            guard var session = state.sessions[String(parts[1])] else { return (nil, .refused) }
            let verdict = session.refresh(
                generation, attempt, proof.thumbprint, now: now, idle: idle, idleTimeout: idleTimeout,
                absolute: absoluteLifetime)
            if verdict == .rotated { state.rotations += 1 }
            state.sessions[session.id] = session
            return (session, verdict)
        }
        guard let session else { return error("invalid_grant") }
        switch verdict {
        case .rotated, .repeated: return tokens(session, withSession: false)
        case .superseded: return error("invalid_grant", ["code": "refresh.superseded"])
        case .refused: return error("invalid_grant")
        case .ended:
            guard let notice = notice(session) else { return error("invalid_grant") }
            return error("invalid_grant", ["code": "session.revoked", "session_end": .string(notice)])
        }
    }

    private func revoke(_ form: FormURLEncoded, _ proof: VerifiedDPoPProof) -> FakeAnswer {
        let parts = (form["token"] ?? "").split(separator: "|")
        guard parts.count == 3 else { return FakeAnswer(status: 200) }
        state.update { state in
            guard state.sessions[String(parts[1])]?.thumbprint == proof.thumbprint else { return }
            state.sessions[String(parts[1])]?.end = End(reason: "signed_out", wipe: true, isSigned: true)
        }
        return FakeAnswer(status: 200)
    }

    // MARK: resources

    func resource(_ request: TransportRequest, _ proof: VerifiedDPoPProof) -> FakeAnswer {
        let header = request.headers.first { $0.name == "Authorization" }?.value ?? ""
        let token = String(header.dropFirst("DPoP ".count))
        let now = time.now
        guard header.hasPrefix("DPoP "), let entry = state.value.accessTokens[token],
            let session = state.value.sessions[entry.session], session.thumbprint == proof.thumbprint,
            proof.accessTokenHash == Array(SHA256.hash(data: Array(token.utf8)))
        else { return problem(401, "token.invalid") }
        guard session.end == nil else { return problem(401, "session.revoked", notice: notice(session)) }
        guard now < entry.expires else { return problem(401, "token.expired") }
        let path = request.url.dropFirst(issuer.count - "/buckler".count).split(separator: "?").first.map(String.init)
        if request.method == "GET", path == "/buckler/account/events" { return listen(session) }
        if let path, path.hasPrefix("/buckler/account") { return account(request.method, path, session) }
        guard let path, let route = state.value.routes["\(request.method) \(path)"] else {
            return .json("{}", status: 404)
        }
        return route(request)
    }
}

enum RefreshVerdict: Sendable {
    case rotated, repeated, superseded, refused, ended
}

extension FakeServer.Session {
    /// One refresh; the rows of PD-01's table in its order.
    mutating func refresh(
        _ presented: Int, _ attempt: String, _ key: JWKThumbprint, now: Timestamp, idle: Int64?,
        idleTimeout: Duration, absolute: Duration
    ) -> RefreshVerdict {
        guard presented <= generation else { return .refused }
        guard key == thumbprint else {
            if presented >= generation - 1, end == nil {
                end = FakeServer.End(reason: "foreign_key", wipe: true, isSigned: true)
            }
            return .refused
        }
        if end == nil, now >= createdAt + absolute || now >= lastActivity + idleTimeout {
            end = FakeServer.End(reason: "expired", wipe: false, isSigned: true)
        }
        guard end == nil else { return .ended }
        if presented == generation {
            if let idle { lastActivity = max(lastActivity, now - .seconds(idle)) }
            attempts[generation] = attempt
            attempts[generation - 8] = nil
            generation += 1
            return .rotated
        }
        if attempts[presented] == attempt { return presented == generation - 1 ? .repeated : .superseded }
        end = FakeServer.End(reason: "token_reuse", wipe: true, isSigned: true)
        return .ended
    }
}
