import BucklerPrimitives
import BucklerSecurityEvents

extension SignInService {
    /// Writes the new flow and looks at its first answer.
    func open(
        _ opening: FlowOpening, _ answer: FlowAnswer?, by requester: Requester
    ) async throws(SignInError) -> ChallengeOutcome {
        let handle = engine.keys.newHandle(entropy)
        guard let digest = engine.keys.digest(ofHandle: handle) else { throw .unavailable }
        let visit = FlowEngine.Visit(requester: requester, handle: handle, digest: digest, now: clock.now)
        let engine = engine.of(visit)
        return try await complete(try await write { try engine.open(opening, answer, visit, $0) }, visit)
    }

    /// Looks at one answer.
    func step(
        _ answer: FlowAnswer?, _ visit: FlowEngine.Visit, first grant: RequestedGrant?
    ) async throws(SignInError) -> ChallengeOutcome {
        let engine = engine.of(visit)
        return try await complete(try await write { try engine.begin(answer, visit, first: grant, $0) }, visit)
    }

    /// What the first request fixes, checked against the client.
    func bind(_ opening: SignInOpening, _ requester: Requester) throws(SignInError) -> FlowBinding {
        guard let client = clients[requester.client] else { throw .unknownClient }
        guard opening.grant.codeChallengeMethod == "S256" else { throw .invalidRequest(.codeChallengeMethod) }
        guard let challenge = opening.grant.codeChallenge.flatMap(CodeChallenge.init(parsing:)) else {
            throw .invalidRequest(.codeChallenge)
        }
        guard let scope = client.grantedScope(opening.grant.scope) else { throw .invalidScope }
        guard let audience = client.audience(opening.grant.resource) else { throw .invalidTarget }
        if let name = opening.deviceName, !(1...64).contains(name.unicodeScalars.count) {
            throw .invalidRequest(.deviceName)
        }
        return FlowBinding(
            client: client.id, key: requester.key, scope: scope, audience: audience, codeChallenge: challenge)
    }

    /// Judges a new password before anything is computed or stored.
    func judge(
        _ password: SecretString, _ email: Email, hasSecondFactor: Bool
    ) throws(SignInError) -> AcceptedPassword {
        do {
            return try passwords.evaluate(
                password, context: PasswordContext(email: email, hasSecondFactor: hasSecondFactor))
        } catch let refusal as PasswordRefusal {
            throw .passwordRefused(refusal)
        } catch {
            throw .unavailable
        }
    }

    /// Counts a sign-up for its source, before its password costs a hash.
    func admitSignUp(_ email: Email, _ requester: Requester) async throws(SignInError) {
        let engine = engine
        let now = clock.now
        let refusal = try await write { try engine.ledger.chargeSource(requester.source, email, $0, at: now) }
        if let refusal { throw .throttled(retryAfter: refusal.retryAfter) }
    }

    /// Hashes an accepted password.
    func hash(
        _ password: AcceptedPassword, lane: HasherLane
    ) async throws(SignInError) -> (SecretString, PasswordClass) {
        do {
            return (try await hasher.hash(password.text, lane: lane), password.passwordClass)
        } catch {
            throw .busy
        }
    }

    private func complete(
        _ first: FlowEngine.Result, _ visit: FlowEngine.Visit
    ) async throws(SignInError) -> ChallengeOutcome {
        switch first {
        case .answered(let outcome, let signOut):
            if let signOut { sessions.announce(signOut) }
            return outcome
        case .gone: throw .flowGone
        case .throttled(let duration): throw .throttled(retryAfter: duration)
        case .recoveryNeedsProof(let hold): throw .recoveryNeedsProof(hold)
        case .changed(let parameter): throw .invalidRequest(parameter)
        case .slow(let slow):
            let verdict = try await perform(slow)
            let later = FlowEngine.Visit(
                requester: visit.requester, handle: visit.handle, digest: visit.digest, now: clock.now)
            let engine = engine.of(visit)
            // Nil: the verifier was replaced while it was compared. The person simply tries again.
            guard let result = try await write({ try engine.settle(slow, verdict, later, $0) }) else { throw .busy }
            let outcome = try await complete(result, later)
            await renewVerifier(slow, verdict)
            return outcome
        }
    }

    private func perform(_ slow: SlowStep) async throws(SignInError) -> SlowVerdict {
        switch slow.work {
        case .verifyPassword(let text, let verifier), .verifyRecoveryCode(let text, let verifier):
            do {
                return try await verify(text, verifier, slow.lane)
            } catch {
                await refund(slow)
                throw .busy
            }
        case .hash(let password, let email, let hasSecondFactor):
            let accepted = try judge(password, email, hasSecondFactor: hasSecondFactor)
            let (verifier, passwordClass) = try await hash(accepted, lane: slow.lane)
            return .hashed(verifier, passwordClass)
        }
    }

    private func verify(
        _ text: SecretString, _ verifier: SecretString?, _ lane: HasherLane
    ) async throws(HasherError) -> SlowVerdict {
        do throws(HasherError) {
            guard let verifier else {
                try await hasher.verifyDummy(text, lane: lane)
                return .mismatch
            }
            switch try await hasher.verify(text, against: verifier, lane: lane) {
            case .match(let needsRehash): return .match(needsRehash: needsRehash)
            case .mismatch: return .mismatch
            }
        } catch HasherError.length {
            // No stored password can have such a length, whosever it would be.
            return .mismatch
        }
    }

    /// Nothing was looked at: gives the place in the budget back.
    ///
    /// If the store fails too, one attempt stays charged.
    private func refund(_ slow: SlowStep) async {
        guard let charge = slow.charge else { return }
        let ledger = engine.ledger
        try? await store.write { try ledger.refund(charge, $0) }
    }

    /// Replaces a right password's verifier by one under today's parameters.
    ///
    /// Failing is no reason to refuse the person:
    /// the next sign-in tries again.
    private func renewVerifier(_ slow: SlowStep, _ verdict: SlowVerdict) async {
        guard case .match(needsRehash: true) = verdict, case .verifyPassword(let password, let old?) = slow.work,
            let account = slow.account, let fresh = try? await hasher.hash(password, lane: slow.lane)
        else { return }
        _ = try? await store.write { try $0.rehashPassword(account, verifier: fresh, replacing: old) }
    }

    /// Runs a transaction; once more if another request changed the same flow first.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any AuthenticationTransaction) throws -> Result
    ) async throws(SignInError) -> Result {
        for _ in 0..<3 {
            do {
                return try await store.write(body)
            } catch StoreError.conflict {
                continue
            } catch {
                throw .unavailable
            }
        }
        throw .busy
    }
}
