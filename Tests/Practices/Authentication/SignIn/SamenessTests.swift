import BucklerOTP
import BucklerPrimitives
import Testing

@testable import Authentication

/// I8: known and unknown addresses cost the same operations in the same order.
@Suite("Known and unknown addresses cost the same")
struct SamenessTests {
    /// What one request cost: statements in order, hashes, mails, and the shape of the answer.
    struct Cost: Equatable {
        let statements: [String]
        let hashes: QuickHasher.Counts
        let mails: Int
        let answer: String
    }

    @Test("a first request without password")
    func begin() async throws {
        try await compare { fixture, name, phone in
            try await fixture.service.begin(fixture.opening(name), by: phone)
        }
    }

    @Test("a first request with a wrong password")
    func wrongPassword() async throws {
        try await compare { fixture, name, phone in
            try await fixture.service.begin(fixture.opening(name), password: SignInFixture.wrong, by: phone)
        }
    }

    @Test("a recovery code in the place of the password", arguments: ["3-0000-0000-0000-0000", "no code"])
    func recoveryCodeFirst(code: String) async throws {
        try await compare { fixture, name, phone in
            let handle = try await fixture.service.begin(fixture.opening(name), by: phone).handle
            return try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.recoveryCode(SecretString(code))]), by: phone)
        }
    }

    @Test("a sign-up")
    func signUp() async throws {
        try await compare { fixture, name, phone in
            try await fixture.service.signUp(fixture.opening(name), password: SignInFixture.wrong, by: phone)
        }
    }

    @Test("a wrong code of a sign-up")
    func signUpCode() async throws {
        try await compare { fixture, name, phone in
            let handle = try await fixture.service.signUp(
                fixture.opening(name), password: SignInFixture.wrong, by: phone
            ).handle
            return try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.emailCode(SecretString("1"))]), by: phone)
        }
    }

    @Test("a reset and its wrong code")
    func reset() async throws {
        try await compare { fixture, name, phone in
            let handle = try await fixture.service.reset(fixture.opening(name), by: phone).handle
            return try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.emailCode(SecretString("1"))]), by: phone)
        }
    }

    @Test("the undoing of a change of address, and its wrong code")
    func addressUndo() async throws {
        try await compare { fixture, name, phone in
            let handle = try await fixture.service.undoAddressChange(fixture.opening(name), by: phone).handle
            return try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.emailCode(SecretString("1"))]), by: phone)
        }
    }

    @Test(
        "a proof before the password",
        arguments: [
            FlowAnswer.sendEmailCode, .emailCode(SecretString("123456")), .oneTimePassword(SecretString("123456")),
            .recoveryCode(SecretString("3-0000-0000-0000-0000")), .recoveryCode(SecretString("no code")),
        ])
    func proof(answer: FlowAnswer) async throws {
        try await compare(exhausted: true) { fixture, name, phone in
            let handle = try await fixture.service.begin(fixture.opening(name), by: phone).handle
            return try await fixture.service.proceed(FlowContinuation(handle: handle, answers: [answer]), by: phone)
        }
    }

    private func compare(
        exhausted: Bool = false,
        _ request: @Sendable (SignInFixture, String, Requester) async throws -> ChallengeOutcome
    ) async throws {
        let known = try await cost(of: "ada", exhausted, request)
        let unknown = try await cost(of: "eve", exhausted, request)
        #expect(known == unknown)
        #expect(!known.statements.isEmpty)
    }

    private func cost(
        of name: String, _ exhausted: Bool,
        _ request: @Sendable (SignInFixture, String, Requester) async throws -> ChallengeOutcome
    ) async throws -> Cost {
        let fixture = try SignInFixture()
        try await fixture.account(
            "ada", device: 1, totp: .init(random: .seeded(5)), recoveryCodes: RecoveryCode.makeSet(.seeded(6)))
        if exhausted {
            for attempt in 1...50 {
                let stranger = try fixture.requester(device: 1_000 + attempt)
                _ = try await fixture.service.begin(fixture.opening(name), password: SignInFixture.wrong, by: stranger)
                fixture.clock.advance(by: .seconds(900))
            }
        }
        fixture.hasher.reset()
        let mailsBefore = try await fixture.mails().count
        _ = fixture.statements.take()
        let outcome = try await request(fixture, name, try fixture.requester(device: 2))
        let statements = fixture.statements.take()
        let shape = outcome.challenge.map {
            "\($0.kind) \($0.methods) \($0.expiresIn) \(String(describing: $0.rejection))"
        }
        return Cost(
            statements: statements, hashes: fixture.hasher.counted,
            mails: try await fixture.mails().count - mailsBefore,
            answer: shape ?? "code")
    }
}
