import BucklerOTP
import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Guessing is slowed, people are not locked out")
struct GuessingTests {
    @Test("strangers share five free failures and then wait, whatever their keys and networks")
    func strangersWait() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for attempt in 1...5 {
            let outcome = try await Self.guess(fixture, "ada", attempt: attempt)
            #expect(outcome.challenge?.rejection != nil)
        }
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(1))) {
            try await Self.guess(fixture, "ada", attempt: 6)
        }
        fixture.clock.advance(by: .seconds(1))
        _ = try await Self.guess(fixture, "ada", attempt: 7)
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(2))) {
            try await Self.guess(fixture, "ada", attempt: 8)
        }
    }

    @Test("addresses without account have the same budgets")
    func unknownAddressesWait() async throws {
        let fixture = try SignInFixture()
        for attempt in 1...5 { _ = try await Self.guess(fixture, "nobody", attempt: attempt) }
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(1))) {
            try await Self.guess(fixture, "nobody", attempt: 6)
        }
    }

    @Test("a thousand simultaneous guesses are not a thousand looks at the password")
    func simultaneousGuesses() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        await withTaskGroup(of: Void.self) { group in
            for attempt in 1...200 { group.addTask { _ = try? await Self.guess(fixture, "ada", attempt: attempt) } }
        }
        #expect(fixture.hasher.counted.comparisons == 5)
    }

    @Test("after fifty failures every address is asked for a proof first, and the password is not looked at")
    func orderOfProofs() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for name in ["ada", "nobody"] {
            try await Self.exhaust(fixture, name)
            let before = fixture.hasher.counted.comparisons
            let outcome = try await fixture.service.begin(
                fixture.opening(name), password: SignInFixture.password, by: try fixture.requester(device: 9_000))
            #expect(outcome.challenge?.kind == .proof)
            #expect(outcome.challenge?.methods == [.emailCode, .totp, .recoveryCode])
            #expect(fixture.hasher.counted.comparisons == before)
        }
    }

    @Test("while 10⁵ sources attack, the owner signs in at once on a used phone, and on a new one with a recovery code")
    func ownerUnderAttack() async throws {
        let fixture = try SignInFixture()
        let codes = RecoveryCode.makeSet(.seeded(6))
        let secret = TOTPSecret(random: .seeded(5))
        try await fixture.account("ada", device: 1, totp: secret, recoveryCodes: codes)
        try await Self.exhaust(fixture, "ada")
        // Each from a network and with a key of its own; one in fifty of the hundred thousand is played.
        for attempt in stride(from: 10_000, to: 110_000, by: 50) {
            _ = try? await Self.guess(fixture, "ada", attempt: attempt)
            if attempt % 1_000 == 0 { fixture.clock.advance(by: .seconds(30)) }
        }
        let used = try fixture.requester(device: 1)
        let first = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: used)
        #expect(first.challenge?.kind == .secondFactor)
        let answer = FlowAnswer.oneTimePassword(SecretString(secret.code(at: fixture.clock.now)))
        #expect(
            try await fixture.service.proceed(FlowContinuation(handle: first.handle, answers: [answer]), by: used).code
                != nil)

        try await Self.exhaust(fixture, "ada")
        let new = try fixture.requester(device: 2)
        let proof = try await fixture.service.begin(fixture.opening("ada"), by: new)
        #expect(proof.challenge?.kind == .proof)
        let outcome = try await fixture.service.proceed(
            FlowContinuation(
                handle: proof.handle, answers: [.recoveryCode(codes[0].text), .password(SignInFixture.password)]),
            by: new)
        let grant = try await fixture.redeem(try #require(outcome.code), by: new)
        #expect(grant.authentication.level == .one && grant.recoveredAt == fixture.clock.now)
    }

    @Test("while strangers make every password wait, a recovery code gets its owner past them on a new phone")
    func recoveryCodeGoesFirst() async throws {
        let fixture = try SignInFixture()
        let codes = RecoveryCode.makeSet(.seeded(6))
        try await fixture.account("ada", device: 1, totp: TOTPSecret(random: .seeded(5)), recoveryCodes: codes)
        for attempt in 1...5 { _ = try await Self.guess(fixture, "ada", attempt: attempt) }
        let new = try fixture.requester(device: 2)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: new).handle
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(1))) {
            try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)]), by: new)
        }
        let wrong = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.recoveryCode(SecretString("3-0000-0000-0000-0000"))]), by: new)
        #expect(wrong.challenge?.kind == .proof && wrong.challenge?.rejection != nil)
        let proven = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.recoveryCode(codes[0].text)]), by: new)
        #expect(proven.challenge?.kind == .password && proven.challenge?.rejection == nil)
        let outcome = try await fixture.service.proceed(
            FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)]), by: new)
        let grant = try await fixture.redeem(try #require(outcome.code), by: new)
        #expect(grant.authentication.level == .one && grant.recoveredAt == fixture.clock.now)
    }

    @Test("strangers who guess authenticator codes before the password do not use up the owner's")
    func authenticatorLanes() async throws {
        let fixture = try SignInFixture()
        let secret = TOTPSecret(random: .seeded(5))
        try await fixture.account("ada", device: 1, totp: secret)
        try await Self.exhaust(fixture, "ada")
        var refused = 0
        for attempt in 200..<240 {
            let stranger = try fixture.requester(device: attempt)
            let handle = try await fixture.service.begin(fixture.opening("ada"), by: stranger).handle
            let wrong = FlowContinuation(handle: handle, answers: [.oneTimePassword(SecretString("000000"))])
            do { _ = try await fixture.service.proceed(wrong, by: stranger) } catch SignInError.throttled {
                refused += 1
            }
        }
        #expect(refused == 20)
        let used = try fixture.requester(device: 1)
        let first = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: used)
        let answer = FlowAnswer.oneTimePassword(SecretString(secret.code(at: fixture.clock.now)))
        #expect(
            try await fixture.service.proceed(FlowContinuation(handle: first.handle, answers: [answer]), by: used).code
                != nil)
    }

    @Test("a known device has ten failures of its own; then it is a stranger like others")
    func knownDeviceBudget() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        for _ in 1...10 {
            let outcome = try await fixture.service.begin(
                fixture.opening("ada"), password: SignInFixture.wrong, by: phone)
            #expect(outcome.challenge?.rejection != nil)
        }
        #expect(fixture.hasher.counted.knownDeviceTurns == 10)
        for _ in 1...5 {
            _ = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.wrong, by: phone)
        }
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(1))) {
            try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.wrong, by: phone)
        }
    }

    @Test("a completed sign-in forgets the failures before it; a right password alone does not")
    func success() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for attempt in 1...5 { _ = try await Self.guess(fixture, "ada", attempt: attempt) }
        fixture.clock.advance(by: .seconds(1))
        let phone = try fixture.requester(device: 50)
        let half = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(half.challenge?.kind == .emailCode)
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(1))) {
            try await Self.guess(fixture, "ada", attempt: 6)
        }
        let code = try #require(try await fixture.mailedCode("ada"))
        let whole = try await fixture.service.proceed(
            FlowContinuation(handle: half.handle, answers: [.emailCode(code)]), by: phone)
        #expect(whole.code != nil)
        for attempt in 11...15 { _ = try await Self.guess(fixture, "ada", attempt: attempt) }
    }

    @Test("one network has thirty attempts a minute, and a person on a used phone in it is not held up")
    func sourceBudget() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for attempt in 0..<30 {
            let guesser = try fixture.requester(device: 100 + attempt, network: 77)
            _ = try await fixture.service.begin(
                fixture.opening("user\(attempt % 10)"), password: SignInFixture.wrong, by: guesser)
        }
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(60))) {
            try await fixture.service.begin(
                fixture.opening("user1"), password: SignInFixture.wrong,
                by: try fixture.requester(device: 500, network: 77))
        }
        let neighbour = try fixture.requester(device: 1, network: 77)
        let outcome = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: neighbour)
        #expect(outcome.code != nil)
    }

    @Test("one network tries twenty addresses in ten minutes, and a refused one stays refused")
    func addressesOfOneSource() async throws {
        let fixture = try SignInFixture()
        for index in 0..<20 {
            fixture.clock.advance(by: .seconds(3))
            _ = try await fixture.service.begin(
                fixture.opening("user\(index)"), password: SignInFixture.wrong,
                by: try fixture.requester(device: index, network: 77))
        }
        for _ in 1...2 {
            await #expect(throws: SignInError.throttled(retryAfter: .seconds(543))) {
                try await fixture.service.begin(
                    fixture.opening("user20"), password: SignInFixture.wrong,
                    by: try fixture.requester(device: 20, network: 77))
            }
        }
        let same = try await fixture.service.begin(
            fixture.opening("user3"), password: SignInFixture.wrong, by: try fixture.requester(device: 21, network: 77))
        #expect(same.challenge?.rejection != nil)
    }

    @Test("budgets are forgotten a day after the last failure")
    func memory() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        try await Self.exhaust(fixture, "ada")
        fixture.clock.advance(by: .hours(24))
        let outcome = try await Self.guess(fixture, "ada", attempt: 999)
        #expect(outcome.challenge?.kind == .password)
        #expect(outcome.challenge?.rejection != nil)
    }

    private static func guess(
        _ fixture: SignInFixture, _ name: String, attempt: Int
    ) async throws -> ChallengeOutcome {
        try await fixture.service.begin(
            fixture.opening(name), password: SignInFixture.wrong, by: try fixture.requester(device: 1_000_000 + attempt)
        )
    }

    /// Uses up the strangers' budget of an address.
    private static func exhaust(_ fixture: SignInFixture, _ name: String) async throws {
        for attempt in 1...50 {
            _ = try await guess(fixture, name, attempt: attempt)
            fixture.clock.advance(by: .seconds(900))
        }
    }
}
