import BucklerJOSE
import BucklerPrimitives

/// Who is trying, as far as budgets care.
package enum GuessingLane: UInt8, Sendable, Hashable {
    /// The device key completed a sign-in for this account lately.
    case knownDevice = 1
    /// Everybody else.
    case stranger = 2
    /// Something was shown in this flow already, such as the right password.
    case proven = 3
}

/// The name of a budget.
package struct BudgetKey: Sendable, Hashable {
    /// Thirty-two bytes under the present throttle key.
    package let tag: [UInt8]
    /// The names under earlier ones; empty but while a root key is replaced.
    package let formerTags: [[UInt8]]

    /// States the name.
    package init(tag: [UInt8], formerTags: [[UInt8]] = []) {
        self.tag = tag
        self.formerTags = formerTags
    }
}

/// Names budgets by keyed tags: the table shows neither addresses nor networks, and has rows for addresses with and
/// without an account alike (PD-09).
struct BudgetKeys: Sendable {
    private let key: MACKey

    init(_ key: MACKey) { self.key = key }

    func strangers(_ email: Email) -> BudgetKey { budget("budget strangers v1", bytes(email)) }

    func knownDevice(_ email: Email, _ device: JWKThumbprint) -> BudgetKey {
        budget("budget known device v1", bytes(email), device.bytes)
    }

    func knownDevices(_ email: Email) -> BudgetKey { budget("budget known devices v1", bytes(email)) }

    func oneTimePasswords(_ email: Email, _ lane: GuessingLane) -> BudgetKey {
        budget("budget totp v1", bytes(email), [lane.rawValue])
    }

    func sentCodes(_ email: Email, _ lane: GuessingLane) -> BudgetKey {
        budget("budget sent codes v1", bytes(email), [lane.rawValue])
    }

    func mailsOfHour(_ email: Email, strangers: Bool) -> BudgetKey {
        budget("budget mail hour v2", bytes(email), [strangers ? 1 : 0])
    }

    func mailsOfDay(_ email: Email, strangers: Bool) -> BudgetKey {
        budget("budget mail day v2", bytes(email), [strangers ? 1 : 0])
    }

    func turns(_ email: Email, _ device: JWKThumbprint) -> BudgetKey {
        budget("budget known device turns v1", bytes(email), device.bytes)
    }

    func turns(_ email: Email) -> BudgetKey { budget("budget known devices turns v1", bytes(email)) }

    func recoveryCodeSets(_ email: Email) -> BudgetKey { budget("budget recovery code sets v1", bytes(email)) }

    func newAddresses(_ account: AccountID) -> BudgetKey { budget("budget new addresses v1", account.bytes) }

    /// The counter that tells the first refusal of a kind from those that follow.
    func refusals(_ subject: [UInt8], _ kind: String) -> BudgetKey {
        budget("budget refusals v1", subject, Array(kind.utf8))
    }

    func source(_ source: SourceAddressPrefix) -> BudgetKey { budget("budget source v1", source) }

    func sourceAddress(_ source: SourceAddressPrefix, _ email: Email) -> BudgetKey {
        budget("budget source address v1", source, bytes(email))
    }

    func sourceAddresses(_ source: SourceAddressPrefix) -> BudgetKey { budget("budget source addresses v1", source) }

    /// Sixteen bytes that stand for the source in flow rows.
    func sourceTag(_ source: SourceAddressPrefix) -> [UInt8] { Array(key.tag("flow source v1", source).prefix(16)) }

    private func budget(_ label: StaticString, _ parts: [UInt8]...) -> BudgetKey {
        let tags = key.epochs.map { $0.tag(label, parts: parts) }
        return BudgetKey(tag: tags[0], formerTags: Array(tags.dropFirst()))
    }

    private func bytes(_ email: Email) -> [UInt8] { Array(email.canonical.utf8) }
}

/// /32 of IPv4, /56 of IPv6.
typealias SourceAddressPrefix = [UInt8]
