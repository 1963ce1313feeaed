import BucklerPrimitives

/// What the devices of an account hear while they listen: that something happened, never a secret and never why.
package struct AccountNotice: Sendable, Hashable {
    /// What happened.
    ///
    /// The words are part of the wire form: never renamed, never reused.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A sign-in finished, on whatever device.
        case signedIn = "signed_in"
        /// Another session of the account ended.
        case signedOut = "signed_out"
        /// The password was changed or reset.
        case passwordChanged = "password_changed"
        /// A second factor was added.
        case factorAdded = "factor_added"
        /// A second factor was removed.
        case factorRemoved = "factor_removed"
        /// Something else of the account was changed.
        case accountChanged = "account_changed"
    }

    /// What happened.
    package let kind: Kind
    /// When.
    package let at: Timestamp
    /// In or of which session, where there is one.
    package let session: SessionID?
    /// By which device.
    package let device: DeviceID?
    /// By which client.
    package let client: ClientID?

    /// Takes the parts.
    package init(kind: Kind, at: Timestamp, session: SessionID?, device: DeviceID?, client: ClientID?) {
        self.kind = kind
        self.at = at
        self.session = session
        self.device = device
        self.client = client
    }

    /// `{"time", "session", "device", "client"}`: seconds since 1970 and public identifiers; absent where unknown.
    package var json: JSONObject {
        var object: JSONObject = ["time": .integer(at.seconds)]
        if let session { object["session"] = .string(session.text) }
        if let device { object["device"] = .string(device.text) }
        if let client { object["client"] = .string(client.text) }
        return object
    }
}
