import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import TestSupport
import Testing

@testable import Authentication

/// Ada's account with a live session, and the verbs about its addresses.
struct AddressFixture {
    let fixture: SignInFixture
    let account: AccountID
    let accounts: AccountService

    /// Makes the account; with an authenticator app if `hasFactor`.
    init(hasFactor: Bool = false) async throws {
        fixture = try SignInFixture()
        account = try await fixture.account("ada", device: 1, totp: hasFactor ? TOTPSecret(random: .seeded(5)) : nil)
        accounts = fixture.accounts()
    }

    /// The owner in a session of `level`, whose sign-in or step-up is `age` old.
    func actor(_ level: AuthenticationLevel = .two, age: Duration = .zero) throws -> AccountActor {
        AccountActor(
            account: account, session: .random(.seeded(40)), key: try fixture.requester(device: 1).key, level: level,
            authenticatedAt: fixture.clock.now - age, origin: EventOrigin())
    }

    func ask(_ name: String, for purpose: AccountContacts.Purpose = .primary) async throws {
        try await accounts.requestAddress(
            actor(), fixture.email(name), for: purpose, password: SignInFixture.password)
    }

    func confirm(_ name: String) async throws {
        try await accounts.confirmAddress(actor(), code: try #require(try await fixture.mailedCode(name)))
    }

    /// Types codes at the same time; answers nil for each that was right.
    func confirm(_ attempts: [(AccountActor, SecretString)]) async -> [AccountError?] {
        let accounts = accounts
        return await withTaskGroup(of: AccountError?.self) { group in
            for (actor, code) in attempts {
                group.addTask {
                    do throws(AccountError) {
                        try await accounts.confirmAddress(actor, code: code)
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    func change(to name: String) async throws {
        try await ask(name)
        try await confirm(name)
    }

    func addSecond(_ name: String) async throws {
        try await ask(name, for: .notify)
        try await confirm(name)
    }

    /// Asks for the undo with an address and types the code that came there.
    func undo(_ name: String, device: Int = 9) async throws -> ChallengeOutcome {
        let phone = try fixture.requester(device: device)
        let asked = try await fixture.service.undoAddressChange(fixture.opening(name), by: phone)
        let code = try #require(try await fixture.mailedCode(name))
        return try await fixture.service.proceed(
            FlowContinuation(handle: asked.handle, answers: [.emailCode(code)]), by: phone)
    }

    /// The account's address, as its part before the domain.
    func address() async throws -> String {
        let email = try await accounts.overview(actor()).email
        return String(email.canonical.prefix { $0 != "@" })
    }

    func lastSubject(_ name: String) async throws -> String? { try await fixture.subjects(name).last }
}
