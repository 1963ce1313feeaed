import Authentication
import BucklerJOSE
import BucklerPrimitives

/// Makes tokens of a row: one signature for the access token, one MAC for the refresh token.
struct TokenMint: Sendable {
    let issuer: String
    let keys: SigningKeyRing
    let refreshKeys: RefreshKeys
    let handle: StepUpHandle
    let policies: SessionPolicies
    let clock: WallClock
    let entropy: Entropy

    var notices: SessionEndNotices { SessionEndNotices(issuer: issuer, keys: keys, clock: clock) }

    /// The access token of a row at `now` (PD-03).
    func accessToken(for record: SessionRecord, at now: Timestamp) throws(SigningError) -> SecretString {
        let identity = record.identity
        let claims = AccessTokenClaims(
            account: identity.account, session: identity.id, client: identity.client, key: identity.key,
            scope: scope(of: record, at: now), audience: identity.audience, level: identity.level, amr: identity.amr,
            authenticatedAt: identity.authenticatedAt, device: identity.device, issuedAt: now,
            expiresAt: record.accessTokenExpiry(at: now), sessionDeadline: record.deadline)
        let payload = claims.payload(issuer: issuer, tokenID: Base64URL.encode(entropy.bytes(16)))
        return SecretString(try keys.sign(payload, .accessToken))
    }

    /// The scopes of tokens issued at `now`: all that were granted, but no sensitive one within a day after a recovery.
    func scope(of record: SessionRecord, at now: Timestamp) -> [String] {
        let identity = record.identity
        guard let recovered = identity.recoveredAt,
            RecoveryAftermath.closesSensitiveScopes(recoveredAt: recovered, at: now)
        else { return identity.scope }
        let closed = policies[identity.client]?.sensitiveScopes ?? []
        return identity.scope.filter { !closed.contains($0) }
    }

    /// The refresh token of the row's current generation: the same row always gives the same text.
    func refreshToken(for record: SessionRecord) -> SecretString? {
        guard let key = refreshKeys.key(epoch: record.keyEpoch) else { return nil }
        let token = RefreshToken(
            session: record.identity.id, generation: record.generation, epoch: record.keyEpoch,
            salt: record.identity.salt, key: key)
        return token.text
    }

    /// All that the token endpoint answers.
    func tokens(
        for record: SessionRecord, at now: Timestamp, withRefreshToken: Bool = true, noticeKeysSince: Timestamp? = nil
    ) throws(SigningError) -> IssuedTokens {
        let isNews = noticeKeysSince.map { $0 <= keys.lastPublished(.notice) } ?? true
        let isFirst = record.generation == 0
        return IssuedTokens(
            accessToken: try accessToken(for: record, at: now),
            expiresIn: record.accessTokenExpiry(at: now) - now,
            refreshToken: withRefreshToken ? refreshToken(for: record) : nil,
            scope: scope(of: record, at: now), stepUpHandle: handle.text(for: record.identity.id),
            session: SessionSummary(record),
            noticeKeys: isNews ? notices.keySet : nil,
            noticeKeySets: isNews && !isFirst ? try notices.signedKeySets() : [])
    }
}
