import Buckler
import BucklerPrimitives

extension FakeServer {
    /// The account's own endpoints that an app needs to show itself: details, a pending recovery, sessions.
    func account(_ method: String, _ path: String, _ session: Session) -> FakeAnswer {
        let prefix = "/buckler/account/sessions"
        let own = state.value.sessions.values.filter { $0.account == session.account && $0.end == nil }
        switch (method, path) {
        case ("GET", "/buckler/account"): return details(session)
        case ("DELETE", "/buckler/account/recovery"): return endRecovery(session)
        case ("GET", prefix):
            let list = own.sorted { $0.id < $1.id }.map { other -> JSONValue in
                [
                    "id": .string(other.id), "device_id": .string(other.device),
                    "device_name": .string(other.deviceName), "created_at": .integer(other.createdAt.seconds),
                    "current": .bool(other.id == session.id),
                ]
            }
            return .json(JSONValue.object(["sessions": .array(list)]).text)
        case ("POST", prefix + "/end-others"): return end(own.filter { $0.id != session.id })
        case ("POST", prefix + "/end-all"): return end(own)
        case ("DELETE", _) where path.hasPrefix(prefix + "/"):
            let chosen = own.filter { $0.id == path.dropFirst(prefix.count + 1) }
            return chosen.isEmpty ? problem(404, "request.not_found") : end(chosen)
        default: return problem(404, "request.not_found")
        }
    }

    private func end(_ sessions: [Session]) -> FakeAnswer {
        state.update { state in
            for session in sessions {
                state.sessions[session.id]?.end = End(reason: "ended_by_person", wipe: true, isSigned: true)
            }
        }
        for session in sessions { announce("signed_out", session) }
        return .json(JSONValue.object(["ended": .integer(Int64(sessions.count))]).text)
    }

    private func details(_ session: Session) -> FakeAnswer {
        guard let (email, account) = state.value.accounts.first(where: { $0.value.id == session.account }) else {
            return problem(404, "request.not_found")
        }
        let factors: [JSONValue] = account.secondFactor == nil ? [] : [["id": "fct_fake", "kind": "totp"]]
        var body: JSONObject = [
            "id": .string(account.id), "email": .string(email), "factors": .array(factors),
            "password_class": "standard", "recovery_codes_left": 0, "factor_required": false,
        ]
        if let recovery = account.recovery { body["recovery"] = .object(Self.json(ofRecovery: recovery)) }
        return .json(JSONValue.object(body).text)
    }

    // MARK: recovery by the mailbox

    /// Begins the hold of 72 hours, or answers when the one that runs began.
    func beginRecovery(of email: String) -> Timestamp {
        let now = time.now
        return state.update { state in
            let start = state.accounts[email]?.recovery ?? now
            state.accounts[email]?.recovery = start
            return start
        }
    }

    private func endRecovery(_ session: Session) -> FakeAnswer {
        let wasPending = state.update { state in
            guard let email = state.accounts.first(where: { $0.value.id == session.account })?.key,
                state.accounts[email]?.recovery != nil
            else { return false }
            state.accounts[email]?.recovery = nil
            return true
        }
        return wasPending ? FakeAnswer(status: 204) : problem(404, "account.recovery.none")
    }

    static func json(ofRecovery start: Timestamp) -> JSONObject {
        ["started_at": .integer(start.seconds), "completes_at": .integer((start + .hours(72)).seconds)]
    }
}
