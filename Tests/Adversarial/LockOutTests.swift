import Authentication
import BucklerOTP
import BucklerPrimitives
import Foundation
import NIOHTTP1
import ServerTestSupport
import TestSupport
import Testing

/// I7: no stranger can keep a person from signing in on a device they have used before.
@Suite(
    "I7: nobody is locked out", .serialized, .timeLimit(.minutes(10)),
    .enabled(
        if: ProcessInfo.processInfo.environment["BUCKLER_LONG_TESTS"] != nil,
        "takes minutes; set BUCKLER_LONG_TESTS to run it"))
struct LockOutTests {
    private static let email = "owner@example.org"

    @Test(
        "100,000 strangers for an hour: the owner signs in at once on the used phone, and on a new one by recovery code"
    )
    func underAttack() async throws {
        let folder = try TemporaryFolder()
        var options = TestServer.Options()
        options.folder = folder.path
        try await TestServer.run(options) { server in
            let phone = try await server.signUp(Self.email)
            let owner = try await phone.enrolAuthenticator(at: server.clock.now)
            let botnet = try Botnet(server)
            let address = try Email(parsing: Self.email)
            let mailsBefore = server.mail.all(to: address).count
            for minute in 0..<60 {
                let attack: @Sendable () async -> Void = {
                    await botnet.attack(minute * 1666..<(minute + 1) * 1666) { number in
                        await Self.strike(botnet, address, number)
                    }
                }
                if minute == 19 || minute == 39 {
                    async let running: Void = attack()
                    try await Self.signInAtOnce(phone, owner.secret, server)
                    await running
                } else {
                    await attack()
                }
                server.clock.advance(by: .minutes(1))
            }
            try await server.deliverMail()
            #expect(server.mail.all(to: address).count - mailsBefore <= 10, "ten mails a day")
            try await Self.signInWithRecoveryCode(server.phone(), owner.recoveryCodes[4])
            try await Self.signInAtOnce(phone, owner.secret, server)
        }
    }

    /// Everything that a stranger can do to an address, in turn.
    private static func strike(_ botnet: Botnet, _ address: Email, _ number: Int) async {
        let sight =
            switch number % 7 {
            case 0: await botnet.begin(address, as: number)
            case 1: await botnet.reset(address, as: number)
            case 2: await botnet.signUp(address, SecretString("a stranger's passphrase"), as: number)
            case 3: await botnet.guessCode(address, .oneTimePassword(SecretString("123456")), as: number)
            case 4: await botnet.guessCode(address, .recoveryCode(SecretString("3-AAAA-AAAA-AAAA-AAAA")), as: number)
            case 5: await botnet.guessCode(address, .sendEmailCode, as: number)
            default: await botnet.guess(address, SecretString("harbour over windmill"), as: number)
            }
        #expect(sight != .entered)
    }

    /// Password and authenticator, with no answer that says to wait.
    private static func signInAtOnce(_ phone: TestPhone, _ secret: TOTPSecret, _ server: TestServer) async throws {
        let begun = try await phone.begin(email, password: TestPhone.password)
        let flow = try #require(begun.json["auth_session"]?.string, "\(begun.status) \(begun.json)")
        #expect(begun.json["challenge"]?.object?["type"]?.string == "second_factor")
        let finished = try await phone.step(flow, [("totp", secret.code(at: server.clock.now))])
        #expect(finished.json["authorization_code"] != nil, "\(finished.status) \(finished.json)")
        try await phone.redeem(finished)
        #expect(try await phone.get("/notes").status == 200)
    }

    private static func signInWithRecoveryCode(_ phone: TestPhone, _ code: String) async throws {
        let begun = try await phone.begin(email, password: nil)
        let flow = try #require(begun.json["auth_session"]?.string, "\(begun.status) \(begun.json)")
        // The strangers hold up every password from an unknown device; what cannot be guessed goes first.
        let held = try await phone.step(flow, [("password", TestPhone.password)])
        #expect(held.status == 429 && held.headers.first(name: "retry-after") != nil, "\(held.status) \(held.json)")
        let finished = try await phone.step(flow, [("recovery_code", code), ("password", TestPhone.password)])
        #expect(finished.json["authorization_code"] != nil, "\(finished.status) \(finished.json)")
        try await phone.redeem(finished)
        #expect(try await phone.get("/notes").status == 200)
    }
}
