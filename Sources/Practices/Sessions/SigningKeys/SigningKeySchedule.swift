import BucklerPrimitives

/// When signing keys follow one another (PD-15): a pure decision over the keys of one purpose.
///
/// *next* (published at least 24 h) → *active* 30 d → *verifying* until its last token + 10 s → gone.
package struct SigningKeySchedule: Sendable {
    /// How long a key signs.
    package static let activeFor = Duration.days(30)
    /// How long a key stands in the key set before it signs.
    package static let publishedBefore = Duration.hours(24)
    /// Added to the life of the last token.
    package static let margin = Duration.seconds(10)

    /// The schedule has no settings.
    package init() {}

    /// The keys as they must be at `now`: due changes applied, gone keys left out, one active and one next key present.
    package func advanced(
        _ keys: [SigningKey], purpose: SigningPurpose, at now: Timestamp, entropy: Entropy
    ) -> [SigningKey] {
        var keys = keys.filter { !$0.isGone(at: now) }
        if let active = keys.firstIndex(where: \.isActive) {
            if isDue(keys[active], at: now), let next = publishedNext(in: keys, at: now) {
                retire(&keys[active], at: now)
                keys[next].activeAt = now
            }
        } else if let next = keys.firstIndex(where: { $0.activeAt == nil }) {
            keys[next].activeAt = now
        } else {
            keys.append(Self.activeKey(purpose, at: now, entropy: entropy))
        }
        if !keys.contains(where: { $0.activeAt == nil }) {
            keys.append(SigningKey(purpose: purpose, publishedAt: now, entropy: entropy))
        }
        return keys
    }

    /// The keys after an operator's rotation at `now`.
    ///
    /// Without a compromise the next key signs at once, published long enough or not, and the old one keeps verifying.
    /// After a compromise every key is gone at once: what they signed is refused.
    package func rotated(
        _ keys: [SigningKey], purpose: SigningPurpose, compromised: Bool, at now: Timestamp, entropy: Entropy
    ) -> [SigningKey] {
        if compromised { return advanced([], purpose: purpose, at: now, entropy: entropy) }
        var keys = keys
        for index in keys.indices where keys[index].isActive { retire(&keys[index], at: now) }
        return advanced(keys, purpose: purpose, at: now, entropy: entropy)
    }

    private func isDue(_ key: SigningKey, at now: Timestamp) -> Bool {
        key.activeAt.map { now >= $0 + Self.activeFor } ?? false
    }

    private func publishedNext(in keys: [SigningKey], at now: Timestamp) -> Int? {
        keys.firstIndex { $0.activeAt == nil && now >= $0.publishedAt + Self.publishedBefore }
    }

    private func retire(_ key: inout SigningKey, at now: Timestamp) {
        key.retiredAt = now
        key.goneAt = now + key.purpose.longestLife + Self.margin
    }

    private static func activeKey(_ purpose: SigningPurpose, at now: Timestamp, entropy: Entropy) -> SigningKey {
        var key = SigningKey(purpose: purpose, publishedAt: now, entropy: entropy)
        key.activeAt = now
        return key
    }
}
