import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// The signed-in person behind a request, as the session guard proved it.
package struct AccountActor: Sendable {
    /// Whose account.
    package let account: AccountID
    /// Through which session.
    package let session: SessionID
    /// Signed by which device key.
    package let key: JWKThumbprint
    /// The level of the session's authentication.
    package let level: AuthenticationLevel
    /// The device key's row.
    package let device: DeviceID?
    /// Through which client.
    package let client: ClientID?
    /// How the session was begun or raised.
    package let methods: [AuthenticationMethod]
    /// When, to the second.
    package let authenticatedAt: Timestamp?
    /// The request.
    package let origin: EventOrigin

    /// Takes the facts of an active session.
    package init(
        account: AccountID, session: SessionID, key: JWKThumbprint, level: AuthenticationLevel, device: DeviceID? = nil,
        client: ClientID? = nil, methods: [AuthenticationMethod] = [], authenticatedAt: Timestamp? = nil,
        origin: EventOrigin
    ) {
        self.account = account
        self.session = session
        self.key = key
        self.level = level
        self.device = device
        self.client = client
        self.methods = methods
        self.authenticatedAt = authenticatedAt
        self.origin = origin
    }

    /// True for the session of a recovery by a saved code: it may enrol the factor that the recovery demands, and nothing
    /// else of the account's own level.
    ///
    /// Its sign-in is not older than the recovery, so that an older session of this kind gains nothing by a later one.
    func mayEnrolAfterRecovery(_ record: AccountRecord) -> Bool {
        guard let aftermath = record.aftermath, aftermath.factorRequired, methods.contains(.recoveryCode),
            let authenticatedAt
        else { return false }
        return authenticatedAt.seconds >= aftermath.recoveredAt.seconds
    }
}
