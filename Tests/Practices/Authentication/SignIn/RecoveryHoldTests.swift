import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import Testing

@testable import Authentication

/// PD-12: the mailbox alone opens nothing at once; after a hold that everybody heard of it does.
@Suite("Recovery hold")
struct RecoveryHoldTests {
    private static let fresh = SecretString("a lighthouse in the fog")
    private static let totp = TOTPSecret(random: .seeded(5))

    static let table: [(Int, RecoveryHold.Phase)] = [
        (0, .waiting), (259_199, .waiting), (259_200, .open), (259_201, .open), (863_999, .open), (864_000, .lapsed),
        (864_001, .lapsed),
    ]

    @Test("a hold waits for 72 hours, is open for 7 days, and lapses: each to the second", arguments: table)
    func phases(seconds: Int, phase: RecoveryHold.Phase) {
        let start = Timestamp(seconds: 1_800_000_000)
        #expect(RecoveryHold(startedAt: start).phase(at: start + .seconds(seconds)) == phase)
    }

    @Test("each subset of proofs, with each state of a hold", arguments: RecoveryProof.subsets)
    func subsets(proofs: Set<RecoveryProof>) {
        for hold in [RecoveryHold.Phase.waiting, .open, .lapsed, nil] {
            let isAllowed = RecoveryPolicy.isAllowed(level: .two, proofs: proofs, hold: hold)
            #expect(isAllowed == (proofs.count >= 2 || (hold == .open && proofs == [.emailCode])), "\(proofs)")
            #expect(RecoveryPolicy.isAllowed(level: .one, proofs: proofs, hold: hold) == proofs.contains(.emailCode))
        }
    }

