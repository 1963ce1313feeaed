import Authentication
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// A refresh token whose tag, row and client were checked.
///
/// Only `SessionService.recognise` makes one.
package struct RecognisedRefreshToken: Sendable {
    let token: RefreshToken
    let record: SessionRecord

    /// Which session it is for.
    package var session: SessionID { token.session }
    /// The key that the session is bound to.
    package var key: JWKThumbprint { record.identity.key }
}

/// The verified proof of a refresh, and what came with it.
package struct RefreshRequest: Sendable {
    /// The proof's key.
    package let key: JWKThumbprint
    /// The proof's claim `user_idle`.
    package let userIdle: Duration?
    /// The 16 bytes of `Idempotency-Key`; nil if it was not sent.
    package let attempt: [UInt8]?
    /// Where it came from.
    package let origin: EventOrigin?

    /// States a request.
    package init(key: JWKThumbprint, userIdle: Duration?, attempt: [UInt8]?, origin: EventOrigin?) {
        self.key = key
        self.userIdle = userIdle
        self.attempt = attempt
        self.origin = origin
    }
}

extension SessionService {
    /// The first half of a refresh (PD-01): parse, read the row, compare tag and row MAC.
    ///
    /// Changes nothing.
    ///
    /// The caller verifies the DPoP proof between this and `refresh`. An unknown session costs the same work on a row of
    /// zeros.
    package func recognise(
        _ text: SecretString, client: ClientID, origin: EventOrigin?
    ) async throws(RefreshRefusal) -> RecognisedRefreshToken {
        let token: RefreshToken
        do {
            token = try text.withExposedText { (text) throws(RefreshTokenError) in try RefreshToken(parsing: text) }
        } catch {
            await refusals.record(.refreshMalformed, origin: origin)
            throw .unrecognised(.refreshMalformed)
        }
        let record: SessionRecord?
        do { record = try await store.read { try $0.session(token.session) } } catch { throw .store(error) }
        if let reason = refusal(of: token, record: record, client: client) {
            await refusals.record(reason, origin: origin, session: record)
            throw .unrecognised(reason)
        }
        guard let record else { throw .unrecognised(.refreshUnknownSession) }
        return RecognisedRefreshToken(token: token, record: record)
    }

    /// All comparisons are made before any of them decides.
    private func refusal(of token: RefreshToken, record: SessionRecord?, client: ClientID) -> EventReason? {
        let key = refreshKeys.key(epoch: token.epoch)
        let identity = record?.identity ?? Self.nobody
        let isTagged = token.isAuthentic(salt: identity.salt, key: key ?? refreshKeys.current.key)
        let rowMAC = record?.rowMAC ?? Array(repeating: 0, count: 32)
        let isGenuine = verifierKey.epochs.contains { ConstantTime.equal(identity.rowMAC($0), rowMAC) }
        guard let record else { return .refreshUnknownSession }
        guard key != nil else { return .refreshEpoch }
        guard isTagged else { return .refreshTag }
        guard isGenuine else { return .refreshRowMAC }
        return record.identity.client == client ? nil : .refreshClient
    }

    /// The second half, after the proof: decides by PD-01's statement and table, and issues.
    package func refresh(
        _ recognised: RecognisedRefreshToken, _ request: RefreshRequest
    ) async throws(RefreshRefusal) -> IssuedTokens {
        let attempt = request.attempt.map { AttemptDigest(attempt: $0) }
        let outcome: RefreshOutcome
        do {
            outcome = try await store.write { [self] transaction in
                try decide(recognised, request, attempt, in: transaction)
            }
        } catch { throw .store(error) }
        switch outcome {
        case .rotated(let record, let now):
            ended.extend(session: record.identity.id, deadline: record.deadline)
            return try issue(record, at: now, noticeKeysSince: recognised.record.rotatedAt)
        case .repeated(let record, let now):
            return try issue(record, at: now, noticeKeysSince: nil)
        case .refused(let decision, let endings):
            announce(endings)
            throw refusal(of: decision, recognised.record.identity)
        case .changed:
            await refusals.record(.refreshRowMAC, origin: request.origin, session: recognised.record)
            throw .unrecognised(.refreshRowMAC)
        }
    }

    private func decide(
        _ recognised: RecognisedRefreshToken, _ request: RefreshRequest, _ attempt: AttemptDigest?,
        in transaction: any SessionTransaction
    ) throws -> RefreshOutcome {
        let now = clock.now
        let presented = RefreshPresentation(
            generation: recognised.token.generation, key: request.key, attempt: attempt, at: now)
        let client = policies[recognised.record.identity.client] ?? SessionClientPolicy()
        let policy = RefreshPolicy(overlap: client.overlap)
        // The row as it was read a moment ago nearly always still stands: then one statement decides and writes.
        if policy.decide(presented, on: recognised.record.refreshState(at: now)) == .rotate,
            let rotated = try rotate(recognised.record, presented, request, client.activity, in: transaction)
        {
            return .rotated(rotated, at: now)
        }
        guard let record = try transaction.session(recognised.token.session), isGenuine(record) else { return .changed }
        let decision = policy.decide(presented, on: record.refreshState(at: now))
        switch decision {
        case .rotate:
            guard let rotated = try rotate(record, presented, request, client.activity, in: transaction) else {
                throw StoreError.inconsistent
            }
            return .rotated(rotated, at: now)
        case .repeatSuccessor:
            return .repeated(record, at: now)
        case .endForeignKey, .endFork, .ended, .foreignKey, .superseded, .tooManyRotations:
            let endings = try refuse(decision, record, at: now, origin: request.origin, in: transaction)
            return .refused(decision, endings)
        }
    }

