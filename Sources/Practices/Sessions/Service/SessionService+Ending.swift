import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import DeviceTrust

/// The session of a token that came to the revocation endpoint.
///
/// Only `SessionService.revocable` makes one.
package struct RevocableSession: Sendable, Hashable {
    fileprivate let id: SessionID
    /// The key that may end it.
    package let key: JWKThumbprint
}

extension SessionService {
    /// Ends the selected sessions and answers how many.
    ///
    /// When this returns, none of them starts another request. `key` is the device that asks, if one does: it stays known to
    /// the account, whereas those that it signs out are strangers from then on.
    @discardableResult
    package func end(
        _ selection: SessionSelection, reason: SessionEndReason, by key: JWKThumbprint? = nil, origin: EventOrigin?
    ) async throws(StoreError) -> Int {
        let (endings, now) = try await store.write { [self] transaction in
            let now = clock.now
            let endings = try transaction.end(selection, reason: reason, at: now)
            if case .account(let account) = selection {
                // Running sessions were just ended by id; a sign-in of this very instant comes after it.
                try transaction.setNotBefore(now - .milliseconds(1), account: account)
            }
            for ending in endings { try transaction.record(event(of: ending, origin: origin)) }
            for ending in endings where reason.forgetsDevice && ending.key != key {
                try transaction.forgetDevice(of: ending)
            }
            return (endings, now)
        }
        if case .account(let account) = selection { ended.end(account: account, notBefore: now) }
        announce(endings)
        return endings.count
    }

    /// Ends one session of the account; false if the account has no such running session.
    package func end(
        session: SessionID, of account: AccountID, reason: SessionEndReason = .endedByPerson,
        by key: JWKThumbprint? = nil, origin: EventOrigin?
    ) async throws(StoreError) -> Bool {
        try await end(.sessionOf(account, session), reason: reason, by: key, origin: origin) > 0
    }

    /// Ends the account's other sessions.
    package func endOthers(
        of account: AccountID, keeping session: SessionID, reason: SessionEndReason = .endedByPerson,
        by key: JWKThumbprint? = nil, origin: EventOrigin?
    ) async throws(StoreError) -> Int {
        try await end(.others(account, keeping: session), reason: reason, by: key, origin: origin)
    }

    /// Ends every session of the account.
    package func endAll(
        of account: AccountID, reason: SessionEndReason = .endedByPerson, by key: JWKThumbprint? = nil,
        origin: EventOrigin?
    ) async throws(StoreError) -> Int {
        try await end(.account(account), reason: reason, by: key, origin: origin)
    }

    /// Ends every session of this server with one row (PD-04).
    package func endEverything(origin: EventOrigin?) async throws(StoreError) {
        let notBefore = try await store.write { [self] transaction in
            let now = clock.now
            try transaction.setNotBefore(now, account: nil)
            try transaction.record(
                SecurityEvent(
                    id: .random(entropy), name: .sessionRevoked, reason: SessionEndReason.massSignOut.eventReason,
                    at: now, origin: origin))
            return now
        }
        ended.endAll(notBefore: notBefore)
    }

    /// Ends the session of a code that was presented twice (PD-07), also if that session is only being born.
    package func endAfterCodeReuse(_ session: SessionID, origin: EventOrigin?) async throws(StoreError) {
        // The set first: `start` looks there after its commit, so that one of the two sees the other.
        ended.end(session: session, reason: .codeReuse)
        try await end(.session(session), reason: .codeReuse, origin: origin)
    }

    /// RFC 7009: finds the session of a token, so that its bound key may end it; nil for anything that is no token of the
    /// client's.
    ///
    /// `accessToken` is the token, if it verifies as an access token. Changes nothing; the caller verifies the proof between
    /// this and `revoke`.
    package func revocable(
        _ text: SecretString, accessToken: VerifiedAccessToken?, client: ClientID, origin: EventOrigin?
    ) async throws(StoreError) -> RevocableSession? {
        if let accessToken {
            guard accessToken.client == client else { return nil }
            return RevocableSession(id: accessToken.session, key: accessToken.key)
        }
        do {
            let recognised = try await recognise(text, client: client, origin: origin)
            return RevocableSession(id: recognised.session, key: recognised.key)
        } catch let refusal as RefreshRefusal {
            if case .store(let error) = refusal { throw error }
            return nil
        } catch {
            throw .inconsistent
        }
    }

    /// Ends a session for its bound key; has no effect for any other.
    package func revoke(
        _ session: RevocableSession, key: JWKThumbprint, origin: EventOrigin?
    ) async throws(StoreError) {
        guard session.key == key else { return }
        try await end(.session(session.id), reason: .signedOut, origin: origin)
    }

    /// The account's running sessions with their devices' names, the youngest first.
    package func list(_ account: AccountID) async throws(StoreError) -> [SessionSummary] {
        let (records, devices) = try await store.read { transaction in
            (try transaction.runningSessions(of: account), try transaction.devices(of: account))
        }
        let now = clock.now
        let names = Dictionary(devices.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        return records.filter { $0.end(at: now) == nil && isGenuine($0) }
            .map { SessionSummary($0, deviceName: names[$0.identity.device] ?? nil) }
    }

    /// The running session that a step-up handle names, for the holder of its key; nil for anybody else.
    package func session(
        handle: SecretString, key: JWKThumbprint
    ) async throws(StoreError) -> SessionSummary? {
        guard let id = mint.handle.session(handle), let record = try await store.read({ try $0.session(id) }),
            isGenuine(record), record.identity.key == key, record.end(at: clock.now) == nil
        else { return nil }
        return SessionSummary(record)
    }

    /// Removes rows that ended more than `age` ago, by an end or by their absolute deadline, in small transactions; answers
    /// how many.
    package func removeEnded(olderThan age: Duration) async throws(StoreError) -> Int {
        let before = clock.now - age
        var total = 0
        while true {
            let count = try await store.write { try $0.removeEnded(before: before, limit: 500) }
            total += count
            if count < 500 { return total }
        }
    }

    /// The event of an ending.
    func event(of ending: SessionEnding, origin: EventOrigin?) -> SecurityEvent {
        ending.event(origin: origin, entropy)
    }
}
