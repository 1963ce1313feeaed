import ArgumentParser
import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `buckler curl /path`: calls the protected API with token and proof, because nobody can type DPoP by hand.
struct CurlCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curl",
        abstract: "Calls the API behind Buckler: signs in once, then adds token and proof to every call.",
        discussion: """
            The session is kept in an encrypted folder below ~/.buckler (or --profile). Questions are asked on standard \
            error and answered on standard input, so the answer of the API stays alone on standard output.
            """)

    @Argument(help: "The path, such as /notes.")
    var path: String

    @Option(name: [.customShort("X"), .long], help: "The method (GET, or POST with --data-raw).")
    var method: String?

    @Option(name: [.customShort("d"), .long], help: "A body, sent as application/json.")
    var dataRaw: String?

    @Flag(name: [.customShort("i"), .long], help: "Prints status and header fields, too.")
    var include = false

    @Option(help: "The server.")
    var server = "https://localhost:8443"

    @Option(help: "The server's data folder, where its development certificate authority is.")
    var data = "./buckler-data"

    @Option(help: "The client id.")
    var client = "buckler-curl"

    @Option(help: "The folder that keeps the session.")
    var profile: String?

    @Option(help: "The address to sign in with; asked for if needed.")
    var email: String?

    @Flag(help: "Makes an account first.")
    var signUp = false

    @Flag(help: "Ends the session instead of calling anything.")
    var signOut = false

    func run() async throws {
        let tool = try ToolTransport(server: server, data: data)
        do {
            try await run(over: tool.transport)
            await tool.shutdown()
        } catch let error as BucklerError {
            await tool.shutdown()
            throw Terminal.end(error.description, exitCode: 1)
        } catch {
            await tool.shutdown()
            throw error
        }
    }

    private func run(over transport: any HTTPTransport) async throws {
        var environment = try BucklerEnvironment.directoryEnvironment(path: folder, transport: transport)
        environment.deviceName = "buckler curl"
        // Whoever runs the command is there.
        environment.presence = ClosurePresence { _ in true }
        let buckler = try BucklerClient(server: server, clientID: client, environment: environment)
        if await buckler.check() == .locked { try await buckler.unlock(reason: "buckler curl") }
        if signOut {
            let outcome = try await buckler.session()?.signOut()
            Terminal.say(outcome == nil ? "nobody was signed in" : "signed out")
            return
        }
        let session: BucklerSession
        if !signUp, let present = await buckler.session() {
            session = present
        } else {
            session = try await SignInDialog(email: email).run(buckler, isNewAccount: signUp)
        }
        await buckler.noteActivity()
        try await call(session)
    }

    private func call(_ session: BucklerSession) async throws {
        guard path.hasPrefix("/"), let url = URL(string: server + path) else {
            throw Terminal.end("the path begins with a slash", exitCode: 64)
        }
        var request = URLRequest(url: url)
        request.httpMethod = method ?? (dataRaw == nil ? "GET" : "POST")
        if let dataRaw {
            request.httpBody = Data(dataRaw.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (body, head) = try await session.api.data(for: request)
        if include {
            Terminal.print("HTTP \(head.statusCode)")
            let fields = head.allHeaderFields.compactMap { name, value in (name as? String).map { "\($0): \(value)" } }
            for field in fields.sorted() { Terminal.print(field) }
            Terminal.print("")
        }
        FileHandle.standardOutput.write(body)
        if body.last != UInt8(ascii: "\n") { Terminal.print("") }
        guard (200..<400).contains(head.statusCode) else { throw ExitCode(22) }
    }

    private var folder: String {
        if let profile { return profile }
        let home = FileManager.default.homeDirectoryForCurrentUser.path
        return home + "/.buckler/" + Hex.encode(Array("\(server) \(client)".utf8))
    }
}

/// Asks a person at a terminal for what the server asks for.
struct SignInDialog {
    var email: String?

    func run(_ buckler: BucklerClient, isNewAccount: Bool) async throws -> BucklerSession {
        let address = try email ?? ask("E-mail: ")
        let password = try askSecretly(isNewAccount ? "New password (15 characters or more): " : "Password: ")
        var step =
            isNewAccount
            ? try await buckler.signUp(email: address, password: password)
            : try await buckler.signIn(email: address, password: password)
        while case .challenge(let challenge) = step {
            if challenge.isRepeated {
                let hint = challenge.kind == .password ? " No account yet? Begin with --sign-up." : ""
                Terminal.say("That was not right.\(hint)")
            } else if let refusal = challenge.refusal {
                Terminal.say(refusal.title)
            }
            switch challenge.kind {
            case .password, .newPassword: step = try await challenge.answer(askSecretly("Password: "))
            case .emailCode: step = try await challenge.answer(ask("Code from the mail: "))
            case .secondFactor: step = try await challenge.answer(ask("Code of your app, or a recovery code: "))
            case .proof where challenge.methods.first == .emailCode:
                step = try await challenge.sendEmailCode()
            case .proof: step = try await challenge.answer(ask("Code: "))
            case .enrolFactor:
                if let uri = challenge.details["otpauth_uri"]?.string { Terminal.say("Add to your app: \(uri)") }
                step = try await challenge.answer(ask("First code of the app: "))
            }
        }
        guard case .signedIn(let session) = step else { throw ExitCode(1) }
        return session
    }

    private func ask(_ question: String) throws -> String {
        FileHandle.standardError.write(Data(question.utf8))
        guard let line = readLine(), !line.isEmpty else { throw Terminal.end("no answer", exitCode: 65) }
        return line
    }

    private func askSecretly(_ question: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try ask(question) }
        var settings = termios()
        tcgetattr(STDIN_FILENO, &settings)
        let former = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        defer {
            var former = former
            tcsetattr(STDIN_FILENO, TCSANOW, &former)
            Terminal.say("")
        }
        return try ask(question)
    }
}