    /// PD-01's conditional `UPDATE`; nil if something no longer holds.
    private func rotate(
        _ record: SessionRecord, _ presented: RefreshPresentation, _ request: RefreshRequest,
        _ source: ActivitySource, in transaction: any SessionTransaction
    ) throws -> SessionRecord? {
        var next = record
        next.generation += 1
        next.keyEpoch = refreshKeys.current.epoch
        next.attempts[record.generation] = presented.attempt
        next.rotations = record.rotations.adding(presented.at)
        next.rotatedAt = presented.at
        next.lastUserActivityAt = UserActivity.after(
            stored: record.lastUserActivityAt, now: presented.at, idle: request.userIdle,
            noted: activity.last(record.identity.id), source: source)
        let rotation = SessionRotation(
            session: record.identity.id, generation: record.generation, key: presented.key, rowMAC: record.rowMAC,
            attempts: next.attempts, rotations: next.rotations, keyEpoch: next.keyEpoch,
            lastUserActivityAt: next.lastUserActivityAt, now: presented.at)
        guard try transaction.rotate(rotation) else { return nil }
        try transaction.record(
            event(.tokenCreated, .refreshed, record.identity, at: presented.at, origin: request.origin))
        return next
    }

    /// Writes what a refusal has to write: the ending and its event, or only the event.
    private func refuse(
        _ decision: RefreshDecision, _ record: SessionRecord, at now: Timestamp, origin: EventOrigin?,
        in transaction: any SessionTransaction
    ) throws -> [SessionEnding] {
        let ending: SessionEndReason?
        switch decision {
        case .endForeignKey: ending = .foreignKey
        case .endFork: ending = .fork
        case .ended(let reason): ending = record.endedAt == nil ? reason : nil
        default: ending = nil
        }
        if let ending {
            let endings = try transaction.end(.session(record.identity.id), reason: ending, at: now)
            for ending in endings { try transaction.record(event(of: ending, origin: origin)) }
            return endings
        }
        let reason: EventReason
        switch decision {
        case .superseded: reason = .refreshSuperseded
        case .tooManyRotations: reason = .refreshTooMany
        case .ended(let cause): reason = cause.eventReason
        default: reason = .refreshForeignKeyOld
        }
        try transaction.record(event(.tokenFail, reason, record.identity, at: now, origin: origin))
        return []
    }

    private func refusal(of decision: RefreshDecision, _ identity: SessionIdentity) -> RefreshRefusal {
        switch decision {
        case .ended(let reason): .ended(reason, notice: notice(identity, reason))
        case .endFork: .ended(.fork, notice: notice(identity, .fork))
        case .superseded: .superseded
        case .tooManyRotations(let delay): .tooManyRotations(retryAfter: delay)
        case .endForeignKey, .foreignKey, .rotate, .repeatSuccessor: .foreignKey
        }
    }

    private func notice(_ identity: SessionIdentity, _ reason: SessionEndReason) -> String? {
        try? mint.notices.notice(session: identity.id, key: identity.key, reason: reason)
    }

    private func issue(
        _ record: SessionRecord, at now: Timestamp, noticeKeysSince: Timestamp?
    ) throws(RefreshRefusal) -> IssuedTokens {
        do {
            return try mint.tokens(for: record, at: now, noticeKeysSince: noticeKeysSince)
        } catch {
            throw .store(.unavailable)
        }
    }

    /// Stands in for a session that does not exist.
    private static let nobody: SessionIdentity = {
        let zeros = [UInt8](repeating: 0, count: 32)
        guard let id = SessionID(bytes: zeros[..<16]), let account = AccountID(bytes: zeros[..<16]),
            let client = ClientID(parsing: "nobody"), let device = DeviceID(bytes: zeros[..<16]),
            let key = JWKThumbprint(bytes: zeros)
        else { preconditionFailure("fixed lengths") }
        let epoch = Timestamp(milliseconds: 0)
        return SessionIdentity(
            id: id, account: account, client: client, device: device, key: key, scope: ["account"],
            audience: "https://localhost", level: .one, amr: ["pwd"], authenticatedAt: epoch, createdAt: epoch,
            absoluteDeadline: epoch, idleTimeout: nil, lockAfter: .zero, salt: Array(zeros[..<16]))
    }()
}

private enum RefreshOutcome: Sendable {
    case rotated(SessionRecord, at: Timestamp)
    case repeated(SessionRecord, at: Timestamp)
    case refused(RefreshDecision, [SessionEnding])
    case changed
}
