import Authentication
import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import Sessions
import Storage

/// Every way to present one's own credentials.
enum WayIn: String, CaseIterable, Sendable {
    /// A running session's refresh token.
    case refresh
    /// A code that was issued and not redeemed; it lives for a minute.
    case pendingCode
    /// A sign-in that waited for the second factor.
    case pendingFlow
    /// One's own address, password and authenticator app, on one's own device.
    case ownSignIn
    /// One's own address and password on a new device, with a saved recovery code.
    case ownRecoveryCode
    /// One's own reset, with the code from one's own mailbox.
    case ownReset
    /// A sign-in at somebody else's address that is under way on one's own device, with one's own password and factors.
    case foreignFlow
    /// Somebody else's address with one's own password and factors.
    case foreignSignIn
    /// A reset of somebody else's password that is under way on one's own device, with codes from one's own mailbox.
    case foreignPendingReset
    /// The same, begun after the manipulation.
    case foreignReset

    /// Whether the way opens one's own account when nobody touched the database.
    var isOwn: Bool {
        switch self {
        case .refresh, .pendingCode, .pendingFlow, .ownSignIn, .ownRecoveryCode, .ownReset: true
        case .foreignFlow, .foreignSignIn, .foreignPendingReset, .foreignReset: false
        }
    }
}

extension Instance {
    /// Tries every way with one person's credentials against another, and answers which account each way opened.
    func tryEverything(_ me: Person, against other: Person) async -> [WayIn: AccountID] {
        var opened: [WayIn: AccountID] = [:]
        for way in WayIn.allCases {
            if let account = try? await open(way, me, other) { opened[way] = account }
            // Codes of an authenticator app open once: each way comes in a time step of its own.
            clock.advance(by: .seconds(31))
        }
        return opened
    }

    private func open(_ way: WayIn, _ me: Person, _ other: Person) async throws -> AccountID? {
        let opening = SignInOpening(email: me.email, grant: Self.grant)
        switch way {
        case .refresh: return try await refresh(me)
        case .pendingCode: return try await account(of: me.code, me.device)
        case .pendingFlow: return try await answer(me.flow, me.device, me)
        case .ownSignIn: return try await signIn(me.email, me.device, me)
        case .ownRecoveryCode:
            guard case .next(let challenge) = try await signIn.begin(opening, password: me.password, by: me.newDevice)
            else { return nil }
            return try await answer(challenge.handle, me.newDevice, [.recoveryCode(me.recoveryCodes[0].text)])
        case .ownReset: return try await finishReset(me.reset, me.newDevice, me)
        case .foreignFlow: return try await typeEverything(me.foreignFlow, me.device, me)
        case .foreignPendingReset: return try await finishReset(me.foreignReset, me.newDevice, me)
        case .foreignSignIn: return try await signIn(other.email, me.device, me)
        case .foreignReset:
            guard
                case .next(let reset) = try await signIn.reset(
                    SignInOpening(email: other.email, grant: Self.grant), by: me.device)
            else { return nil }
            return try await finishReset(reset.handle, me.device, me)
        }
    }

    private func refresh(_ me: Person) async throws -> AccountID? {
        let recognised = try await sessions.recognise(me.refreshToken, client: TwoPeople.client, origin: nil)
        let issued = try await sessions.refresh(
            recognised,
            RefreshRequest(key: me.device.key, userIdle: .zero, attempt: entropy.bytes(16), origin: nil))
        return try account(of: issued)
    }

    private func signIn(_ email: Email, _ requester: Requester, _ me: Person) async throws -> AccountID? {
        switch try await signIn.begin(
            SignInOpening(email: email, grant: Self.grant), password: me.password, by: requester)
        {
        case .code(let code): return try await account(of: code, requester)
        case .next(let challenge): return try await typeEverything(challenge.handle, requester, me)
        case .addressRestored: return nil
        }
    }

    private func typeEverything(_ handle: String, _ requester: Requester, _ me: Person) async throws -> AccountID? {
        if let account = try? await answer(handle, requester, [.password(me.password)]) { return account }
        return try await answer(handle, requester, me)
    }

    private func answer(_ handle: String, _ requester: Requester, _ me: Person) async throws -> AccountID? {
        for answer in factors(of: me) {
            if let account = try? await self.answer(handle, requester, [answer]) { return account }
        }
        return nil
    }

    private func answer(
        _ handle: String, _ requester: Requester, _ answers: [FlowAnswer]
    ) async throws -> AccountID? {
        let continuation = FlowContinuation(handle: handle, answers: answers)
        guard case .code(let code) = try await signIn.proceed(continuation, by: requester) else { return nil }
        return try await account(of: code, requester)
    }

    /// Types every code from one's own mailbox, then a new password, then one's own factors.
    private func finishReset(_ handle: String, _ requester: Requester, _ me: Person) async throws -> AccountID? {
        let password = SecretString("a new password that \(me.name) chose")
        let dispatcher = MailDispatcher(store: store, transport: mailboxes, clock: clock.clock, entropy: entropy)
        _ = try await dispatcher.drain()
        for code in mailboxes.codes(of: me.email) {
            let answers: [FlowAnswer] = [.emailCode(SecretString(code)), .newPassword(password)]
            let continuation = FlowContinuation(handle: handle, answers: answers)
            switch try await signIn.proceed(continuation, by: requester) {
            case .code(let code): return try await account(of: code, requester)
            case .next(let challenge) where challenge.rejection == nil:
                if let account = try await answer(challenge.handle, requester, me) { return account }
            case .next: continue
            case .addressRestored: return nil
            }
        }
        return nil
    }

    private func factors(of me: Person) -> [FlowAnswer] {
        [
            .oneTimePassword(SecretString(me.totp.code(at: clock.now))), .recoveryCode(me.recoveryCodes[9].text),
        ]
    }

    private func account(of code: String, _ requester: Requester) async throws -> AccountID? {
        let id = SessionID.random(entropy)
        let grant = try await signIn.redeem(
            code: code, client: TwoPeople.client, key: requester.key, verifier: TwoPeople.verifier, session: id,
            source: requester.source, origin: EventOrigin())
        return try account(of: try await sessions.start(grant, id: id, origin: nil))
    }

    /// Whom the gateway would let in: the access token decides, not the answer beside it.
    private func account(of issued: IssuedTokens) throws -> AccountID? {
        try issued.accessToken.withExposedText { try tokens.verify($0, audience: TwoPeople.audience).account }
    }
}
