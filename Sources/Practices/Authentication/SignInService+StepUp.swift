import BucklerPrimitives

/// A running session that is to be raised, as the sessions' side knows it.
///
/// Its handle and key were verified.
package struct SteppableSession: Sendable, Hashable {
    /// Which.
    package let id: SessionID
    /// Whose.
    package let account: AccountID
    /// Of which client.
    package let client: ClientID
    /// Granted scopes; a step-up adds none.
    package let scope: [String]
    /// How the person authenticated so far.
    package let methods: [AuthenticationMethod]

    /// Takes the parts.
    package init(
        id: SessionID, account: AccountID, client: ClientID, scope: [String], methods: [AuthenticationMethod]
    ) {
        self.id = id
        self.account = account
        self.client = client
        self.scope = scope
        self.methods = methods
    }
}

extension SignInService {
    /// Begins a step-up of a running session to level 2 (RFC 9470): asks for a second factor, and its code raises the
    /// session instead of starting one.
    ///
    /// The account's address is read first; whoever holds the session's key knows it.
    package func stepUp(
        _ session: SteppableSession, grant: RequestedGrant, by requester: Requester
    ) async throws(SignInError) -> ChallengeOutcome {
        guard session.client == requester.client else { throw .flowGone }
        let account = try await write { try $0.account(session.account) }
        guard let account else { throw .flowGone }
        guard account.hasSecondFactor else { throw .noSecondFactor }
        var grant = grant
        // Scopes and audience stay the session's.
        grant.scope = nil
        grant.resource = nil
        let opening = SignInOpening(email: account.email, grant: grant)
        let binding = try bind(opening, requester)
        let bound = FlowBinding(
            client: binding.client, key: binding.key, scope: session.scope, audience: binding.audience,
            codeChallenge: binding.codeChallenge)
        return try await open(FlowOpening(.stepUp, opening, bound, steppedUp: session, entropy), nil, by: requester)
    }
}
