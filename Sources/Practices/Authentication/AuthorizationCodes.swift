import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto

/// Why a code was not redeemed.
package enum CodeError: Error, Equatable, Sendable {
    /// Unknown, over, or asked for by another client, key or verifier: one answer for all, and nothing was changed.
    case refused
    /// It was spent before: the session that it started must end (RFC 6749 §4.1.2).
    case reused(startedSession: SessionID)
    /// The network has sent too many codes that never were.
    case throttled(retryAfter: Duration)
    /// The store is not available.
    case unavailable
}

extension SignInService {
    /// Spends an authorization code for the session that is about to start.
    ///
    /// One statement decides: of any number of callers one gets the grant. `session` is remembered, so that a second
    /// use can name it. `source` pays for codes that never were.
    package func redeem(
        code: String, client: ClientID, key: JWKThumbprint, verifier: String, session: SessionID,
        source: SourceAddress, origin: EventOrigin
    ) async throws(CodeError) -> AuthorizationGrant {
        // RFC 7636 §4.1: 43 to 128 unreserved characters.
        guard let digest = engine.keys.digest(ofCode: code), Self.isVerifier(verifier),
            let challenge = CodeChallenge(bytes: Array(SHA256.hash(data: Array(verifier.utf8))))
        else { throw .refused }
        let redemption = CodeRedemption(
            digest: digest, client: client, key: key, challenge: challenge, session: session)
        let now = clock.now
        let outcome: Redeemed
        do {
            guard try await store.read({ try $0.hasCode(digest) }) else {
                throw await noteUnknownCode(client, source, origin, at: now)
            }
            outcome = try await store.write { [self] in try redeem(redemption, origin, $0, at: now) }
        } catch let error as CodeError {
            throw error
        } catch {
            throw .unavailable
        }
        switch outcome {
        case .granted(let record): return record.grant
        case .refused: throw .refused
        case .reused(let session): throw .reused(startedSession: session)
        }
    }

    private enum Redeemed: Sendable {
        case granted(GrantRecord)
        case refused
        case reused(SessionID)
    }

    /// A code that never was: anybody can send any number of them, so nothing is written but the first event of an hour
    /// from one network, and the network is charged in memory.
    ///
    /// Codes that exist are not refused for what a neighbour sends. A store that is down does not turn the refusal into
    /// a fault.
    private func noteUnknownCode(
        _ client: ClientID, _ source: SourceAddress, _ origin: EventOrigin, at now: Timestamp
    ) async -> CodeError {
        let ledger = engine.ledger
        let network = source.prefix
        let count = ledger.memory.note(ledger.keys.refusals(network, "codes of a minute"), for: .minutes(1), at: now)
        let isFirst = ledger.memory.note(ledger.keys.refusals(network, "code"), for: .hours(1), at: now) == 1
        let isTooMuch =
            count == ledger.policy.sourceAttemptsPerMinute + 1
            && ledger.memory.note(ledger.keys.refusals(network, "codes"), for: .hours(1), at: now) == 1
        if isFirst || isTooMuch {
            let event = SecurityEvent(
                id: .random(entropy), name: isFirst ? .tokenFail : .rateLimitExceeded,
                reason: isFirst ? .codeRefused : .sourceBudget, at: now, origin: origin, client: client)
            try? await store.write { try $0.record(event) }
        }
        return count > ledger.policy.sourceAttemptsPerMinute ? .throttled(retryAfter: .minutes(1)) : .refused
    }

    private func redeem(
        _ redemption: CodeRedemption, _ origin: EventOrigin, _ transaction: any AuthenticationTransaction,
        at now: Timestamp
    ) throws -> Redeemed {
        func record(_ name: EventName, _ reason: EventReason, _ session: SessionID? = nil) throws {
            guard try engine.ledger.isFirstRefusal(redemption.digest, reason, transaction, at: now) else { return }
            try transaction.record(
                SecurityEvent(
                    id: .random(entropy), name: name, reason: reason, at: now, origin: origin, session: session,
                    client: redemption.client))
        }
        guard let content = try transaction.spendCode(redemption, at: now) else {
            let started = try transaction.sessionOfSpentCode(redemption.digest)
            try record(started == nil ? .tokenFail : .tokenReuse, started == nil ? .codeRefused : .codeReuse, started)
            return started.map(Redeemed.reused) ?? .refused
        }
        // The columns decided; what is sealed must say the same, or somebody wrote the columns (PD-11).
        guard let grant = try? GrantRecord(decoding: content), grant.binding.client == redemption.client,
            grant.binding.key == redemption.key, grant.binding.codeChallenge == redemption.challenge,
            now < grant.authenticatedAt + SignInFlow.codeLifetime
        else { throw StoreError.tampered(table: "authorization_code") }
        // A password that was changed within this minute takes the code with it.
        guard let account = try transaction.account(grant.account),
            account.passwordGeneration == grant.passwordGeneration
        else {
            try record(.tokenFail, .codeOutdated)
            return .refused
        }
        // What this code brings is a higher level of that session, so a second use has to end that one (RFC 6749 §4.1.2).
        if let raised = grant.steppedUpSession {
            try transaction.noteRaisedSession(raised, ofCode: redemption.digest)
        }
        return .granted(grant)
    }

    private static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }
}
