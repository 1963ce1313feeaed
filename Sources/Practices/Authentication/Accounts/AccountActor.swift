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
    /// The request.
    package let origin: EventOrigin

    /// Takes the facts of an active session.
    package init(
        account: AccountID, session: SessionID, key: JWKThumbprint, level: AuthenticationLevel, device: DeviceID? = nil,
        client: ClientID? = nil, origin: EventOrigin
    ) {
        self.account = account
        self.session = session
        self.key = key
        self.level = level
        self.device = device
        self.client = client
        self.origin = origin
    }
}
