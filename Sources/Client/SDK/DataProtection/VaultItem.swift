import BucklerPlatformKeys

/// A declared secret of the app: what it is for, how long it may live, when it may be read.
///
/// Declare each once, as a constant. What is not declared cannot be stored.
public struct VaultItem: Sendable, Hashable {
    /// How long an item may live.
    public enum Lifetime: String, Sendable, Hashable {
        /// Until the session ends, for whatever reason, and never past the session's absolute deadline: then the item is
        /// destroyed on the device, online or not.
        case untilSignOut
        /// Until the same account's data is wiped by a signed notice, another account signs in, or the app deletes it.
        case untilDeleted
    }

    /// The name, unique in the profile.
    public let name: String
    /// What the app keeps it for, in a few words; shown in data-protection reports.
    public let purpose: String
    /// How long it may live.
    public let lifetime: Lifetime
    /// When it may be read.
    public let protection: ItemProtection

    /// Declares an item.
    public init(
        _ name: String, purpose: String, lifetime: Lifetime = .untilSignOut, protection: ItemProtection = .whenUnlocked
    ) {
        self.name = name
        self.purpose = purpose
        self.lifetime = lifetime
        self.protection = protection
    }
}
