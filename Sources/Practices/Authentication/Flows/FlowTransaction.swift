import BucklerJOSE
import BucklerPrimitives

/// A flow's row: what the store may see beside the sealed value.
package struct FlowRow: Sendable {
    /// The flow's identifier; the sealed value opens under it alone.
    package let id: FlowID
    /// The keyed digest of `auth_session`, by which the row is found.
    package let digest: [UInt8]
    /// The device key, for the limit per key.
    package let key: JWKThumbprint
    /// A tag of the source's prefix, for the limit per source.
    package let sourceTag: [UInt8]
    /// When it began.
    package let startedAt: Timestamp
    /// When it is over (exclusive).
    package let expiresAt: Timestamp
    /// True if it is not to be dropped for newer ones: something was proven, or the device is known.
    package let isFavoured: Bool
    /// The encoded flow.
    package let content: SecretBytes

    /// Takes the parts.
    package init(
        id: FlowID, digest: [UInt8], key: JWKThumbprint, sourceTag: [UInt8], startedAt: Timestamp,
        expiresAt: Timestamp, isFavoured: Bool, content: SecretBytes
    ) {
        self.id = id
        self.digest = digest
        self.key = key
        self.sourceTag = sourceTag
        self.startedAt = startedAt
        self.expiresAt = expiresAt
        self.isFavoured = isFavoured
        self.content = content
    }
}

/// A flow as it was read.
package struct LoadedFlow: Sendable {
    /// Its identifier.
    package let id: FlowID
    /// The encoded flow.
    package let content: SecretBytes
    /// Grows with every change; a change names the version that it was made from.
    package let version: Int64

    /// Takes the parts.
    package init(id: FlowID, content: SecretBytes, version: Int64) {
        self.id = id
        self.content = content
        self.version = version
    }
}

/// Whose open flows are counted.
package enum FlowScope: Sendable, Hashable {
    /// One device key.
    case key(JWKThumbprint)
    /// One source prefix.
    case source([UInt8])
    /// All.
    case everything
}

/// An authorization code's row.
package struct CodeRow: Sendable {
    /// The flow that it ends.
    package let flow: FlowID
    /// The keyed digest of the code.
    package let digest: [UInt8]
    /// The only client that may redeem it.
    package let client: ClientID
    /// The only key that may redeem it.
    package let key: JWKThumbprint
    /// The only verifier that redeems it is this one's preimage.
    package let challenge: CodeChallenge
    /// When it is over (exclusive).
    package let expiresAt: Timestamp
    /// The encoded grant.
    package let content: SecretBytes

    /// Takes the parts.
    package init(
        flow: FlowID, digest: [UInt8], client: ClientID, key: JWKThumbprint, challenge: CodeChallenge,
        expiresAt: Timestamp, content: SecretBytes
    ) {
        self.flow = flow
        self.digest = digest
        self.client = client
        self.key = key
        self.challenge = challenge
        self.expiresAt = expiresAt
        self.content = content
    }
}

/// Who redeems a code.
package struct CodeRedemption: Sendable {
    /// The keyed digest of the code.
    package let digest: [UInt8]
    /// The client of the token request.
    package let client: ClientID
    /// The key that signed the token request.
    package let key: JWKThumbprint
    /// SHA-256 of the verifier.
    package let challenge: CodeChallenge
    /// The session that the grant will start; remembered for a second use.
    package let session: SessionID

    /// Takes the parts.
    package init(
        digest: [UInt8], client: ClientID, key: JWKThumbprint, challenge: CodeChallenge, session: SessionID
    ) {
        self.digest = digest
        self.client = client
        self.key = key
        self.challenge = challenge
        self.session = session
    }
}

/// One guessing budget's counter after a charge.
package struct BudgetReading: Sendable, Hashable {
    /// How many, this charge included.
    package let count: Int
    /// When it was charged before; nil if this is the first within the window.
    package let previousAt: Timestamp?
    /// When the counter is forgotten (exclusive).
    package let expiresAt: Timestamp

    /// Takes the parts.
    package init(count: Int, previousAt: Timestamp?, expiresAt: Timestamp) {
        self.count = count
        self.previousAt = previousAt
        self.expiresAt = expiresAt
    }
}

/// How long a counter is kept.
package enum BudgetWindow: Sendable, Hashable {
    /// From the first charge.
    case fixed(Duration)
    /// From the latest charge.
    case sliding(Duration)
}

/// Rows of flows, authorization codes and guessing budgets inside one transaction.
///
/// The store seals a row's content under its identifier and digest and opens it nowhere else (`StoreError.tampered`).
package protocol FlowTransaction {
    /// Adds a flow.
    func insertFlow(_ row: FlowRow) throws(StoreError)

    /// Counts a request of the flow in one statement; the number of requests, this one included.
    func countRequest(of flow: FlowID) throws(StoreError) -> Int

    /// Reads the flow with this digest; nil if there is none or it is over.
    func flow(_ digest: [UInt8], at now: Timestamp) throws(StoreError) -> LoadedFlow?

    /// Replaces the flow's content; false if it is gone or no longer of `version`.
    func updateFlow(
        _ id: FlowID, digest: [UInt8], content: SecretBytes, isFavoured: Bool, from version: Int64
    ) throws(StoreError) -> Bool

    /// Removes a flow.
    func deleteFlow(_ id: FlowID) throws(StoreError)

    /// How many flows of `scope` there are, those that are over and not yet swept included.
    func flowCount(_ scope: FlowScope) throws(StoreError) -> Int

    /// Removes the oldest flow of `scope` that is not favoured. If all are, one goes as well: of a source the oldest of the
    /// key that has most there, otherwise the oldest.
    func dropOldestFlow(_ scope: FlowScope) throws(StoreError)

    /// Adds a code.
    func insertCode(_ row: CodeRow) throws(StoreError)

    /// Spends a code: one statement, true content for exactly one caller, however many race. Nil if it is unknown,
    /// spent, over, or asked for by another client, key or verifier.
    func spendCode(_ redemption: CodeRedemption, at now: Timestamp) throws(StoreError) -> SecretBytes?

    /// Notes that a spent code raised a session instead of starting one: a second use names that session.
    func noteRaisedSession(_ session: SessionID, ofCode digest: [UInt8]) throws(StoreError)

    /// True if there is or was a code with this digest, spent or over, and not yet swept.
    func hasCode(_ digest: [UInt8]) throws(StoreError) -> Bool

    /// The session that a spent code started; nil if the code is unknown or not spent.
    func sessionOfSpentCode(_ digest: [UInt8]) throws(StoreError) -> SessionID?

    /// Counts one more in the budget `key` and reads it, in one statement.
    func chargeBudget(_ key: BudgetKey, window: BudgetWindow, at now: Timestamp) throws(StoreError) -> BudgetReading

    /// Reads a budget without charging; nil if it is fresh.
    func budget(_ key: BudgetKey, at now: Timestamp) throws(StoreError) -> BudgetReading?

    /// Takes a charge back as if it had not been made; only in the transaction of the charge.
    func undoCharge(_ key: BudgetKey, _ reading: BudgetReading, window: BudgetWindow) throws(StoreError)

    /// Gives one back later: the attempt was no failure. The time of the attempt stays.
    func refundBudget(_ key: BudgetKey) throws(StoreError)

    /// Forgets budgets.
    func clearBudgets(_ keys: [BudgetKey]) throws(StoreError)

    /// Removes at most `limit` rows of each kind that are over. Cheap enough for every opening.
    func sweepFlows(at now: Timestamp, limit: Int) throws(StoreError)
}
