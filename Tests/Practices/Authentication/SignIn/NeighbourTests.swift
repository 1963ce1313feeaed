import BucklerOTP
import BucklerPrimitives
import Storage
import Testing

@testable import Authentication

/// What others do must not keep a person out, nor fill the record.
@Suite("Neighbours, strangers and the flood")
struct NeighbourTests {
    @Test("a neighbour's twenty flows on known devices keep nobody behind the same address out")
    func favouredFlows() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for device in 20..<24 {
            try await fixture.account("mallory\(device)", device: device)
            for _ in 1...5 {
                let neighbour = try fixture.requester(device: device, network: 500)
                _ = try await fixture.service.begin(fixture.opening("mallory\(device)"), by: neighbour)
                fixture.clock.advance(by: .milliseconds(1))
            }
        }
        let used = try fixture.requester(device: 1, network: 500)
        let known = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: used)
        #expect(known.code != nil)
        let new = try fixture.requester(device: 2, network: 500)
        let first = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: new)
        #expect(first.challenge?.kind == .emailCode)
        // The neighbour goes on: the flow of the one who holds most goes, not the one that has just proven something.
        for device in 20..<24 {
            let neighbour = try fixture.requester(device: device, network: 500)
            _ = try? await fixture.service.begin(fixture.opening("mallory\(device)"), by: neighbour)
        }
        let code = try #require(try await fixture.mailedCode("ada"))
        let last = try await fixture.service.proceed(
            FlowContinuation(handle: first.handle, answers: [.emailCode(code)]), by: new)
        #expect(last.code != nil)
    }

    @Test("attempts beyond thirty a minute do not make addresses count as tried already")
    func evadedAddresses() async throws {
        let fixture = try SignInFixture()
        for attempt in 0..<230 { _ = try? await Self.guess(fixture, "user\(attempt)", attempt) }
        fixture.clock.advance(by: .minutes(1))
        var evaluated = Set<String>()
        for minute in 0..<8 {
            for attempt in 0..<30 {
                let name = "user\(30 + (minute * 30 + attempt) % 200)"
                if (try? await Self.guess(fixture, name, 300 + attempt)) != nil { evaluated.insert(name) }
            }
            fixture.clock.advance(by: .minutes(1))
        }
        // Twenty were counted in the first minute; the ten minutes are not over.
        #expect(evaluated.isEmpty)
    }

    @Test("strangers who guess mailed codes do not use up the owner's, and their mails do not stop the owner's")
    func ownBudgets() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for device in 100..<130 {
            let stranger = try fixture.requester(device: device)
            let handle = try await fixture.service.reset(fixture.opening("ada"), by: stranger).handle
            let wrong = FlowContinuation(handle: handle, answers: [.emailCode(SecretString("AAAA-AAAA"))])
            _ = try await fixture.service.proceed(wrong, by: stranger)
        }
        let mailsBefore = try await fixture.mails().count
        let new = try fixture.requester(device: 2)
        let first = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: new)
        #expect(try await fixture.mails().count == mailsBefore + 1)
        let code = try #require(try await fixture.mailedCode("ada"))
        let last = try await fixture.service.proceed(
            FlowContinuation(handle: first.handle, answers: [.emailCode(code)]), by: new)
        #expect(last.code != nil)
    }

    @Test("while strangers have to wait, what cannot be guessed is taken at once, for every address alike")
    func proofWhileWaiting() async throws {
        let fixture = try SignInFixture()
        let codes = RecoveryCode.makeSet(.seeded(6))
        try await fixture.account("ada", device: 1, totp: TOTPSecret(random: .seeded(5)), recoveryCodes: codes)
        let new = try fixture.requester(device: 2)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: new).handle
        for attempt in 1...9 {
            for name in ["ada", "nobody"] { _ = try await Self.guess(fixture, name, attempt, network: attempt) }
            fixture.clock.advance(by: .seconds(attempt < 9 ? 20 : 0))
        }
        // A flow from before is told to wait, and takes a proof then.
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(16))) {
            try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)]), by: new)
        }
        let outcome = try await fixture.service.proceed(
            FlowContinuation(
                handle: handle, answers: [.recoveryCode(codes[0].text), .password(SignInFixture.password)]), by: new)
        #expect(outcome.code != nil)
        let unknown = try await fixture.service.begin(
            fixture.opening("nobody"), by: try fixture.requester(device: 3))
        #expect(unknown.challenge?.kind == .proof)
    }

    @Test("when the waiting is over, the flow that was told to wait takes the password")
    func passwordAfterWaiting() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for attempt in 1...5 { _ = try await Self.guess(fixture, "ada", attempt, network: attempt) }
        let new = try fixture.requester(device: 2)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: new).handle
        let password = FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)])
        await #expect(throws: SignInError.throttled(retryAfter: .seconds(1))) {
            try await fixture.service.proceed(password, by: new)
        }
        fixture.clock.advance(by: .seconds(1))
        #expect(try await fixture.service.proceed(password, by: new).challenge?.kind == .emailCode)
    }

    @Test("a flood of refused requests leaves one event of each kind, not one each")
    func record() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        for attempt in 0..<200 { _ = try? await Self.guess(fixture, "user\(attempt % 15)", attempt) }
        #expect(try await fixture.reasons().filter { $0 == "signin.source.budget" }.count == 1)
        for attempt in 1...100 { _ = try? await Self.guess(fixture, "ada", attempt, network: 10_000 + attempt) }
        #expect(try await fixture.reasons().filter { $0 == "signin.strangers.wait" }.count == 1)
        let handle = try await fixture.service.begin(
            fixture.opening("eve"), by: try fixture.requester(device: 3)
        ).handle
        let thief = try fixture.requester(device: 4)
        for _ in 1...50 {
            _ = try? await fixture.service.proceed(FlowContinuation(handle: handle, answers: []), by: thief)
        }
        #expect(try await fixture.reasons().filter { $0 == "signin.flow.foreign_key" }.count == 1)
        for index in 0..<100 {
            _ = try? await fixture.redeem(
                Base64URL.encode([UInt8](repeating: UInt8(index), count: 32)), by: thief)
        }
        #expect(try await fixture.reasons().filter { $0 == "code.refused" }.count == 1)
    }

    @Test("one account's known devices have few turns a minute in the known lane, right or wrong")
    func turns() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("mallory", device: 1)
        let phone = try fixture.requester(device: 1)
        for _ in 1...15 {
            _ = try? await fixture.service.begin(
                fixture.opening("mallory"), password: SignInFixture.password, by: phone)
        }
        #expect(fixture.hasher.counted.knownDeviceTurns == 10)
        fixture.clock.advance(by: .minutes(1))
        _ = try await fixture.service.begin(fixture.opening("mallory"), password: SignInFixture.password, by: phone)
        #expect(fixture.hasher.counted.knownDeviceTurns == 11)
    }

    private static func guess(
        _ fixture: SignInFixture, _ name: String, _ attempt: Int, network: Int = 77
    ) async throws -> ChallengeOutcome {
        try await fixture.service.begin(
            fixture.opening(name), password: SignInFixture.wrong,
            by: try fixture.requester(device: 1_000_000 + attempt, network: network))
    }
}