    @Test("it begins once, tells the mailbox, and asking again moves nothing")
    func begins() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", totp: Self.totp)
        let start = fixture.clock.now
        try await Self.ask(fixture, device: 2)
        #expect(try await fixture.subjects("ada").last == "Your account is being recovered")
        fixture.clock.advance(by: .hours(2))
        try await Self.ask(fixture, device: 3, expecting: RecoveryHold(startedAt: start))
        #expect(try await fixture.subjects("ada").filter { $0 == "Your account is being recovered" }.count == 1)
        #expect(
            try await fixture.reasons().filter { $0.hasPrefix("recovery.") } == [
                "recovery.hold_started", "recovery.needs_proof",
            ])
        #expect(fixture.sessions.ended.isEmpty)
    }

    @Test("one second before its end the mailbox still opens nothing")
    func tooEarly() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", totp: Self.totp)
        try await Self.ask(fixture, device: 2)
        fixture.clock.advance(by: RecoveryHold.length - .seconds(1))
        let outcome = try await Self.reset(fixture, device: 3)
        #expect(outcome.challenge?.kind == .secondFactor)
        #expect(outcome.challenge?.recovery != nil)
        #expect(fixture.sessions.ended.isEmpty)
    }

    @Test("at its end the mailed code completes the reset: factors go, sessions end, level 1")
    func completes() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account(
            "ada", device: 1, totp: Self.totp, recoveryCodes: RecoveryCode.makeSet(.seeded(6)))
        try await Self.ask(fixture, device: 2)
        fixture.clock.advance(by: RecoveryHold.length)
        let outcome = try await Self.reset(fixture, device: 3)
        let phone = try fixture.requester(device: 3)
        let grant = try await fixture.redeem(try #require(outcome.code), by: phone)
        #expect(grant.authentication.level == .one)
        #expect(grant.authentication.amr == ["email", "pwd"])
        #expect(fixture.sessions.ended == [account])
        #expect(fixture.sessions.reasons == [.recovered])
        let record = try #require(try await fixture.repository.read { try $0.account(account) })
        #expect(record.factors.isEmpty && record.recoveryCodesLeft == 0 && record.hold == nil)
        #expect(
            try await fixture.subjects("ada").suffix(2) == [
                "Your password was changed", "Your account was recovered",
            ])
        #expect(try await fixture.reasons().contains("recovery.hold_completed"))
    }

    @Test("a week after its end it counts for nothing, and a new one begins")
    func lapses() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", totp: Self.totp)
        try await Self.ask(fixture, device: 2)
        fixture.clock.advance(by: RecoveryHold.length + RecoveryHold.window)
        #expect(try await Self.reset(fixture, device: 3).challenge?.kind == .secondFactor)
        try await Self.ask(fixture, device: 4, expecting: RecoveryHold(startedAt: fixture.clock.now))
    }

    @Test("what it ends with must stand alone: a short password is refused")
    func shortPassword() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", totp: Self.totp)
        try await Self.ask(fixture, device: 2)
        fixture.clock.advance(by: RecoveryHold.length)
        await #expect(throws: SignInError.passwordRefused(.tooShort(minimum: 15))) {
            try await Self.reset(fixture, device: 3, password: SecretString("vqzt-mw9"))
        }
    }

    @Test("a short password that was typed before the end is asked for again after it")
    func endsWithinTheFlow() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", totp: Self.totp)
        try await Self.ask(fixture, device: 2)
        fixture.clock.advance(by: RecoveryHold.length - .seconds(1))
        let half = try await Self.reset(fixture, device: 3, password: SecretString("vqzt-mw9"))
        #expect(half.challenge?.kind == .secondFactor)
        fixture.clock.advance(by: .seconds(1))
        let phone = try fixture.requester(device: 3)
        let again = try await fixture.service.proceed(
            FlowContinuation(handle: half.handle, answers: [.recover]), by: phone)
        #expect(again.challenge?.kind == .newPassword)
        let whole = try await fixture.service.proceed(
            FlowContinuation(handle: half.handle, answers: [.newPassword(Self.fresh)]), by: phone)
        #expect(whole.code != nil)
        #expect(try await fixture.repository.read { try $0.account(account) }?.passwordClass == .standard)
    }

    @Test("a session on an old phone, of whatever level, cancels it", arguments: [AuthenticationLevel.one, .two])
    func cancelledBySession(level: AuthenticationLevel) async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", totp: Self.totp)
        try await Self.ask(fixture, device: 2)
        let accounts = fixture.accounts()
        let actor = AccountActor(
            account: account, session: .random(.seeded(40)), key: try fixture.requester(device: 1).key, level: level,
            origin: EventOrigin())
        fixture.clock.advance(by: RecoveryHold.length - .seconds(1))
        #expect(try await accounts.overview(actor).recovery != nil)
        try await accounts.cancelRecovery(actor)
        #expect(try await accounts.overview(actor).recovery == nil)
        #expect(try await fixture.subjects("ada").last == "The recovery was cancelled")
        await #expect(throws: AccountError.noRecovery) { try await accounts.cancelRecovery(actor) }
        #expect(try await fixture.reasons().suffix(2) == ["recovery.cancelled_by_session", "recovery.none_pending"])
        fixture.clock.advance(by: .seconds(1))
        #expect(try await Self.reset(fixture, device: 3).challenge?.kind == .secondFactor)
    }

    @Test("the mailbox cancels it, within a reset")
    func cancelledByMailbox() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", totp: Self.totp)
        let handle = try await Self.ask(fixture, device: 2)
        let phone = try fixture.requester(device: 2)
        let cancel = FlowContinuation(handle: handle, answers: [.cancelRecovery])
        let outcome = try await fixture.service.proceed(cancel, by: phone)
        #expect(outcome.challenge?.kind == .secondFactor)
        #expect(outcome.challenge?.recovery == nil)
        #expect(try await fixture.subjects("ada").last == "The recovery was cancelled")
        // Once more is nothing.
        _ = try await fixture.service.proceed(cancel, by: phone)
        #expect(try await fixture.reasons().filter { $0 == "recovery.cancelled_by_mailbox" }.count == 1)
        fixture.clock.advance(by: RecoveryHold.length)
        #expect(try await Self.reset(fixture, device: 3).challenge?.kind == .secondFactor)
    }

    @Test("a sign-in of level 2 cancels it; one that stops at the password does not")
    func cancelledBySignIn() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1, totp: Self.totp)
        try await Self.ask(fixture, device: 2)
        let phone = try fixture.requester(device: 1)
        let half = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(try await fixture.repository.read { try $0.account(account) }?.hold != nil)
        let code = FlowAnswer.oneTimePassword(SecretString(Self.totp.code(at: fixture.clock.now)))
        let whole = try await fixture.service.proceed(FlowContinuation(handle: half.handle, answers: [code]), by: phone)
        #expect(whole.code != nil)
        #expect(try await fixture.repository.read { try $0.account(account) }?.hold == nil)
        #expect(try await fixture.reasons().contains("recovery.cancelled_by_sign_in"))
    }

    @Test("a reset with two proofs cancels it and keeps the factors")
    func cancelledByReset() async throws {
        let fixture = try SignInFixture()
        let account = try await fixture.account("ada", device: 1, totp: Self.totp)
        let handle = try await Self.ask(fixture, device: 2)
        let code = FlowAnswer.oneTimePassword(SecretString(Self.totp.code(at: fixture.clock.now)))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [code]), by: fixture.requester(device: 2))
        #expect(outcome.code != nil)
        let record = try #require(try await fixture.repository.read { try $0.account(account) })
        #expect(record.hold == nil && record.factors.count == 1)
        #expect(fixture.sessions.reasons == [.passwordReset])
        #expect(try await fixture.reasons().contains("recovery.cancelled_by_reset"))
    }

    @Test("of completion and cancellation at the same instant one wins, and nothing is half done")
    func race() async throws {
        for round in 0..<8 {
            let fixture = try SignInFixture()
            let account = try await fixture.account("ada", totp: Self.totp)
            try await Self.ask(fixture, device: 2)
            fixture.clock.advance(by: RecoveryHold.length)
            let actor = AccountActor(
                account: account, session: .random(.seeded(40)), key: try fixture.requester(device: 1).key, level: .one,
                origin: EventOrigin())
            let phone = try fixture.requester(device: 3 + round)
            let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
            let code = try #require(try await fixture.mailedCode("ada"))
            let answers: [FlowAnswer] = [.emailCode(code), .newPassword(Self.fresh)]
            async let outcome = fixture.service.proceed(FlowContinuation(handle: handle, answers: answers), by: phone)
            async let isCancelled: Bool = {
                do { try await fixture.accounts().cancelRecovery(actor) } catch { return false }
                return true
            }()
            let (reset, cancelled) = (try await outcome, await isCancelled)
            #expect((reset.code != nil) != cancelled)
            let record = try #require(try await fixture.repository.read { try $0.account(account) })
            #expect(record.factors.isEmpty == !cancelled && record.hold == nil)
        }
    }

    @Test("an account without a second factor has nothing to wait for")
    func levelOne() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada")
        let phone = try fixture.requester(device: 2)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(code), .recover]), by: phone)
        #expect(outcome.challenge?.kind == .newPassword)
        #expect(outcome.challenge?.recovery == nil)
    }

    /// Types the mailed code and the new password, as a person who has nothing else.
    @discardableResult
    private static func reset(
        _ fixture: SignInFixture, device: Int, password: SecretString = fresh
    ) async throws -> ChallengeOutcome {
        let phone = try fixture.requester(device: device)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        return try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.emailCode(code), .newPassword(password)]), by: phone)
    }

    /// Says in a reset that nothing else is at hand.
    @discardableResult
    private static func ask(
        _ fixture: SignInFixture, device: Int, expecting hold: RecoveryHold? = nil
    ) async throws -> String {
        let handle = try await reset(fixture, device: device).handle
        let expected = hold ?? RecoveryHold(startedAt: fixture.clock.now)
        await #expect(throws: SignInError.recoveryNeedsProof(expected)) {
            try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.recover]), by: try fixture.requester(device: device))
        }
        return handle
    }
}

extension RecoveryProof {
    /// All eight.
    static var subsets: [Set<RecoveryProof>] {
        (0..<8).map { bits in Set(allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element)) }
    }
}
