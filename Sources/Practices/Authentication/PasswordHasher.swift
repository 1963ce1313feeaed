import BucklerPrimitives

/// What comparing a password with its stored verifier showed.
package enum PasswordVerification: Sendable, Equatable {
    /// The password is right; `needsRehash` if the verifier was made with weaker parameters than today's.
    case match(needsRehash: Bool)
    /// The password is wrong, or the verifier cannot be read.
    case mismatch
}

/// Why a password was not hashed.
package enum HasherError: Error, Equatable, Sendable {
    /// All threads are busy and the queue is full, or the turn did not come in time.
    case busy
    /// The password is empty or longer than 1,024 bytes after normalisation.
    case length
    /// The caller was cancelled while it waited.
    case cancelled
    /// The library refused; only a lack of memory is known to cause it.
    case failed
}

/// Whose work waits in which queue, so that a flood of strangers does not starve people on phones they have used.
package enum HasherLane: Sendable, Hashable {
    /// The device key has completed a sign-in for this account, which has one place in that queue.
    case knownDevice(of: AccountID)
    /// Everybody else.
    case stranger
}

/// Makes and checks password verifiers.
///
/// The work is slow on purpose and bounded in parallel.
package protocol PasswordHasher: Sendable {
    /// The verifier (PHC string) of `password` under today's parameters.
    func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString

    /// Compares `password` with a verifier; the cost is that of the verifier's parameters.
    func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification

    /// Costs as much as `verify` for a verifier under today's parameters and matches nothing.
    func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError)
}

extension PasswordHasher {
    /// The verifier of `password`, as a stranger.
    package func hash(_ password: SecretString) async throws(HasherError) -> SecretString {
        try await hash(password, lane: .stranger)
    }

    /// Compares `password` with a verifier, as a stranger.
    package func verify(
        _ password: SecretString, against phc: SecretString
    ) async throws(HasherError) -> PasswordVerification {
        try await verify(password, against: phc, lane: .stranger)
    }
}
