import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import DataProtection
import SQLiteDriver
import Sessions
import Storage
import TestSupport
import Testing

@testable import Authentication

/// T3, during sign-in: the interceptor puts its own key in the place of the phone's, in one step or in all.
@Suite("Key swap during sign-in")
struct KeySwapTests {
    @Test("shown: who swaps the key in every step owns the session, and the owner gets mail")
    func everyStep() async throws {
        let scene = try await KeySwapScene()
        let code = try await scene.signIn(first: scene.proxy, second: scene.proxy)
        let tokens = try await scene.redeem(code, by: scene.proxy)
        let server = scene.server
        let theirs = try scene.proxy.proof(for: "/notes", token: tokens.access, at: server)
        #expect(server.get("/notes", token: tokens.access, proof: theirs) == .passed(scene.account))
        let own = try scene.phone.proof(for: "/notes", token: tokens.access, at: server)
        #expect(
            !server.get("/notes", token: tokens.access, proof: own).hasPassed, "the swap shows when the proxy is gone")
        #expect(
            try await scene.mails().count == 2, "the code that an unknown key needs, and the notice of the new device")
    }

    @Test("a key swapped after the first step is refused, and the flow goes on for the phone")
    func afterFirstStep() async throws {
        let scene = try await KeySwapScene()
        await #expect(throws: SignInError.flowGone) {
            _ = try await scene.signIn(first: scene.phone, second: scene.proxy)
        }
        #expect(try await scene.signIn(first: scene.phone, second: scene.phone).isEmpty == false)
    }

    @Test("a key swapped at the code is refused and does not spend it")
    func atTheCode() async throws {
        let scene = try await KeySwapScene()
        let code = try await scene.signIn(first: scene.phone, second: scene.phone)
        await #expect(throws: CodeError.refused) { _ = try await scene.redeem(code, by: scene.proxy) }
        let tokens = try await scene.redeem(code, by: scene.phone)
        let proof = try scene.phone.proof(for: "/notes", token: tokens.access, at: scene.server)
        #expect(scene.server.get("/notes", token: tokens.access, proof: proof) == .passed(scene.account))
    }

    @Test("a flow of the interceptor's, finished by what the person typed into the app, opens nothing")
    func mixedFlow() async throws {
        let scene = try await KeySwapScene()
        await #expect(throws: SignInError.flowGone) {
            _ = try await scene.signIn(first: scene.proxy, second: scene.phone)
        }
    }
}

/// A person's account, the phone, the proxy, and the sign-in service in front of the sessions.
private struct KeySwapScene {
    let server: AdversarialServer
    let phone = SoftwareDevice(seed: 401)
    let proxy = SoftwareDevice(seed: 402)
    let account: AccountID
    private let people: SignInService
    private let repository: any AuthenticationStore
    private let email: Email

    private static let password = SecretString("windmill over harbour")
    private static let verifier = String(repeating: "v", count: 43)

    init() async throws {
        server = try await AdversarialServer()
        email = try Email(parsing: "ada@example.com")
        account = .random(server.entropy)
        let keys = TestKeys()
        repository = AuthenticationRepository(
            database: server.database.database, keyRing: keys.ring, dataKeys: keys.accountKeys,
            clock: server.time.clock,
            entropy: server.entropy)
        let client = try #require(
            SignInClient(id: server.client, scopes: ["notes"], audiences: [AdversarialServer.audience]))
        people = SignInService(
            store: repository, hasher: PlainHasher(),
            passwords: PasswordPolicy(serviceName: "Notes", breached: NoBreachedPasswords()),
            sessions: NoSessionEnder(),
            mails: MailTemplates(serviceName: MailHeaderText("Notes")), clients: SignInClients([client]),
            verifier: keys.ring.mac(.verifier), throttle: keys.ring.mac(.throttle), clock: server.time.clock,
            entropy: server.entropy)
        let stored = try await PlainHasher().hash(Self.password)
        let (id, address, now) = (account, email, server.time.now)
        try await repository.write { transaction in
            try transaction.createAccount(
                NewAccount(id: id, email: address, passwordVerifier: stored, passwordClass: .standard), at: now)
        }
    }

    /// E-mail and password in the first step, the mailed code in the second; each under the key that proved it.
    func signIn(first: SoftwareDevice, second: SoftwareDevice) async throws -> String {
        let challenge = Base64URL.encode(Array(SHA256.hash(data: Array(Self.verifier.utf8))))
        let grant = RequestedGrant(codeChallenge: challenge, codeChallengeMethod: "S256")
        let outcome = try await people.begin(
            SignInOpening(email: email, grant: grant), password: Self.password, by: requester(first))
        guard case .next(let step) = outcome else { throw StoreError.inconsistent }
        let mailed = try #require(try await mails().last?.text)
        let code = try #require(
            mailed.withExposedText { text in
                text.firstMatch(of: /(?m)^\s*(\d{6}|[0-9A-Z]{4}-[0-9A-Z]{4})\s*$/).map { String($0.1) }
            })
        let answer = FlowContinuation(handle: step.handle, answers: [.emailCode(SecretString(code))])
        guard case .code(let text) = try await people.proceed(answer, by: requester(second)) else {
            throw StoreError.inconsistent
        }
        return text
    }

    func redeem(_ code: String, by device: SoftwareDevice) async throws -> IssuedTokens {
        let session = SessionID.random(server.entropy)
        let grant = try await people.redeem(
            code: code, client: server.client, key: device.thumbprint, verifier: Self.verifier, session: session,
            source: .loopback, origin: EventOrigin())
        return try await server.sessions.start(grant, id: session, origin: nil)
    }

    /// What waits to be sent, oldest first.
    func mails() async throws -> [MailMessage] {
        let later = server.time.now + .days(1)
        return try await repository.read { try $0.dueMail(at: later, limit: 100) }.compactMap { $0.mail?.message }
    }

    private func requester(_ device: SoftwareDevice) -> Requester {
        Requester(client: server.client, key: device.thumbprint, source: .loopback, origin: EventOrigin())
    }
}

/// A verifier that costs nothing: these tests are about keys, not about passwords.
private struct PlainHasher: PasswordHasher {
    func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        SecretString("plain:" + password.withExposedBytes { Base64URL.encode(Array(SHA256.hash(data: $0))) })
    }

    func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        try await hash(password, lane: lane) == phc ? .match(needsRehash: false) : .mismatch
    }

    func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {}
}

/// Sign-in ends no sessions here.
private struct NoSessionEnder: SessionEnder {
    func announce(_ signOut: AccountSignOut) {}
}
