import BucklerPrimitives
import BucklerSecurityEvents

/// Why a session ended.
///
/// Stored as text: never renamed, never reused.
package enum SessionEndReason: String, Sendable, Hashable, CaseIterable {
    /// The person signed out on this device.
    case signedOut = "signed_out"
    /// The person ended it from another device.
    case endedByPerson = "ended_by_person"
    /// The person changed the password or a factor and chose to end the others.
    case credentialChange = "credential_change"
    /// Recovery of the account.
    case recovery
    /// An operator ended it.
    case operatorAction = "operator"
    /// A new sign-in of the same account on the same installation took its place (PD-13).
    case replaced
    /// An authorization code was presented twice (PD-07).
    case codeReuse = "code_reuse"
    /// A live refresh token came under a foreign key (PD-01).
    case foreignKey = "foreign_key"
    /// Two holders of one vault (PD-01).
    case fork
    /// Nobody touched the app for too long (PD-02).
    case idle
    /// The absolute deadline (PD-03).
    case expired
    /// All sessions, or all of the account, were ended at once.
    case massSignOut = "mass_sign_out"

    /// Whether the app destroys what it keeps until sign-out.
    ///
    /// Not after reuse: a thief of a token without its key may force one sign-in, not the loss of unsent work.
    package var wipes: Bool {
        switch self {
        case .foreignKey, .fork, .codeReuse: false
        default: true
        }
    }

    /// Whether the account forgets the device: it was signed out from elsewhere, so somebody else may hold it.
    ///
    /// A changed password and a recovery forget devices by themselves.
    package var forgetsDevice: Bool {
        switch self {
        case .endedByPerson, .operatorAction: true
        default: false
        }
    }

    /// The event's reason.
    package var eventReason: EventReason {
        switch self {
        case .signedOut: EventReason("session.signed_out")
        case .endedByPerson: EventReason("session.ended_by_person")
        case .credentialChange: EventReason("session.credential_change")
        case .recovery: EventReason("session.recovery")
        case .operatorAction: EventReason("session.operator")
        case .replaced: EventReason("session.replaced")
        case .codeReuse: EventReason("session.code_reuse")
        case .foreignKey: EventReason("refresh.foreign_key")
        case .fork: EventReason("refresh.fork")
        case .idle: EventReason("session.idle")
        case .expired: EventReason("session.expired")
        case .massSignOut: EventReason("session.mass_sign_out")
        }
    }

    /// The event's name.
    package var eventName: EventName {
        switch self {
        case .idle, .expired: .sessionExpired
        case .foreignKey, .fork, .codeReuse: .tokenReuse
        default: .sessionRevoked
        }
    }
}
