import Authentication
import BucklerPrimitives

/// What the token endpoint answers.
package struct IssuedTokens: Sendable {
    /// The compact JWT.
    package let accessToken: SecretString
    /// How long it lives.
    package let expiresIn: Duration
    /// The refresh token; nil after a step-up, which leaves the app's own in place.
    package let refreshToken: SecretString?
    /// The scopes of the access token: the granted ones, or fewer within a day after a recovery.
    package let scope: [String]
    /// Names the session for step-up.
    package let stepUpHandle: SecretString
    /// The session.
    package let session: SessionSummary
    /// `{"keys": […]}` for session-end notices; nil if they have not changed since the last answer.
    package let noticeKeys: JSONObject?
    /// The same set as signed by each notice key in force, for apps that have keys already; empty without news and in the
    /// first answer.
    package let noticeKeySets: [String]
}

/// What a person or an app may know about a session.
package struct SessionSummary: Sendable, Hashable {
    /// The session's id.
    package let id: SessionID
    /// Whose.
    package let account: AccountID
    /// On which device row.
    package let device: DeviceID
    /// What the person calls the device; nil where nobody asked for it.
    package let deviceName: String?
    /// Of which client.
    package let client: ClientID
    /// Granted scopes.
    package let scope: [String]
    /// Reached level.
    package let level: AuthenticationLevel
    /// RFC 8176 `amr`.
    package let amr: [String]
    /// When it began.
    package let createdAt: Timestamp
    /// When it was last renewed.
    package let lastSeenAt: Timestamp
    /// When it ends, whatever happens.
    package let absoluteDeadline: Timestamp
    /// The server's idle limit; nil for none.
    package let idleTimeout: Duration?
    /// When the app locks.
    package let lockAfter: Duration
    /// True if the session began by a recovery and has not been raised since: a factor must be enrolled (PD-12).
    package let factorRequired: Bool

    init(_ record: SessionRecord, deviceName: String? = nil) {
        let identity = record.identity
        id = identity.id
        account = identity.account
        device = identity.device
        self.deviceName = deviceName
        client = identity.client
        scope = identity.scope
        level = identity.level
        amr = identity.amr
        createdAt = identity.createdAt
        lastSeenAt = record.rotatedAt
        absoluteDeadline = identity.absoluteDeadline
        idleTimeout = identity.idleTimeout
        lockAfter = identity.lockAfter
        factorRequired = identity.recoveredAt != nil && identity.level < .two
    }
}
