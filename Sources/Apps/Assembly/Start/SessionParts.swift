import Authentication
import BucklerPrimitives
import DataProtection
import ServerConfiguration
import Sessions
import Storage

/// Sessions, their keys, and what the gateway shares with them.
package struct SessionParts: Sendable {
    /// The port's SQL form.
    package let store: SessionRepository
    /// Signing keys of all purposes.
    package let signingKeys: SigningKeyRing
    /// Keys of refresh tokens.
    package let refreshKeys: RefreshKeys
    /// What ended a moment ago, and the open exchanges.
    package let ended: EndedSessions
    /// Devices that listen to their account.
    package let listeners: AccountListeners
    /// Requests that count as a person's.
    package let activity: RequestActivity
    /// The verbs.
    package let service: SessionService
    /// Verifies access tokens and remembers them.
    package let tokens: AccessTokenVerifier
    /// Makes active sessions of tokens and proofs.
    package let guardian: SessionGuard
    /// Presets and clients.
    package let policies: SessionPolicies

    init(
        settings: ServerSettings, environment: ServerEnvironment, database: any SQLDatabase, keys: InstanceKeys
    ) async throws(StoreError) {
        let (clock, entropy) = (environment.clock, environment.entropy)
        store = SessionRepository(
            database: database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock, entropy: entropy)
        signingKeys = try await SigningKeyRing(loading: store, clock: clock, entropy: entropy)
        let ring = keys.ring
        refreshKeys = try await RefreshKeys(loading: store, clock: clock) { ring.mac(.refresh(epoch: $0)) }
        ended = EndedSessions(clock: clock)
        let counting = settings.clients.filter { $0.activity == .requests }
        activity = RequestActivity(clients: Set(counting.map(\.id)), clock: clock)
        policies = settings.sessionPolicies
        service = SessionService(
            .init(
                store: store, issuer: settings.issuer, policies: policies, signingKeys: signingKeys,
                refreshKeys: refreshKeys, verifierKey: ring.mac(.verifier), ended: ended, activity: activity,
                clock: clock,
                entropy: entropy))
        listeners = AccountListeners(ended: ended, notices: service.notices, clock: clock)
        tokens = AccessTokenVerifier(
            issuer: settings.issuer, audiences: settings.audiences, keys: signingKeys, clock: clock)
        guardian = SessionGuard(ended: ended, clock: clock)
        try await service.loadRecentEndings()
    }
}

extension ServerSettings {
    /// Presets and clients in the sessions' own words.
    var sessionPolicies: SessionPolicies {
        var table = SessionPresets()
        for (name, preset) in presets {
            // The settings were checked against NIST's table already, with the line at hand.
            try? table.set(
                name.preset,
                to: SessionLifetimes(absolute: preset.absolute, idle: preset.idle, lockAfter: preset.lockAfter),
                acceptingLongerThanNIST: true)
        }
        let natives = clients.filter { $0.kind == .native }
        return SessionPolicies(
            presets: table,
            clients: Dictionary(
                natives.map { client in
                    let policy = SessionClientPolicy(
                        preset: client.preset.preset, activity: client.activity == .requests ? .requests : .reported,
                        overlap: refreshOverlap, sensitiveScopes: Set(client.sensitiveScopes))
                    return (client.id, policy)
                }, uniquingKeysWith: { first, _ in first }))
    }

    /// Every audience that an access token of this server may carry.
    var audiences: Set<String> { Set(clients.map(\.resource)).union([publicURL.text]) }
}

extension PresetName {
    var preset: SessionPreset {
        switch self {
        case .aal1: .aal1
        case .aal2: .aal2
        case .aal3: .aal3
        }
    }
}
