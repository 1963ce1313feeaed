import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Synchronization

/// The signing keys of all purposes, in memory and in the store (PD-15).
///
/// Reading is synchronous and cheap: every signature and every verification asks here. Changes are written first, and one
/// after the other: a change that was worked out from keys that are gone meanwhile would bring them back.
package final class SigningKeyRing: Sendable {
    private let store: any SigningKeyStore
    private let clock: WallClock
    private let entropy: Entropy
    private let schedule = SigningKeySchedule()
    private let snapshot: Mutex<Snapshot>
    private let changes = OneAtATime()

    /// Loads the keys, makes what is missing and writes what is due.
    ///
    /// Throws if a stored key does not open.
    package init(
        loading store: any SigningKeyStore, clock: WallClock, entropy: Entropy
    ) async throws(StoreError) {
        self.store = store
        self.clock = clock
        self.entropy = entropy
        let stored = try await store.signingKeys()
        snapshot = Mutex(Snapshot(keys: stored, revision: 0))
        try await advance()
    }

    /// Applies what is due: next keys that begin to sign, old keys that go.
    ///
    /// Call at least once an hour.
    package func advance() async throws(StoreError) {
        try await change { before, now in
            let after = SigningPurpose.allCases.flatMap { purpose in
                schedule.advanced(before.filter { $0.purpose == purpose }, purpose: purpose, at: now, entropy: entropy)
            }
            return Self.same(before, after) ? nil : (keys: after, events: [])
        }
    }

    /// Gives every purpose, or only those named, a new active key.
    ///
    /// With `compromised` nothing that an old key signed is accepted from now on: access tokens die, refreshes go on.
    package func rotate(
        _ purposes: [SigningPurpose] = SigningPurpose.allCases, compromised: Bool, origin: EventOrigin? = nil
    ) async throws(StoreError) {
        try await change { before, now in
            let after = purposes.flatMap { purpose in
                schedule.rotated(
                    before.filter { $0.purpose == purpose }, purpose: purpose, compromised: compromised, at: now,
                    entropy: entropy)
            }
            let event = SecurityEvent(
                id: .random(entropy), name: .keysRotated, reason: compromised ? .keysCompromised : .keysRequested,
                at: now, origin: origin, details: [.count("purposes", purposes.count)])
            return (keys: before.filter { !purposes.contains($0.purpose) } + after, events: [event])
        }
    }

    /// Works out the next keys from the present ones, writes them, and goes on with them; nil changes nothing.
    private func change(
        _ next: (_ before: [SigningKey], _ now: Timestamp) -> (keys: [SigningKey], events: [SecurityEvent])?
    ) async throws(StoreError) {
        await changes.begin()
        defer { changes.end() }
        guard let (keys, events) = next(snapshot.withLock { $0.keys }, clock.now) else { return }
        try await store.replaceSigningKeys(keys, events: events)
        snapshot.withLock { $0 = Snapshot(keys: keys, revision: $0.revision + 1) }
    }

    private static func same(_ left: [SigningKey], _ right: [SigningKey]) -> Bool {
        left.count == right.count
            && left.allSatisfy { key in
                right.contains { $0.kid == key.kid && $0.activeAt == key.activeAt && $0.retiredAt == key.retiredAt }
            }
    }

    /// The key that signs for `purpose`.
    ///
    /// There is always one.
    package func activeKey(_ purpose: SigningPurpose) -> SigningKey {
        snapshot.withLock { state in
            guard let key = state.active[purpose] else { preconditionFailure("no active key for \(purpose)") }
            return key
        }
    }

    /// Signs a payload with the purpose's active key, its `typ` and its `kid`.
    package func sign(_ payload: JSONObject, _ purpose: SigningPurpose) throws(SigningError) -> String {
        let key = activeKey(purpose)
        do {
            return try JWSSigner.sign(payload: payload, typ: purpose.typ, kid: key.kid, with: key.signer)
        } catch {
            throw .signature
        }
    }

    /// Signs a payload with every key of `purpose` that signs or has signed and is not gone, under one `typ`.
    ///
    /// For what a reader checks with keys that it kept some time ago: at least one of these it knows, unless all that it
    /// kept are gone.
    package func signByAll(
        _ payload: JSONObject, _ purpose: SigningPurpose, typ: String
    ) throws(SigningError) -> [String] {
        let now = clock.now
        let keys = snapshot.withLock { $0.keys }.filter {
            $0.purpose == purpose && $0.activeAt != nil && !$0.isGone(at: now)
        }
        do {
            return try keys.map { try JWSSigner.sign(payload: payload, typ: typ, kid: $0.kid, with: $0.signer) }
        } catch {
            throw .signature
        }
    }

    /// The public key with this `kid`, if it belongs to `purpose` and is not gone.
    package func publicKey(_ purpose: SigningPurpose, kid: String) -> P256PublicJWK? {
        let now = clock.now
        return snapshot.withLock { state in
            guard let key = state.byKid[kid], key.purpose == purpose, !key.isGone(at: now) else { return nil }
            return key.signer.publicJWK
        }
    }

    /// Grows with every change of the keys: whoever remembers a verification forgets it when this changes.
    package var revision: Int { snapshot.withLock { $0.revision } }

    /// When the youngest key of `purpose` was first published.
    package func lastPublished(_ purpose: SigningPurpose) -> Timestamp {
        snapshot.withLock { $0.lastPublished[purpose] } ?? Timestamp(milliseconds: 0)
    }

    /// The key set (RFC 7517 §5) of the purposes: next, active and verifying keys.
    package func keySet(_ purposes: [SigningPurpose]) -> JSONObject {
        let now = clock.now
        let keys = snapshot.withLock { $0.keys }.filter { purposes.contains($0.purpose) && !$0.isGone(at: now) }
        return ["keys": .array(keys.map { .object($0.publishedJWK) })]
    }

    private struct Snapshot {
        let keys: [SigningKey]
        let revision: Int
        let active: [SigningPurpose: SigningKey]
        let byKid: [String: SigningKey]
        let lastPublished: [SigningPurpose: Timestamp]

        init(keys: [SigningKey], revision: Int) {
            self.keys = keys
            self.revision = revision
            active = Dictionary(
                keys.filter(\.isActive).map { ($0.purpose, $0) }, uniquingKeysWith: { first, _ in first })
            lastPublished = Dictionary(keys.map { ($0.purpose, $0.publishedAt) }, uniquingKeysWith: max)
            byKid = Dictionary(keys.map { ($0.kid, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }
}

/// Why nothing was signed.
package enum SigningError: Error, Equatable, Sendable {
    /// The library refused the key.
    case signature
}

extension EventReason {
    /// An operator asked for a rotation.
    package static let keysRequested = EventReason("keys.requested")
    /// An operator said that keys were lost.
    package static let keysCompromised = EventReason("keys.compromised")
}
