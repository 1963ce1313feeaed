import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import Synchronization

/// The tables of this practice that can be found tampered with.
enum GuardedTable: String {
    case account
    case accountKey = "account_key"
    case formerAddress = "former_address"
    case factor
    case recoveryCode = "recovery_code"
    case knownDevice = "known_device"
}

/// Remembers, for one transaction, whose row did not fit, so that the event after the rollback can name the account.
///
/// A transaction's body is synchronous; the lock only carries the value out of it.
final class IntegrityNotes: Sendable {
    private let account = Mutex<AccountID?>(nil)

    /// Notes whose row it was.
    func note(_ id: AccountID) { account.withLock { $0 = id } }

    /// Whose row it was, if that is known.
    var noted: AccountID? { account.withLock { $0 } }
}

extension AuthenticationSQLTransaction {
    /// The error for a row that does not belong where it stands; the repository reports it after the rollback.
    func tampered(_ table: GuardedTable, _ account: AccountID) -> StoreError {
        integrity.note(account)
        return .tampered(table: table.rawValue)
    }
}

extension EventReason {
    /// One reason for each table, so that an operator sees what was touched.
    static func tampered(table: String) -> EventReason {
        switch table {
        case "account": EventReason("integrity.account")
        case "account_key": EventReason("integrity.account_key")
        case "factor": EventReason("integrity.factor")
        case "recovery_code": EventReason("integrity.recovery_code")
        case "known_device": EventReason("integrity.known_device")
        case "former_address": EventReason("integrity.former_address")
        case "sign_in_flow": EventReason("integrity.sign_in_flow")
        case "authorization_code": EventReason("integrity.authorization_code")
        case "flow": EventReason("integrity.flow")
        case "device": EventReason("integrity.device")
        case "session": EventReason("integrity.session")
        case "signing_key": EventReason("integrity.signing_key")
        default: EventReason("integrity.other")
        }
    }
}
