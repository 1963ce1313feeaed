import Buckler
import BucklerOTP
import BucklerPrimitives
import ServerTestSupport
import Testing

/// PD-10 from the SDK's calls to the mailbox and back.
@Suite("Addresses through the SDK", .serialized, .timeLimit(.minutes(5)))
struct AddressTests {
    @Test("a second address, a change, and the undo that signs every device out")
    func story() async throws {
        try await TestServer.run { server in
            try await TestApp.run(server) { app in
                let session = try await app.signUp("ann@example.org")
                try await session.requestAddress(
                    "spare@example.org", for: .notify, currentPassword: TestPhone.password)
                #expect(try await session.accountDetails().pendingEmail == "spare@example.org")
                try await session.confirmAddress(code: Self.code(server, "spare@example.org"))
                #expect(try await session.accountDetails().notificationEmail == "spare@example.org")
                try await session.removeNotificationAddress()

                try await session.requestAddress(
                    "new@example.org", for: .primary, currentPassword: TestPhone.password)
                try await session.confirmAddress(code: Self.code(server, "new@example.org"))
                #expect(try await session.accountDetails().email == "new@example.org")

                let seen = server.mail.count(to: try Email(parsing: "ann@example.org"))
                let undo = try await app.client.undoAddressChange(email: "ann@example.org")
                let code = try #require(await server.mail.code(to: try Email(parsing: "ann@example.org"), after: seen))
                try await undo.confirm(code: code)
                await #expect(throws: BucklerError.self) { try await session.accountDetails() }
            }
        }
    }

    @Test("with a second factor the SDK brings the challenge, and goes on after it")
    func stepUp() async throws {
        try await TestServer.run { server in
            try await TestApp.run(server) { app in
                let session = try await app.signUp("ann@example.org")
                let enrolment = try await session.enrolTOTP()
                let secret = try #require(TOTPSecret(base32: enrolment.secret))
                _ = try await enrolment.confirm(code: secret.code(at: server.clock.now))
                server.clock.advance(by: .seconds(31))
                do {
                    try await session.requestAddress("spare@example.org", for: .notify)
                    Issue.record("a password alone was enough")
                } catch BucklerError.needs(let challenge) {
                    guard case .signedIn(let raised) = try await challenge.answer(secret.code(at: server.clock.now))
                    else {
                        Issue.record("the right code was not taken")
                        return
                    }
                    try await raised.requestAddress("spare@example.org", for: .notify)
                    #expect(try await raised.accountDetails().pendingEmail == "spare@example.org")
                }
            }
        }
    }

    private static func code(_ server: TestServer, _ address: String) async throws -> String {
        try #require(await server.mail.code(to: try Email(parsing: address), after: 0))
    }
}
