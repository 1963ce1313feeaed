import AsyncHTTPClient
import Authentication
import BucklerAssembly
import BucklerPrimitives
import Foundation
import Logging
import ServerConfiguration
import Synchronization
import TestSupport

/// A whole server inside a test: real database, TLS and HTTP, a clock that is moved by hand, mail that is caught.
///
/// ```swift
/// try await TestServer.run { server in
///     let phone = try await server.signUp("ann@example.org")
///     #expect(try await phone.get("/notes").status == 200)
/// }
/// ```
package final class TestServer: Sendable {
    /// What it runs with.
    package let settings: ServerSettings
    /// Its parts.
    package let assembly: ServerAssembly
    /// Moves its time.
    package let clock: ManualClock
    /// What it mailed.
    package let mail: CapturedMail
    /// HTTP/1.1 client that trusts its certificate.
    package let http: HTTPClient
    /// The folder with data and keys.
    package let folder: String
    private let seeds = Mutex<UInt64>(1000)

    /// How a test's server differs.
    package struct Options: Sendable {
        /// Changes the settings before the start.
        package var configure: @Sendable (inout ServerSettings) -> Void = { _ in }
        /// Nil: the cheap hasher.
        package var hasher: (any PasswordHasher)?
        /// The clock's first instant.
        package var start = Timestamp(seconds: 1_767_225_600)
        /// Seeds identifiers, keys and codes.
        package var seed: UInt64 = 7
        /// A folder of an earlier run, to start again on its data.
        package var folder: String?

        /// The usual.
        package init() {}
    }

    /// Starts a server and an echoing upstream, runs `body`, stops both and removes the folder.
    @discardableResult
    package static func run<Result: Sendable>(
        _ options: Options = Options(), _ body: @escaping @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        let own = try options.folder == nil ? TemporaryFolder(.disk) : nil
        defer { withExtendedLifetime(own) {} }
        let folder = own?.path ?? options.folder ?? ""
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            let upstream = Gate()
            tasks.addTask { try await EchoUpstream.run(bound: upstream) }
            await upstream.pass()
            let server = try await TestServer(options, folder: folder, upstreamPort: upstream.port ?? 0)
            let ready = Gate()
            let serving = Task { [assembly = server.assembly] in
                defer { ready.open() }
                try await assembly.run(hearsSignals: false) { _ in ready.open() }
            }
            await ready.pass()
            let outcome = await Swift.Result<Result, any Error>.of { try await body(server) }
            try await server.http.shutdown()
            server.assembly.stop()
            try await serving.value
            tasks.cancelAll()
            return try outcome.get()
        }
    }

    private init(_ options: Options, folder: String, upstreamPort: Int) async throws {
        self.folder = folder
        clock = ManualClock(options.start)
        mail = CapturedMail()
        let entropy = Entropy.seeded(options.seed)
        settings = try Self.settings(options, folder: folder, upstreamPort: upstreamPort)
        var logger = Logger(label: "buckler")
        logger.logLevel = .critical
        assembly = try await ServerAssembly(
            settings: settings,
            environment: ServerEnvironment(
                clock: clock.clock, entropy: entropy, logger: logger,
                passwordHasher: options.hasher ?? CheapPasswordHasher(entropy: entropy), mailTransport: mail,
                mailInterval: .milliseconds(5), drainAnnouncement: .zero))
        http = TestSite.client(trusting: settings.data + "/dev-ca.pem")
    }

    private static func settings(_ options: Options, folder: String, upstreamPort: Int) throws -> ServerSettings {
        let ports = try (FreePort.next(), FreePort.next())
        let flags = [
            ("listen", "127.0.0.1:\(ports.0)"), ("operations.listen", "127.0.0.1:\(ports.1)"),
            ("upstream.url", "http://127.0.0.1:\(upstreamPort)"), ("data", folder + "/data"),
            ("keys", folder + "/keys"),
        ].map { ConfigurationFlag("test", path: $0.0, text: $0.1) }
        var settings = try SettingsFile.load(path: nil, flags: flags, environment: [:], workingFolder: folder)
        settings.trustedProxies = NetworkPrefix(parsing: "127.0.0.1").map { [$0] } ?? []
        options.configure(&settings)
        return settings
    }

    /// What its phones need.
    package var site: TestSite {
        TestSite(url: url, http: http, mail: mail) { [clock] in clock.now }
    }

    /// Its public URL, `https://localhost:port`.
    package var url: String { settings.publicURL.text }

    /// The issuer.
    package var issuer: String { settings.issuer }

    /// A phone with a key of its own that has not signed in.
    package func phone(client: String = "notes-ios") -> TestPhone {
        TestPhone(site: site, seed: seedOfNextPerson(), client: client)
    }

    /// A number that nobody else in this test has.
    func seedOfNextPerson() -> UInt64 {
        seeds.withLock { seed in
            seed += 1
            return seed
        }
    }

    /// A new account, signed in on a new phone.
    package func signUp(
        _ email: String, password: String = TestPhone.password, client: String = "notes-ios"
    ) async throws -> TestPhone {
        let phone = phone(client: client)
        try await phone.signUp(email, password: password)
        return phone
    }
}

extension Result where Failure == any Error {
    fileprivate static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
