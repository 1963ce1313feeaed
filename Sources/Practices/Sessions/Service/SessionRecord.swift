import Authentication
import BucklerJOSE
import BucklerPrimitives

/// Who a session is: the columns under `row_mac` (PD-01), changed only by step-up.
package struct SessionIdentity: Sendable, Hashable {
    /// The session's id.
    package let id: SessionID
    /// Whose.
    package let account: AccountID
    /// Of which client.
    package let client: ClientID
    /// On which device row.
    package let device: DeviceID
    /// Bound to which key.
    package let key: JWKThumbprint
    /// Granted scopes.
    package let scope: [String]
    /// The access tokens' audience.
    package let audience: String
    /// Reached level.
    package var level: AuthenticationLevel
    /// RFC 8176 `amr`.
    package var amr: [String]
    /// When the person last authenticated.
    package var authenticatedAt: Timestamp
    /// When it began.
    package let createdAt: Timestamp
    /// When it ends, whatever happens.
    package let absoluteDeadline: Timestamp
    /// The server's idle limit; nil for none.
    package let idleTimeout: Duration?
    /// When the app locks.
    package let lockAfter: Duration
    /// Sixteen random bytes in every tag of the session's refresh tokens.
    package let salt: [UInt8]
    /// The recovery that the session began with, or whose effects lasted then (PD-12); nil for none.
    package var recoveredAt: Timestamp?

    /// States all columns.
    package init(
        id: SessionID, account: AccountID, client: ClientID, device: DeviceID, key: JWKThumbprint, scope: [String],
        audience: String, level: AuthenticationLevel, amr: [String], authenticatedAt: Timestamp, createdAt: Timestamp,
        absoluteDeadline: Timestamp, idleTimeout: Duration?, lockAfter: Duration, salt: [UInt8],
        recoveredAt: Timestamp? = nil
    ) {
        self.id = id
        self.account = account
        self.client = client
        self.device = device
        self.key = key
        self.scope = scope
        self.audience = audience
        self.level = level
        self.amr = amr
        self.authenticatedAt = authenticatedAt
        self.createdAt = createdAt
        self.absoluteDeadline = absoluteDeadline
        self.idleTimeout = idleTimeout
        self.lockAfter = lockAfter
        self.salt = salt
        self.recoveredAt = recoveredAt
    }
}

extension SessionIdentity {
    /// The row's MAC under the verifier key: a database writer cannot point his own session at another account, raise its
    /// level or move its deadline.
    ///
    /// Rows of sessions without a recovery have version 1, as before there was that column.
    package func rowMAC(_ key: MACKey) -> [UInt8] {
        let recovered = recoveredAt.map { Self.bytes($0.milliseconds) } ?? []
        return key.tag(
            recoveredAt == nil ? "buckler session row v1" : "buckler session row v2", id.bytes, account.bytes,
            Array(client.text.utf8), device.bytes, self.key.bytes,
            salt, Array(scope.joined(separator: " ").utf8), Array(audience.utf8), [UInt8(level.rawValue)],
            Array(amr.joined(separator: " ").utf8), Self.bytes(authenticatedAt.milliseconds),
            Self.bytes(createdAt.milliseconds), Self.bytes(absoluteDeadline.milliseconds),
            Self.bytes(idleTimeout?.wholeMilliseconds ?? -1), Self.bytes(lockAfter.wholeMilliseconds) + recovered)
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}

/// A session's row.
package struct SessionRecord: Sendable, Hashable {
    /// The columns under `rowMAC`.
    package var identity: SessionIdentity
    /// Thirty-two bytes over the identity.
    package var rowMAC: [UInt8]
    /// How many rotations there were.
    package var generation: UInt32
    /// The refresh key's epoch of the current generation.
    package var keyEpoch: UInt8
    /// Attempts of the last rotations.
    package var attempts: AttemptRing
    /// Times of the last rotations.
    package var rotations: RotationTimes
    /// When the current generation began.
    package var rotatedAt: Timestamp
    /// When a person last touched the app, as far as known (PD-02).
    package var lastUserActivityAt: Timestamp
    /// When it was ended; nil while it goes on or only a deadline has passed.
    package var endedAt: Timestamp?
    /// Why it was ended.
    package var endReason: SessionEndReason?
    /// The mass sign-out that this session falls under, if there was one.
    package var notBefore: Timestamp?

    /// States a row; the refresh columns begin empty.
    package init(
        identity: SessionIdentity, rowMAC: [UInt8], generation: UInt32 = 0, keyEpoch: UInt8,
        attempts: AttemptRing = AttemptRing(), rotations: RotationTimes = RotationTimes(), rotatedAt: Timestamp,
        lastUserActivityAt: Timestamp, endedAt: Timestamp? = nil, endReason: SessionEndReason? = nil,
        notBefore: Timestamp? = nil
    ) {
        self.identity = identity
        self.rowMAC = rowMAC
        self.generation = generation
        self.keyEpoch = keyEpoch
        self.attempts = attempts
        self.rotations = rotations
        self.rotatedAt = rotatedAt
        self.lastUserActivityAt = lastUserActivityAt
        self.endedAt = endedAt
        self.endReason = endReason
        self.notBefore = notBefore
    }
}

extension SessionRecord {
    /// The first instant at which it is idle for too long; nil without an idle limit.
    package var idleDeadline: Timestamp? { identity.idleTimeout.map { lastUserActivityAt + $0 } }

    /// True if the identity columns are the ones that we wrote, under any epoch of the verifier key that still counts.
    package func isGenuine(under key: MACKey) -> Bool {
        key.epochs.contains { ConstantTime.equal(identity.rowMAC($0), rowMAC) }
    }

    /// The earlier of both deadlines.
    package var deadline: Timestamp { min(identity.absoluteDeadline, idleDeadline ?? identity.absoluteDeadline) }

    /// Why it has ended at `now`; nil while it goes on.
    ///
    /// Deadlines are exclusive: at the instant itself it has ended.
    package func end(at now: Timestamp) -> SessionEndReason? {
        if endedAt != nil { return endReason ?? .endedByPerson }
        if let notBefore, identity.createdAt <= notBefore { return .massSignOut }
        if now >= identity.absoluteDeadline { return .expired }
        if let idleDeadline, now >= idleDeadline { return .idle }
        return nil
    }

    /// When an access token minted at `now` expires: 300 s, and never past a deadline.
    package func accessTokenExpiry(at now: Timestamp) -> Timestamp { min(now + SessionLifetimes.accessToken, deadline) }

    /// What the refresh policy judges.
    package func refreshState(at now: Timestamp) -> RefreshState {
        RefreshState(
            generation: generation, key: identity.key, attempts: attempts, rotations: rotations, rotatedAt: rotatedAt,
            end: end(at: now))
    }
}
