import Buckler
import BucklerLinuxTransport
import BucklerPrimitives
import Foundation
import ServerTestSupport
import Testing

/// The real SDK listens to the real server while other phones act.
@Suite("The account's event stream", .timeLimit(.minutes(5)))
struct AccountEventsTests {
    private struct Unexpected: Error {}

    /// Lends a phone with the SDK, signed up as `email`.
    private static func withPhone(
        _ server: TestServer, _ email: String, _ body: (BucklerClient) async throws -> Void
    ) async throws {
        let transport = try #require(
            AsyncHTTPTransport.development(trusting: server.folder + "/data/dev-ca.pem"))
        do {
            try await body(try await signedUp(server, email, transport))
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
    }

    private static func signedUp(
        _ server: TestServer, _ email: String, _ transport: AsyncHTTPTransport
    ) async throws -> BucklerClient {
        let client = try BucklerClient(
            server: server.url, clientID: "notes-ios",
            environment: try .directoryEnvironment(path: server.folder + "/phone", transport: transport))
        let step = try await client.signUp(email: email, password: TestPhone.password)
        guard case .challenge(let challenge) = step else { throw Unexpected() }
        let code = try #require(await server.mail.code(to: try Email(parsing: email), after: 0))
        guard case .signedIn = try await challenge.answer(code) else { throw Unexpected() }
        return client
    }

    @Test("a sign-in elsewhere is heard; an end from there comes signed, ends the stream and is obeyed")
    func story() async throws {
        try await TestServer.run { server in
            try await Self.withPhone(server, "ann@example.org") { client in
                let session = try #require(await client.session())
                var events = try await client.listen().makeAsyncIterator()

                let other = server.phone()
                try await other.signIn("ann@example.org")
                let heard = try #require(try await events.next())
                #expect(heard.kind == .signedIn && heard.session == other.memory.session)
                #expect(heard.clientID == "notes-ios" && heard.device?.hasPrefix("dev_") == true)
                #expect(heard.session != session.id)

                let ended = try await other.send(
                    "POST", "/buckler/account/sessions/end-others", accessToken: other.memory.accessToken)
                #expect(ended.status == 200)
                #expect(try await events.next() == nil)
                #expect(await client.check() == .signedOut(.ended(reason: "ended_by_person")))
            }
        }
    }

    @Test("strangers' acts are not heard, factors and passwords are")
    func factors() async throws {
        try await TestServer.run { server in
            try await Self.withPhone(server, "ann@example.org") { client in
                var events = try await client.listen().makeAsyncIterator()
                _ = try await server.signUp("bea@example.org")
                let other = server.phone()
                try await other.signIn("ann@example.org")
                #expect(try await events.next()?.kind == .signedIn)
                let changed = try await other.post(
                    json: [
                        "current_password": .string(TestPhone.password),
                        "new_password": "nine lamps over a quiet harbour",
                        "sign_out_others": false,
                    ], to: "account/password", authorized: true)
                #expect(changed.status == 204)
                #expect(try await events.next()?.kind == .passwordChanged)
            }
        }
    }

    @Test("without a session nobody listens; listening has one method")
    func refused() async throws {
        try await TestServer.run { server in
            let stranger = try await server.phone().send("GET", "/buckler/account/events")
            #expect(stranger.status == 401)
            let phone = try await server.signUp("cleo@example.org")
            #expect(try await phone.send("POST", "/buckler/account/events").status == 405)
        }
    }
}
