import BucklerJOSE
import BucklerPrimitives

/// How a person proved who they are (RFC 8176 values, and our documented `email` and `rcv`).
package enum AuthenticationMethod: String, Sendable, Hashable, CaseIterable {
    /// A password.
    case password = "pwd"
    /// A code of an authenticator app.
    case oneTimePassword = "otp"
    /// A code sent by e-mail; never lifts the level.
    case email = "email"
    /// A saved recovery (look-up) code.
    case recoveryCode = "rcv"
}

/// What an authentication is worth (PD-08).
package enum AuthenticationLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// Something known.
    case one = 1
    /// Two factors.
    case two = 2
    /// A device-bound key with user verification.
    case three = 3

    /// The levels that some way in of today reaches; metadata promises no other.
    package static let reachable: [AuthenticationLevel] = [.one, .two]

    /// The `acr` value.
    package var acr: String { "urn:buckler:acr:\(rawValue)" }

    /// The level of an `acr` value; nil for any other text.
    package init?(acr: String) {
        guard let level = Self.allCases.first(where: { $0.acr == acr }) else { return nil }
        self = level
    }

    /// By number.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A finished authentication.
///
/// Only this practice can make one: from a flow whose every step was verified.
package struct VerifiedAuthentication: Sendable, Hashable {
    /// Who.
    package let account: AccountID
    /// By what, in the order of the steps.
    package let methods: [AuthenticationMethod]
    /// Worth what.
    package let level: AuthenticationLevel
    /// When the last step was verified.
    package let authenticatedAt: Timestamp

    internal init(
        account: AccountID, methods: [AuthenticationMethod], level: AuthenticationLevel, authenticatedAt: Timestamp
    ) {
        self.account = account
        self.methods = methods
        self.level = level
        self.authenticatedAt = authenticatedAt
    }

    /// RFC 8176 `amr`: the methods, and `mfa` from level 2 on.
    package var amr: [String] { methods.map(\.rawValue) + (level >= .two ? ["mfa"] : []) }
}

/// A redeemed authorization code: who signed in, and to which client, key and scope the flow was bound from its start.
package struct AuthorizationGrant: Sendable, Hashable {
    /// Who signed in, and how.
    package let authentication: VerifiedAuthentication
    /// The client of the first request.
    package let client: ClientID
    /// The DPoP key of the first request.
    package let key: JWKThumbprint
    /// The granted scopes.
    package let scope: [String]
    /// The token's single audience.
    package let audience: String
    /// What the person calls the device; at most 64 characters.
    package let deviceName: String?
    /// The device row that this sign-in replaces, if the app named one (PD-13).
    package let replacedDevice: DeviceID?
    /// For a step-up: the session that is raised instead of a new one.
    package let steppedUpSession: SessionID?
    /// The recovery that this sign-in was, or whose effects still last (PD-12); nil for none.
    package let recoveredAt: Timestamp?
    /// The number of the account's password at the sign-in; with another one the session must not begin.
    package let passwordGeneration: Int64

    internal init(
        authentication: VerifiedAuthentication, client: ClientID, key: JWKThumbprint, scope: [String],
        audience: String, deviceName: String?, replacedDevice: DeviceID?, steppedUpSession: SessionID?,
        recoveredAt: Timestamp? = nil, passwordGeneration: Int64 = 0
    ) {
        self.authentication = authentication
        self.client = client
        self.key = key
        self.scope = scope
        self.audience = audience
        self.deviceName = deviceName
        self.replacedDevice = replacedDevice
        self.steppedUpSession = steppedUpSession
        self.recoveredAt = recoveredAt
        self.passwordGeneration = passwordGeneration
    }
}
