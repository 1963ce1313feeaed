import Authentication
import BucklerPrimitives
import Synchronization

/// A hasher of the tests that counts how often it was asked.
package final class CountingHasher: PasswordHasher {
    /// What it was asked so far.
    package struct Counts: Sendable, Hashable {
        /// New verifiers.
        package var hashes = 0
        /// Comparisons, those for addresses without an account among them.
        package var comparisons = 0
    }

    private let base: any PasswordHasher
    private let counts = Mutex(Counts())

    /// Takes the hasher that does the work; the default one costs microseconds and protects nothing.
    package init(_ base: any PasswordHasher = CheapPasswordHasher(entropy: .seeded(99))) { self.base = base }

    /// What it was asked so far.
    package var counted: Counts { counts.withLock { $0 } }

    package func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        counts.withLock { $0.hashes += 1 }
        return try await base.hash(password, lane: lane)
    }

    package func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        counts.withLock { $0.comparisons += 1 }
        return try await base.verify(password, against: phc, lane: lane)
    }

    package func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {
        counts.withLock { $0.comparisons += 1 }
        try await base.verifyDummy(password, lane: lane)
    }
}
