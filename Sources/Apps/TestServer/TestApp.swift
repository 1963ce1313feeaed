import Buckler
import BucklerAssembly
import BucklerLinuxTransport
import BucklerPlatformKeys
import BucklerPrimitives
import Foundation
import ServerConfiguration
import TestSupport

/// An app with the real SDK on a phone of its own: a folder with vault and key, TLS to a test's server.
package final class TestApp: Sendable {
    /// The SDK.
    package let client: BucklerClient
    /// What it stores.
    package let secrets: any SecretStore
    private let transport: AsyncHTTPTransport
    private let folder: TemporaryFolder
    private let mail: any TestMailbox

    /// Installs the app for this server; its clocks are the server's.
    package init(_ server: TestServer, clientID: String = "notes-ios") throws {
        guard let transport = AsyncHTTPTransport.development(trusting: server.settings.data + "/dev-ca.pem") else {
            throw TestPhoneFailure(description: "no development certificate")
        }
        self.transport = transport
        folder = try TemporaryFolder(.disk)
        var environment = try BucklerEnvironment.directoryEnvironment(path: folder.path, transport: transport)
        environment.wallClock = server.clock.clock
        secrets = environment.secrets
        client = try BucklerClient(server: server.url, clientID: clientID, environment: environment)
        mail = server.mail
    }

    /// Installs and runs the app; its folder goes with it.
    package static func run<Result: Sendable>(
        _ server: TestServer, _ body: (TestApp) async throws -> Result
    ) async throws -> Result {
        let app = try TestApp(server)
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(app)) } catch { outcome = .failure(error) }
        await app.transport.shutdown()
        return try outcome.get()
    }

    /// A new account, with the code of its mail.
    package func signUp(_ email: String, password: String = TestPhone.password) async throws -> BucklerSession {
        let address = try Email(parsing: email)
        let seen = mail.count(to: address)
        guard case .challenge(let challenge) = try await client.signUp(email: email, password: password),
            let code = await mail.code(to: address, after: seen),
            case .signedIn(let session) = try await challenge.answer(code)
        else { throw TestPhoneFailure(description: "the sign-up of \(email) took another way") }
        return session
    }
}
