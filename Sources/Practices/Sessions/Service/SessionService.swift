import Authentication
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// Begins, renews, lists and ends sessions.
///
/// Every change commits together with its event. Order of an ending (PD-04): commit, in-memory set, open exchanges,
/// acknowledgement.
package final class SessionService: Sendable {
    let store: any SessionStore
    let policies: SessionPolicies
    let refreshKeys: RefreshKeys
    let verifierKey: MACKey
    let ended: EndedSessions
    let activity: RequestActivity
    let mint: TokenMint
    let refusals: RefusalEvents
    let clock: WallClock
    let entropy: Entropy

    /// What a session service works with.
    package struct Dependencies: Sendable {
        /// Sessions, devices and keys.
        package var store: any SessionStore
        /// Claim `{public_url}/buckler`.
        package var issuer: String
        /// Presets and clients.
        package var policies: SessionPolicies
        /// Signing keys, loaded.
        package var signingKeys: SigningKeyRing
        /// Refresh keys, loaded.
        package var refreshKeys: RefreshKeys
        /// Claim `KeyPurpose.verifier`.
        package var verifierKey: MACKey
        /// The register of what ended, shared with the gateway.
        package var ended: EndedSessions
        /// Requests that count as activity, shared with the gateway.
        package var activity: RequestActivity
        /// The time of day.
        package var clock: WallClock
        /// Random bytes.
        package var entropy: Entropy

        /// States all of them.
        package init(
            store: any SessionStore, issuer: String, policies: SessionPolicies, signingKeys: SigningKeyRing,
            refreshKeys: RefreshKeys, verifierKey: MACKey, ended: EndedSessions, activity: RequestActivity,
            clock: WallClock, entropy: Entropy
        ) {
            self.store = store
            self.issuer = issuer
            self.policies = policies
            self.signingKeys = signingKeys
            self.refreshKeys = refreshKeys
            self.verifierKey = verifierKey
            self.ended = ended
            self.activity = activity
            self.clock = clock
            self.entropy = entropy
        }
    }

    /// Takes the dependencies.
    ///
    /// Call `loadRecentEndings` before the server is ready.
    package init(_ dependencies: Dependencies) {
        store = dependencies.store
        policies = dependencies.policies
        refreshKeys = dependencies.refreshKeys
        verifierKey = dependencies.verifierKey
        ended = dependencies.ended
        activity = dependencies.activity
        clock = dependencies.clock
        entropy = dependencies.entropy
        mint = TokenMint(
            issuer: dependencies.issuer, keys: dependencies.signingKeys, refreshKeys: dependencies.refreshKeys,
            handle: StepUpHandle(key: dependencies.verifierKey), policies: dependencies.policies, clock: clock,
            entropy: entropy)
        refusals = RefusalEvents(store: store, clock: clock, entropy: entropy)
    }

    /// Reads what ended while access tokens of it may still be around, so that a restart forgets no ending (PD-04).
    package func loadRecentEndings() async throws(StoreError) {
        let since = clock.now - EndedSessions.memory
        let (endings, masses) = try await store.read { transaction in
            (try transaction.endings(after: since), try transaction.massSignOuts(after: since))
        }
        for ending in endings { ended.end(session: ending.session, reason: ending.reason, at: ending.endedAt) }
        for mass in masses {
            if let account = mass.account {
                ended.end(account: account, notBefore: mass.notBefore)
            } else {
                ended.endAll(notBefore: mass.notBefore)
            }
        }
    }

    /// The set of keys for session-end notices.
    package var notices: SessionEndNotices { mint.notices }

    /// An event about one session.
    func event(
        _ name: EventName, _ reason: EventReason, _ identity: SessionIdentity, at now: Timestamp, origin: EventOrigin?
    ) -> SecurityEvent {
        SecurityEvent(
            id: .random(entropy), name: name, reason: reason, at: now, origin: origin, account: identity.account,
            session: identity.id, device: identity.device, client: identity.client)
    }

    /// Puts endings into the set and cuts their exchanges.
    ///
    /// After the commit, before the acknowledgement.
    func announce(_ endings: [SessionEnding]) {
        for ending in endings {
            ended.end(session: ending.session, reason: ending.reason, at: ending.endedAt)
            activity.forget(ending.session)
        }
    }
}
