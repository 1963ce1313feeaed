import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import DeviceTrust

extension SessionService {
    /// Begins a session for a redeemed code, or raises the one that the grant names.
    ///
    /// In one transaction: the device row, the end of the sessions that this one replaces (the same account, client and
    /// key; the device that the app named, PD-13), the new row, the events.
    ///
    /// `id` is the one that was recorded with the code, so that the code's second use can end this session.
    package func start(
        _ grant: AuthorizationGrant, id: SessionID, origin: EventOrigin?
    ) async throws(SessionError) -> IssuedTokens {
        guard let policy = policies[grant.client] else { throw .unknownClient }
        if let raised = grant.steppedUpSession { return try await raise(raised, by: grant, origin: origin) }
        let lifetimes = policies.presets.lifetimes(
            reached: grant.authentication.level, clientPreset: policy.preset)
        let begun = try await write { [self] transaction -> (SessionRecord, [SessionEnding])? in
            // A password that was replaced since the code was redeemed has ended this session before it began. The
            // redemption found the account.
            if let present = try transaction.passwordGeneration(of: grant.authentication.account),
                present != grant.passwordGeneration
            {
                return nil
            }
            return try begin(grant, id: id, lifetimes: lifetimes, origin: origin, in: transaction)
        }
        guard let (record, endings) = begun else { throw .refused }
        announce(endings)
        try await refuseIfCodeWasReused(record)
        return try issue(record, at: record.identity.createdAt)
    }

    private func begin(
        _ grant: AuthorizationGrant, id: SessionID, lifetimes: SessionLifetimes, origin: EventOrigin?,
        in transaction: any SessionTransaction
    ) throws -> (SessionRecord, [SessionEnding]) {
        let now = clock.now
        let account = grant.authentication.account
        let device = try transaction.enrol(
            account: account, key: grant.key, name: grant.deviceName, at: now, entropy: entropy)
        var endings = try transaction.end(.binding(account, grant.client, grant.key), reason: .replaced, at: now)
        if let old = grant.replacedDevice, old != device.id {
            endings += try transaction.end(.device(account, old), reason: .replaced, at: now)
        }
        let identity = identity(of: grant, id: id, device: device.id, lifetimes: lifetimes, at: now)
        let record = SessionRecord(
            identity: identity, rowMAC: identity.rowMAC(verifierKey), keyEpoch: refreshKeys.current.epoch,
            rotatedAt: now, lastUserActivityAt: now)
        try transaction.insert(record)
        for ending in endings { try transaction.record(event(of: ending, origin: origin)) }
        try transaction.record(event(.sessionCreated, .signedIn, identity, at: now, origin: origin))
        return (record, endings)
    }

    private func identity(
        of grant: AuthorizationGrant, id: SessionID, device: DeviceID, lifetimes: SessionLifetimes, at now: Timestamp
    ) -> SessionIdentity {
        SessionIdentity(
            id: id, account: grant.authentication.account, client: grant.client, device: device, key: grant.key,
            scope: grant.scope, audience: grant.audience, level: grant.authentication.level,
            amr: grant.authentication.amr, authenticatedAt: grant.authentication.authenticatedAt, createdAt: now,
            absoluteDeadline: now + lifetimes.absolute, idleTimeout: lifetimes.idle, lockAfter: lifetimes.lockAfter,
            salt: entropy.bytes(16), recoveredAt: grant.recoveredAt)
    }

    /// The second use of a code may end the session before it is born: its id is then in the set already.
    private func refuseIfCodeWasReused(_ record: SessionRecord) async throws(SessionError) {
        guard ended.contains(record.identity.id) else { return }
        let id = record.identity.id
        let now = clock.now
        _ = try await write { try $0.end(.session(id), reason: .codeReuse, at: now) }
        throw .refused
    }

    private func raise(
        _ id: SessionID, by grant: AuthorizationGrant, origin: EventOrigin?
    ) async throws(SessionError) -> IssuedTokens {
        let outcome = try await write { [self] transaction in
            try raise(id, by: grant, origin: origin, in: transaction)
        }
        switch outcome {
        case .success(let record):
            ended.extend(session: record.identity.id, deadline: record.deadline)
            return try issue(record, at: record.lastUserActivityAt, withRefreshToken: false)
        case .failure(let error): throw error
        }
    }

    private func raise(
        _ id: SessionID, by grant: AuthorizationGrant, origin: EventOrigin?, in transaction: any SessionTransaction
    ) throws -> Result<SessionRecord, SessionError> {
        let now = clock.now
        guard var record = try transaction.session(id), isGenuine(record), record.end(at: now) == nil,
            record.identity.account == grant.authentication.account, record.identity.client == grant.client,
            record.identity.key == grant.key
        else { return .failure(.refused) }
        guard grant.authentication.level >= record.identity.level else { return .failure(.lowerLevel) }
        let oldMAC = record.rowMAC
        record.identity.level = grant.authentication.level
        record.identity.amr = grant.authentication.amr
        if let recovered = grant.recoveredAt { record.identity.recoveredAt = recovered }
        record.identity.authenticatedAt = grant.authentication.authenticatedAt
        record.rowMAC = record.identity.rowMAC(verifierKey)
        record.lastUserActivityAt = now
        guard try transaction.raise(record, replacing: oldMAC, at: now) else { return .failure(.refused) }
        try transaction.record(event(.sessionRenewed, .steppedUp, record.identity, at: now, origin: origin))
        return .success(record)
    }

    /// True if the row's identity columns are the ones that we wrote; in constant time.
    func isGenuine(_ record: SessionRecord) -> Bool {
        record.isGenuine(under: verifierKey)
    }

    private func issue(
        _ record: SessionRecord, at now: Timestamp, withRefreshToken: Bool = true
    ) throws(SessionError) -> IssuedTokens {
        do {
            return try mint.tokens(for: record, at: now, withRefreshToken: withRefreshToken)
        } catch {
            throw .store(.unavailable)
        }
    }

    private func write<Output: Sendable>(
        _ body: @escaping @Sendable (any SessionTransaction) throws -> Output
    ) async throws(SessionError) -> Output {
        do { return try await store.write(body) } catch { throw .store(error) }
    }
}
