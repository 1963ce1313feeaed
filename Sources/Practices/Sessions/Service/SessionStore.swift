import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import DeviceTrust

/// The new values of a rotation, and what must still be true for it (PD-01's conditional `UPDATE`).
package struct SessionRotation: Sendable {
    /// Which session.
    package let session: SessionID
    /// The generation that is left behind.
    package let generation: UInt32
    /// The key that must be bound.
    package let key: JWKThumbprint
    /// The row's MAC that must stand there.
    package let rowMAC: [UInt8]
    /// The attempts with this one added.
    package let attempts: AttemptRing
    /// The rotations with this one added.
    package let rotations: RotationTimes
    /// The new generation's key epoch.
    package let keyEpoch: UInt8
    /// The new instant of activity.
    package let lastUserActivityAt: Timestamp
    /// The rotation's instant; deadlines are compared with it.
    package let now: Timestamp
}

/// A session that an ending statement ended.
package struct SessionEnding: Sendable, Hashable {
    /// Which.
    package let session: SessionID
    /// Whose.
    package let account: AccountID
    /// Bound to which key.
    package let key: JWKThumbprint
    /// Of which client.
    package let client: ClientID
    /// On which device.
    package let device: DeviceID
    /// Why.
    package let reason: SessionEndReason
    /// When.
    package let endedAt: Timestamp

    /// States an ending.
    package init(
        session: SessionID, account: AccountID, key: JWKThumbprint, client: ClientID, device: DeviceID,
        reason: SessionEndReason, endedAt: Timestamp
    ) {
        self.session = session
        self.account = account
        self.key = key
        self.client = client
        self.device = device
        self.reason = reason
        self.endedAt = endedAt
    }
}

extension SessionEnding {
    /// The event of this ending.
    package func event(origin: EventOrigin?, _ entropy: Entropy) -> SecurityEvent {
        SecurityEvent(
            id: .random(entropy), name: reason.eventName, reason: reason.eventReason, at: endedAt, origin: origin,
            account: account, session: session, device: device, client: client)
    }
}

/// Which of the running sessions end.
package enum SessionSelection: Sendable, Hashable {
    /// One, whoever owns it.
    case session(SessionID)
    /// One, if it belongs to the account.
    case sessionOf(AccountID, SessionID)
    /// All of an account.
    case account(AccountID)
    /// All of an account but one.
    case others(AccountID, keeping: SessionID)
    /// All of an account on one device row (an installation).
    case device(AccountID, DeviceID)
    /// Those of one account, client and key: at most one.
    case binding(AccountID, ClientID, JWKThumbprint)
}

/// Session rows inside a transaction.
///
/// Every verb is one statement.
package protocol SessionTransaction: DeviceTransaction, SecurityEventRecorder {
    /// The row, its MAC unchecked, with the latest mass sign-out that concerns it; nil if there is none.
    func session(_ id: SessionID) throws -> SessionRecord?

    /// The account's running sessions, their MACs unchecked, the youngest first; at most 1,000.
    func runningSessions(of account: AccountID) throws -> [SessionRecord]

    /// The number of the account's password, from its sealed state; nil if there is no such account.
    func passwordGeneration(of account: AccountID) throws -> Int64?

    /// Adds a row.
    func insert(_ session: SessionRecord) throws

    /// Rotates if everything still holds, deadlines and mass sign-outs included.
    ///
    /// False if not; then nothing changed.
    func rotate(_ rotation: SessionRotation) throws -> Bool

    /// Replaces level, methods, time, activity and MAC, if the old MAC stands there and the session goes on at `now`.
    func raise(_ session: SessionRecord, replacing rowMAC: [UInt8], at now: Timestamp) throws -> Bool

    /// Ends the selected running sessions and answers them.
    func end(_ selection: SessionSelection, reason: SessionEndReason, at now: Timestamp) throws -> [SessionEnding]

    /// Makes the key of an ended session a stranger's to its account (PD-08, PD-09).
    func forgetDevice(of ending: SessionEnding) throws

    /// Says that every session of the account (nil: every session) that began at or before `instant` has ended.
    func setNotBefore(_ instant: Timestamp, account: AccountID?) throws

    /// Sessions that ended after `instant`.
    func endings(after instant: Timestamp) throws -> [SessionEnding]

    /// Mass sign-outs after `instant`; nil stands for all accounts.
    func massSignOuts(after instant: Timestamp) throws -> [(account: AccountID?, notBefore: Timestamp)]

    /// Removes rows that ended before `instant`, or whose absolute deadline lies before it, at most `limit`, and answers
    /// how many.
    func removeEnded(before instant: Timestamp, limit: Int) throws -> Int

    /// The epochs of the refresh key, in order.
    func refreshEpochs() throws -> [RefreshKeyEpoch]

    /// Makes the table hold exactly these epochs.
    func replaceRefreshEpochs(_ epochs: [RefreshKeyEpoch]) throws
}

/// The port to sessions, device rows and signing keys.
///
/// Bodies are synchronous and short. What a body writes and records commits together or not at all; a `StoreError` that it
/// throws arrives as it is.
package protocol SessionStore: SigningKeyStore {
    /// Runs `body` on a snapshot; sees every write acknowledged before the call.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SessionTransaction) throws -> Result
    ) async throws(StoreError) -> Result

    /// Runs `body` in a transaction and answers after the commit is durable.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SessionTransaction) throws -> Result
    ) async throws(StoreError) -> Result
}
