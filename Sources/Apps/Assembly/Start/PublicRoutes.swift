import BucklerPrimitives
import ServerConfiguration
import ServerHTTP
import Sessions
import Storage

/// Every endpoint of ours on the public listener.
struct PublicRoutes {
    let core: ServerCore
    let proofs: ProofGuard

    func collections() throws(StartFailure) -> [any RouteCollection] {
        let (settings, sessions, authentication) = (core.settings, core.sessions, core.signIn)
        return [
            HealthRoutes(health: core.health),
            MetadataRoutes(
                issuer: settings.issuer, resource: settings.publicURL.text, scopes: settings.scopes,
                keys: sessions.signingKeys),
            ProblemListRoutes(),
            NonceRoutes(proofs: proofs),
            AuthorizeChallengeRoutes(signIn: authentication.signIn, sessions: sessions.service, proofs: proofs),
            SignUpRoutes(signIn: authentication.signIn, proofs: proofs),
            ResetRoutes(signIn: authentication.signIn, proofs: proofs),
            TokenRoutes(
                sessions: sessions.service, codes: authentication.signIn, proofs: proofs,
                entropy: core.environment.entropy),
            AccountRoutes(accounts: authentication.accounts, guardian: proofs),
            AddressRoutes(
                accounts: authentication.accounts, signIn: authentication.signIn, guardian: proofs),
            RevocationRoutes(sessions: sessions.service, tokens: sessions.tokens, proofs: proofs),
            IntrospectionRoutes(
                introspection: TokenIntrospection(
                    issuer: settings.issuer, tokens: sessions.tokens, ended: sessions.ended),
                clients: try settings.serviceClients()),
            SessionRoutes(sessions: sessions.service, proofs: proofs),
            AccountEventRoutes(listeners: sessions.listeners, proofs: proofs) {
                [events = core.events] () async throws(StoreError) in try await events.lastSequence()
            },
        ]
    }
}
