import BucklerJOSE
import BucklerPrimitives

/// A genuine refresh token that is presented under a verified proof.
package struct RefreshPresentation: Sendable, Hashable {
    /// The token's generation.
    package let generation: UInt32
    /// The proof's key.
    package let key: JWKThumbprint
    /// The attempt the client wrote down; nil for clients that send no `Idempotency-Key`.
    package let attempt: AttemptDigest?
    /// The server's time.
    package let at: Timestamp

    /// States a presentation.
    package init(generation: UInt32, key: JWKThumbprint, attempt: AttemptDigest?, at: Timestamp) {
        self.generation = generation
        self.key = key
        self.attempt = attempt
        self.at = at
    }
}

/// What the session's row says when the presentation is judged.
package struct RefreshState: Sendable, Hashable {
    /// The current generation.
    package var generation: UInt32
    /// The bound key.
    package var key: JWKThumbprint
    /// Attempts of the last rotations.
    package var attempts: AttemptRing
    /// Times of the last rotations.
    package var rotations: RotationTimes
    /// When the current generation began.
    package var rotatedAt: Timestamp
    /// Why the session has ended, by a row or by a deadline at the presentation's instant; nil while it goes on.
    package var end: SessionEndReason?

    /// States a row.
    package init(
        generation: UInt32, key: JWKThumbprint, attempts: AttemptRing = AttemptRing(),
        rotations: RotationTimes = RotationTimes(), rotatedAt: Timestamp, end: SessionEndReason? = nil
    ) {
        self.generation = generation
        self.key = key
        self.attempts = attempts
        self.rotations = rotations
        self.rotatedAt = rotatedAt
        self.end = end
    }
}

/// What becomes of a presentation: one case per row of PD-01's table.
package enum RefreshDecision: Sendable, Hashable {
    /// Generation + 1 under the conditional `UPDATE`.
    case rotate
    /// The same successor again, a new access token, nothing written.
    case repeatSuccessor
    /// A late duplicate: `refresh.superseded`, nothing changed; the client reads its vault again.
    case superseded
    /// Ended or past a deadline, and the bound key asks: it may hear why.
    case ended(SessionEndReason)
    /// End the session: a live token under a foreign key.
    case endForeignKey
    /// End the session: two holders of one vault.
    case endFork
    /// A foreign key with an old token, or with a token of an ended session: refused, nothing changed.
    case foreignKey
    /// Too many rotations; nothing changed.
    ///
    /// The time after which it may be tried again.
    case tooManyRotations(retryAfter: Duration)
}

/// Decides every row of PD-01's table: one pure type, the only place that knows it.
package struct RefreshPolicy: Sendable {
    /// How long a repeat without any attempt is answered.
    package let overlap: Duration
    /// How many rotations back an attempt is recognised; at most `AttemptRing.capacity`.
    package let rememberedAttempts: UInt32
    /// How many rotations fit into `rotationWindow`; at most `RotationTimes.capacity`.
    package let rotationLimit: Int
    /// The age up to which a proof is fresh (PD-06), and so the window of the limit.
    package let rotationWindow: Duration

    /// The product's values; tests take others.
    package init(
        overlap: Duration = .seconds(60), rememberedAttempts: Int = AttemptRing.capacity,
        rotationLimit: Int = RotationTimes.capacity, rotationWindow: Duration = .seconds(300)
    ) {
        precondition((0...AttemptRing.capacity).contains(rememberedAttempts))
        precondition((1...RotationTimes.capacity).contains(rotationLimit))
        self.overlap = overlap
        self.rememberedAttempts = UInt32(rememberedAttempts)
        self.rotationLimit = rotationLimit
        self.rotationWindow = rotationWindow
    }

    /// The row of the table that applies.
    package func decide(_ presented: RefreshPresentation, on session: RefreshState) -> RefreshDecision {
        guard presented.key == session.key else { return foreignKey(presented, session) }
        if let end = session.end { return .ended(end) }
        if presented.generation == session.generation { return rotation(presented, session) }
        guard presented.generation < session.generation else { return .endFork }
        let isParent = presented.generation == session.generation - 1
        if isKnownAttempt(presented, session) { return isParent ? .repeatSuccessor : .superseded }
        return isParent && isWithinOverlap(presented, session) ? .repeatSuccessor : .endFork
    }

    private func foreignKey(_ presented: RefreshPresentation, _ session: RefreshState) -> RefreshDecision {
        let isLive = session.end == nil && UInt64(presented.generation) + 1 >= UInt64(session.generation)
        return isLive ? .endForeignKey : .foreignKey
    }

    private func rotation(_ presented: RefreshPresentation, _ session: RefreshState) -> RefreshDecision {
        // A clock that was set back leaves instants that are still to come; they say nothing about the last minutes.
        let recent = session.rotations.instants.filter { $0 <= presented.at }.suffix(rotationLimit)
        guard recent.count == rotationLimit, let oldest = recent.first else { return .rotate }
        // Inclusive, as a proof of exactly this age is: the ninth rotation comes after every proof of before the first.
        let free = oldest + rotationWindow + .milliseconds(1)
        return presented.at < free ? .tooManyRotations(retryAfter: free - presented.at) : .rotate
    }

    private func isKnownAttempt(_ presented: RefreshPresentation, _ session: RefreshState) -> Bool {
        guard session.generation - presented.generation <= rememberedAttempts, let attempt = presented.attempt else {
            return false
        }
        return session.attempts[presented.generation] == attempt
    }

    private func isWithinOverlap(_ presented: RefreshPresentation, _ session: RefreshState) -> Bool {
        presented.attempt == nil && session.attempts[presented.generation] == nil
            && presented.at <= session.rotatedAt + overlap
    }
}
