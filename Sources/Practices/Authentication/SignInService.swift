import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents

/// Signs people in, step by step (OAuth 2.0 for First-Party Apps; PD-07 to PD-10).
///
/// Every step is: one transaction that reads and admits, slow work outside of any transaction, one transaction that
/// reads again and writes. Whatever races, the flow's row decides once.
package final class SignInService: Sendable {
    let store: any AuthenticationStore
    let hasher: any PasswordHasher
    let passwords: PasswordPolicy
    let sessions: any SessionEnder
    let clients: SignInClients
    let engine: FlowEngine
    let clock: WallClock
    let entropy: Entropy

    /// Takes the ports.
    ///
    /// `verifier` and `throttle` are the keys of the purposes with these names.
    package init(
        store: any AuthenticationStore, hasher: any PasswordHasher, passwords: PasswordPolicy,
        sessions: any SessionEnder, mails: MailTemplates, clients: SignInClients, verifier: MACKey, throttle: MACKey,
        guessing: GuessingPolicy = GuessingPolicy(), clock: WallClock, entropy: Entropy
    ) {
        self.store = store
        self.hasher = hasher
        self.passwords = passwords
        self.sessions = sessions
        self.clients = clients
        self.clock = clock
        self.entropy = entropy
        engine = FlowEngine(
            keys: FlowKeys(verifier), ledger: GuessingLedger(policy: guessing, keys: BudgetKeys(throttle)),
            mails: mails, clients: clients, entropy: entropy)
    }

    /// Where a request came from, for events: no address is kept, only a keyed tag of its network.
    package func origin(request: RequestID, source: SourceAddress) -> EventOrigin {
        EventOrigin(request: request, sourceTag: SourceTag(engine.ledger.keys.sourceTag(source.prefix)))
    }

    /// Begins a sign-in; the password may come with it.
    package func begin(
        _ opening: SignInOpening, password: SecretString? = nil, by requester: Requester
    ) async throws(SignInError) -> ChallengeOutcome {
        let flow = FlowOpening(.signIn, opening, try bind(opening, requester), entropy)
        return try await open(flow, password.map(FlowAnswer.password), by: requester)
    }

    /// Begins a sign-up.
    ///
    /// The answer is the same for every address; the difference is only in the mail (PD-10).
    ///
    /// A password of 8 to 14 code points is taken for an account that enrols an authenticator app in the transaction that
    /// makes it: the flow asks for its first code after the mailed one (PD-08).
    package func signUp(
        _ opening: SignInOpening, password: SecretString, by requester: Requester
    ) async throws(SignInError) -> ChallengeOutcome {
        let binding = try bind(opening, requester)
        // The source first: judging costs too.
        try await admitSignUp(opening.email, requester)
        let accepted = try judge(password, opening.email, hasSecondFactor: true)
        let verifier = try await hash(accepted, lane: .stranger)
        let flow = FlowOpening(.signUp, opening, binding, verifier: verifier, entropy)
        return try await open(flow, nil, by: requester)
    }

    /// Begins the reset of a forgotten password.
    ///
    /// The answer is the same for every address.
    package func reset(
        _ opening: SignInOpening, by requester: Requester
    ) async throws(SignInError) -> ChallengeOutcome {
        let flow = FlowOpening(.reset, opening, try bind(opening, requester), entropy)
        return try await open(flow, nil, by: requester)
    }

    /// Begins to undo a change of address, with the address before it.
    ///
    /// The answer is the same for every address.
    package func undoAddressChange(
        _ opening: SignInOpening, by requester: Requester
    ) async throws(SignInError) -> ChallengeOutcome {
        let flow = FlowOpening(.addressUndo, opening, try bind(opening, requester), entropy)
        return try await open(flow, nil, by: requester)
    }

    /// Goes on with a flow: looks at the answers in their order and stops at the first that is wrong.
    package func proceed(
        _ continuation: FlowContinuation, by requester: Requester
    ) async throws(SignInError) -> ChallengeOutcome {
        guard let digest = engine.keys.digest(ofHandle: continuation.handle) else { throw .flowGone }
        guard continuation.answers.count <= 2 else { throw .invalidRequest(.answer) }
        let visit = FlowEngine.Visit(
            requester: requester, handle: continuation.handle, digest: digest, now: clock.now)
        var outcome = try await step(continuation.answers.first, visit, first: continuation.grant)
        for answer in continuation.answers.dropFirst() {
            if case .next(let challenge) = outcome, challenge.rejection != nil { return outcome }
            outcome = try await step(answer, visit, first: nil)
        }
        return outcome
    }
}
