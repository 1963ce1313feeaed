import Authentication
import BucklerPrimitives
import Sessions

/// The token endpoint's answer (RFC 6749 §5.1, RFC 9449 §5) with our session members.
enum TokenAnswer {
    static func json(_ tokens: IssuedTokens) -> JSONObject {
        var answer: JSONObject = [
            "access_token": tokens.accessToken.json, "token_type": "DPoP",
            "expires_in": .integer(tokens.expiresIn.wholeSeconds),
        ]
        if let refreshToken = tokens.refreshToken { answer["refresh_token"] = refreshToken.json }
        answer["scope"] = .string(tokens.scope.joined(separator: " "))
        answer["auth_session"] = tokens.stepUpHandle.json
        answer["session"] = .object(session(tokens.session))
        if let keys = tokens.noticeKeys { answer["notice_keys"] = .object(keys) }
        if !tokens.noticeKeySets.isEmpty {
            answer["notice_key_sets"] = .array(tokens.noticeKeySets.map { .string($0) })
        }
        return answer
    }

    private static func session(_ session: SessionSummary) -> JSONObject {
        var json: JSONObject = [
            "id": .string(session.id.text), "account": .string(session.account.text),
            "device_id": .string(session.device.text), "client_id": .string(session.client.text),
            "acr": .string(session.level.acr), "amr": .array(session.amr.map { .string($0) }),
            "created_at": .integer(session.createdAt.seconds),
            "absolute_deadline": .integer(session.absoluteDeadline.seconds),
        ]
        if let idle = session.idleTimeout { json["idle_timeout"] = .integer(idle.wholeSeconds) }
        json["factor_required"] = .bool(session.factorRequired)
        json["lock_after"] = .integer(session.lockAfter.wholeSeconds)
        return json
    }
}

extension SecretString {
    /// For the answer to the one who may have it.
    fileprivate var json: JSONValue { withExposedText { .string($0) } }
}
