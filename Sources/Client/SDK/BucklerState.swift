/// Why nobody is signed in on this device.
public enum SignOutReason: Sendable, Hashable {
    /// Nobody has signed in here yet.
    case notSignedIn
    /// The person signed out here.
    case byPerson
    /// The server ended the session and signed the notice; its reason, such as `ended_by_person`.
    case ended(reason: String)
    /// The server refused without a signed notice: tokens are gone, the vault is closed until the same account signs in.
    case refused
    /// The device key was invalidated or lost.
    case deviceKeyLost
    /// The app was deleted and installed again.
    case reinstalled
    /// The app's files came from a backup of another device.
    case newDevice
    /// The session reached its absolute deadline while the server was out of reach.
    case deadlinePassed
}

extension SignOutReason: CustomStringConvertible {
    /// A dotted text; also how the reason is kept in a file.
    public var description: String {
        switch self {
        case .notSignedIn: "not_signed_in"
        case .byPerson: "by_person"
        case .ended(let reason): "ended.\(reason)"
        case .refused: "refused"
        case .deviceKeyLost: "device_key_lost"
        case .reinstalled: "reinstalled"
        case .newDevice: "new_device"
        case .deadlinePassed: "deadline_passed"
        }
    }

    init(text: String) {
        let known: [SignOutReason] = [
            .notSignedIn, .byPerson, .refused, .deviceKeyLost, .reinstalled, .newDevice, .deadlinePassed,
        ]
        if let reason = known.first(where: { $0.description == text }) {
            self = reason
        } else {
            self = text.hasPrefix("ended.") ? .ended(reason: String(text.dropFirst(6))) : .notSignedIn
        }
    }
}

/// What an app shows.
///
/// Never `signedOut` because of the network.
public enum BucklerState: Sendable {
    /// Not known yet: the device has not been unlocked since it was started.
    case unknown
    /// Nobody is signed in.
    case signedOut(SignOutReason)
    /// Somebody is signed in, and the app waits for them to show that they are here.
    case locked
    /// Somebody is signed in.
    case signedIn(BucklerSession)
}

extension BucklerState: Equatable {
    /// Sessions are equal by their id.
    public static func == (left: BucklerState, right: BucklerState) -> Bool {
        switch (left, right) {
        case (.unknown, .unknown), (.locked, .locked): true
        case (.signedOut(let a), .signedOut(let b)): a == b
        case (.signedIn(let a), .signedIn(let b)): a.id == b.id
        default: false
        }
    }
}
