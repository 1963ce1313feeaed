import BucklerPrimitives
import Sessions
import Synchronization

/// Why no identity header could be made.
package enum IdentityHeaderError: Error, Equatable, Sendable {
    /// The signer failed.
    case signing
}

/// Makes `Buckler-Identity`: who asks, signed, for the upstream alone (PD-18).
///
/// JWS, `typ: buckler-identity+jwt`, claims `iss aud iat exp sub client_id sid acr amr auth_time scope device`; `exp` is
/// 60 s after `iat`. A header is remembered per access token for 30 s, so that it lives at least 30 s more when it is
/// sent; at most 2 × `capacity` are held. When the keys change, all are forgotten.
package final class IdentityHeaderMint: Sendable {
    private let issuer: String
    private let audience: String
    private let clock: WallClock
    private let revision: @Sendable () -> Int
    private let sign: @Sendable (JSONObject) throws -> String
    private let capacity: Int
    private let memory = Mutex(Memory())

    /// Takes the issuer, the upstream's configured audience and the signature with the identity key.
    ///
    /// `revision` is the number of the keys in use: another number, and nothing signed before is sent any more.
    package init(
        issuer: String, audience: String, clock: WallClock, capacity: Int = 20_000,
        revision: @escaping @Sendable () -> Int, sign: @escaping @Sendable (JSONObject) throws -> String
    ) {
        self.issuer = issuer
        self.audience = audience
        self.clock = clock
        self.capacity = capacity
        self.revision = revision
        self.sign = sign
    }

    /// The header for a session's token, made now or in the last 30 s.
    package func header(for token: VerifiedAccessToken) throws(IdentityHeaderError) -> String {
        let now = clock.now
        let revision = revision()
        let digest = DigestKey(token.digest)
        let remembered: Remembered? = memory.withLock { memory in
            guard memory.revision == revision else { return nil }
            return memory.younger[digest] ?? memory.older[digest]
        }
        if let remembered, now < remembered.until, now >= remembered.until - Self.memoryLife { return remembered.text }
        let text = try make(claims(token, at: now))
        memory.withLock { memory in
            if memory.revision != revision { memory = Memory(revision: revision, began: now) }
            if now >= memory.began + Self.memoryLife || memory.younger.count >= capacity {
                memory = Memory(revision: revision, older: memory.younger, began: now)
            }
            memory.younger[digest] = Remembered(text: text, until: now + Self.memoryLife)
        }
        return text
    }

    /// A header for one request: `htm`, `htu` (the path) and the request identifier beside the claims.
    package func header(
        for token: VerifiedAccessToken, method: String, path: String, request: RequestID
    ) throws(IdentityHeaderError) -> String {
        var payload = claims(token, at: clock.now)
        payload["htm"] = .string(method)
        payload["htu"] = .string(path)
        payload["request_id"] = .string(request.text)
        return try make(payload)
    }

    private func make(_ payload: JSONObject) throws(IdentityHeaderError) -> String {
        do { return try sign(payload) } catch { throw .signing }
    }

    private func claims(_ token: VerifiedAccessToken, at now: Timestamp) -> JSONObject {
        [
            "iss": .string(issuer), "aud": .string(audience), "iat": .integer(now.seconds),
            "exp": .integer(now.seconds + Self.life), "sub": .string(token.account.text),
            "client_id": .string(token.client.text), "sid": .string(token.session.text),
            "acr": .string(token.acr), "amr": .array(token.amr.map { .string($0) }),
            "auth_time": .integer(token.authenticatedAt.seconds),
            "scope": .string(token.scope.joined(separator: " ")), "device": .string(token.device.text),
        ]
    }

    private struct Remembered {
        let text: String
        let until: Timestamp
    }

    private struct Memory {
        var revision = -1
        var younger: [DigestKey: Remembered] = [:]
        var older: [DigestKey: Remembered] = [:]
        var began = Timestamp(milliseconds: 0)
    }

    private static let life: Int64 = 60
    private static let memoryLife = Duration.seconds(30)
}
