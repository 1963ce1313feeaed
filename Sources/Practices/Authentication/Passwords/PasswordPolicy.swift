import BucklerPrimitives
import Foundation

/// Why a new password is not accepted.
///
/// Safe to tell: it is about what the person just typed.
package enum PasswordRefusal: Error, Equatable, Sendable {
    /// Fewer code points than this account needs: 15 alone, 8 beside a second factor.
    case tooShort(minimum: Int)
    /// More than 256 code points.
    case tooLong
    /// A control character; no keyboard makes one on purpose, and no two systems agree about them.
    case controlCharacter
    /// Too easy to guess.
    case guessable(PasswordWeakness)
    /// It stands in the set of breached passwords.
    case breached
}

/// Why a password is too easy to guess.
package enum PasswordWeakness: String, Sendable, Hashable, CaseIterable {
    /// A password that many people use, perhaps with digits or signs around it.
    case common
    /// Little more than the service's name or the person's address.
    case context
    /// One piece repeated, or very few different characters.
    case repetition
    /// A run along the alphabet, the digits or the keyboard.
    case sequence
}

/// A new password that passed every rule.
///
/// Only `PasswordPolicy` makes one.
package struct AcceptedPassword: Sendable {
    /// The normalised text (NFC), which is what gets hashed.
    package let text: SecretString
    /// What it may be used for.
    package let passwordClass: PasswordClass

    fileprivate init(text: SecretString, passwordClass: PasswordClass) {
        self.text = text
        self.passwordClass = passwordClass
    }
}

/// What the policy knows about the person who chooses a password.
package struct PasswordContext: Sendable {
    /// The address of the account.
    package let email: Email
    /// True if a level-2 factor is enrolled, or is enrolled in the same transaction.
    package let hasSecondFactor: Bool

    /// Takes both facts.
    package init(email: Email, hasSecondFactor: Bool) {
        self.email = email
        self.hasSecondFactor = hasSecondFactor
    }
}

/// What a new password must be (NIST SP 800-63B-4 §3.1.1.2; PD-08).
///
/// Length counts Unicode code points after NFC. No composition rules, no expiry. The whole password is compared with
/// the list of common ones and with the breached set, never a part of it.
package struct PasswordPolicy: Sendable {
    /// The shortest password that stands alone.
    package static let minimumAlone = 15
    /// The shortest password beside a level-2 factor.
    package static let minimumWithSecondFactor = 8
    /// The longest password.
    package static let maximum = 256

    private let blocklist: PasswordBlocklist
    private let breached: any BreachedPasswordSet

    /// Takes the service's name, which is a guess that attackers try, and the breached set.
    package init(serviceName: String, breached: any BreachedPasswordSet) {
        blocklist = PasswordBlocklist(serviceName: serviceName)
        self.breached = breached
    }

    /// Accepts a new password or says why not; cheapest rules first.
    ///
    /// - Throws: `PasswordRefusal`; or `StoreError.unavailable` if the breached set cannot be read (fail closed).
    package func evaluate(_ typed: SecretString, context: PasswordContext) throws -> AcceptedPassword {
        let text = Self.normalized(typed)
        let passwordClass = try Self.measure(text, hasSecondFactor: context.hasSecondFactor)
        if let weakness = text.withExposedText({ blocklist.weakness(of: $0, email: context.email) }) {
            throw PasswordRefusal.guessable(weakness)
        }
        if try breached.contains(text) { throw PasswordRefusal.breached }
        return AcceptedPassword(text: text, passwordClass: passwordClass)
    }

    /// The form in which passwords are hashed and compared: Unicode NFC, so that every keyboard's `é` is the same.
    package static func normalized(_ typed: SecretString) -> SecretString {
        typed.withExposedText { SecretString($0.precomposedStringWithCanonicalMapping) }
    }

    /// The class of a normalised password by its length.
    package static func measure(
        _ text: SecretString, hasSecondFactor: Bool
    ) throws(PasswordRefusal) -> PasswordClass {
        // Four bytes at most per code point: nothing longer is decoded.
        guard text.utf8Count <= maximum * 4 else { throw .tooLong }
        let scalars = text.withExposedText { Array($0.unicodeScalars) }
        guard scalars.count <= maximum else { throw .tooLong }
        guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else { throw .controlCharacter }
        if scalars.count >= minimumAlone { return .standard }
        guard hasSecondFactor else { throw .tooShort(minimum: minimumAlone) }
        guard scalars.count >= minimumWithSecondFactor else { throw .tooShort(minimum: minimumWithSecondFactor) }
        return .needsSecondFactor
    }
}

/// The port to a set of passwords known from breaches.
package protocol BreachedPasswordSet: Sendable {
    /// True if the normalised password is in the set, or (rarely, by the filter's rate) seems to be.
    /// Throws if the set cannot be read; callers refuse then.
    func contains(_ password: SecretString) throws(StoreError) -> Bool
}

/// The empty set, for servers without a breached-password file.
///
/// The built-in list of common passwords still applies.
package struct NoBreachedPasswords: BreachedPasswordSet {
    /// Makes the empty set.
    package init() {}

    package func contains(_ password: SecretString) throws(StoreError) -> Bool { false }
}
