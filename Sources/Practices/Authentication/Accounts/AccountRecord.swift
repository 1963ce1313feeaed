import BucklerPrimitives

/// What a password may be used for (PD-08).
package enum PasswordClass: UInt8, Sendable, Hashable, CaseIterable {
    /// At least 15 code points: opens a level-1 session alone.
    case standard = 1
    /// 8 to 14 code points: never opens a session without a level-2 factor.
    case needsSecondFactor = 2

    /// The word of the wire contract.
    package var word: String {
        switch self {
        case .standard: "standard"
        case .needsSecondFactor: "needs_second_factor"
        }
    }
}

/// The kinds of factors that lift an authentication to level 2 (PD-08).
///
/// E-mail is none.
package enum FactorKindName: String, Sendable, Hashable, CaseIterable {
    /// An authenticator app (RFC 6238).
    case totp
}

/// An enrolled, confirmed factor.
///
/// Its row was authentic and stands in the account's sealed list.
package struct FactorRecord: Sendable, Hashable {
    /// Its identifier.
    package let id: FactorID
    /// Of which kind.
    package let kind: FactorKindName
    /// The TOTP seed.
    package let secret: SecretBytes
    /// The last accepted time step; nil before the first.
    package let lastStep: Int64?
    /// When enrolment began.
    package let createdAt: Timestamp

    /// Takes the parts.
    package init(id: FactorID, kind: FactorKindName, secret: SecretBytes, lastStep: Int64?, createdAt: Timestamp) {
        self.id = id
        self.kind = kind
        self.secret = secret
        self.lastStep = lastStep
        self.createdAt = createdAt
    }
}

/// An enrolment that waits for its first code.
package struct PendingFactor: Sendable, Hashable {
    /// Its identifier, which becomes the factor's.
    package let id: FactorID
    /// Of which kind.
    package let kind: FactorKindName
    /// The TOTP seed.
    package let secret: SecretBytes
    /// When enrolment began.
    package let createdAt: Timestamp

    /// Takes the parts.
    package init(id: FactorID, kind: FactorKindName, secret: SecretBytes, createdAt: Timestamp) {
        self.id = id
        self.kind = kind
        self.secret = secret
        self.createdAt = createdAt
    }
}

/// An account as the repository opened and checked it (PD-11).
package struct AccountRecord: Sendable {
    /// Its identifier.
    package let id: AccountID
    /// Its proven address.
    package let email: Email
    /// The Argon2id PHC string.
    package let passwordVerifier: SecretString
    /// What the password may be used for.
    package let passwordClass: PasswordClass
    /// Confirmed factors, oldest first: exactly those of the sealed list.
    package let factors: [FactorRecord]
    /// Saved recovery codes that are not spent.
    package let recoveryCodesLeft: Int
    /// When the account was made.
    package let createdAt: Timestamp
    /// When the password was last changed.
    package let passwordChangedAt: Timestamp
    /// A recovery that waits, or did not happen; nil if none was asked for.
    package let hold: RecoveryHold?
    /// What the last recovery left behind; nil if there was none.
    package let aftermath: RecoveryAftermath?
    /// The number of the password: what was shown for an older one counts no more, whatever clocks say.
    package let passwordGeneration: Int64
    /// Further addresses.
    package let contacts: AccountContacts

    /// Takes the parts.
    package init(
        id: AccountID, email: Email, passwordVerifier: SecretString, passwordClass: PasswordClass,
        factors: [FactorRecord], recoveryCodesLeft: Int, createdAt: Timestamp, passwordChangedAt: Timestamp,
        hold: RecoveryHold? = nil, aftermath: RecoveryAftermath? = nil, passwordGeneration: Int64 = 0,
        contacts: AccountContacts = AccountContacts()
    ) {
        self.id = id
        self.email = email
        self.passwordVerifier = passwordVerifier
        self.passwordClass = passwordClass
        self.factors = factors
        self.recoveryCodesLeft = recoveryCodesLeft
        self.createdAt = createdAt
        self.passwordChangedAt = passwordChangedAt
        self.hold = hold
        self.aftermath = aftermath
        self.passwordGeneration = passwordGeneration
        self.contacts = contacts
    }

    /// True if a factor is enrolled that lifts a password to level 2.
    package var hasSecondFactor: Bool { !factors.isEmpty }

    /// The recovery that is pending at `now`: waiting or open, not lapsed.
    package func pendingRecovery(at now: Timestamp) -> RecoveryHold? {
        hold.flatMap { $0.phase(at: now) == .lapsed ? nil : $0 }
    }

    /// True if a recovery took the second factor's place and none was enrolled since.
    package var factorRequired: Bool { aftermath?.factorRequired ?? false }

    /// Every address that is told about the account.
    ///
    /// Those before a change are told of what concerns the change alone: see `everybody(at:)`.
    package var notified: [Email] { [email] + (contacts.second.map { [$0] } ?? []) }

    /// Those too that can still undo a change: they are told of recoveries and of further changes, because who changed the
    /// address may not be the owner.
    package func everybody(at now: Timestamp) -> [Email] {
        var all = notified
        for former in contacts.formers where former.isOpen(at: now) && !all.contains(former.email) {
            all.append(former.email)
        }
        return all
    }

    /// The level that the account itself can reach today; recovery is never weaker (PD-12).
    package var ownLevel: AuthenticationLevel { hasSecondFactor ? .two : .one }
}

/// The first factor of an account that is made with one: its first code was right.
package struct NewFactor: Sendable {
    /// Drawn by the caller.
    package let id: FactorID
    /// The TOTP seed.
    package let secret: SecretBytes
    /// The step of the code that confirmed it.
    package let step: Int64

    /// Takes the parts.
    package init(id: FactorID, secret: SecretBytes, step: Int64) {
        self.id = id
        self.secret = secret
        self.step = step
    }
}

/// What a new account is made of.
///
/// Its address was proven by a typed code.
package struct NewAccount: Sendable {
    /// Drawn by the caller.
    package let id: AccountID
    /// The proven address.
    package let email: Email
    /// The Argon2id PHC string.
    package let passwordVerifier: SecretString
    /// What the password may be used for.
    package let passwordClass: PasswordClass
    /// Its first factor; a short password demands one (PD-08).
    package let factor: NewFactor?

    /// Takes the parts.
    package init(
        id: AccountID, email: Email, passwordVerifier: SecretString, passwordClass: PasswordClass,
        factor: NewFactor? = nil
    ) {
        self.id = id
        self.email = email
        self.passwordVerifier = passwordVerifier
        self.passwordClass = passwordClass
        self.factor = factor
    }
}

/// A saved recovery code that is not spent.
package struct RecoveryCodeRecord: Sendable {
    /// 0…9, the digit before the first hyphen.
    package let index: Int
    /// The Argon2id PHC string.
    package let verifier: SecretString
    /// The set it belongs to; a spend names it, so that a set made in between wins.
    package let set: Int64

    /// Takes the parts.
    package init(index: Int, verifier: SecretString, set: Int64) {
        self.index = index
        self.verifier = verifier
        self.set = set
    }
}
