import Buckler
import BucklerJOSE
import BucklerOTP
import BucklerPlatformKeys
import BucklerPrimitives
import Crypto
import Foundation

/// What did not go as told.
struct DemoDifference: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The story of the shield: Ann signs up on one device and in on another, one signs the other out, thieves get nothing.
struct DemoStory {
    let server: String
    let data: String
    let folder: String
    let transport: any HTTPTransport

    private let email = "ann.\(Hex.encode(Entropy.system.bytes(5)))@example.com"
    private let password = "demo \(Hex.encode(Entropy.system.bytes(8))) horse"
    private let draft = VaultItem("draft", purpose: "an unsent note")

    init(server: String, data: String, folder: String, transport: any HTTPTransport) {
        self.server = server
        self.data = data
        self.folder = folder
        self.transport = transport
    }

    func play() async throws {
        let phone = try DemoDevice("Ann's phone", self.folder + "/phone", server, transport)
        let tablet = try DemoDevice("Ann's tablet", self.folder + "/tablet", server, transport)

        chapter("A stranger at the gate")
        try await strangerIsRefused()
        chapter("Ann signs up on her phone")
        let phoneSession = try await signUp(phone)
        try await callNotes(phoneSession, "phone")
        try await phoneSession.vault.save(SecretBytes("dear diary".utf8), as: draft)
        tell("an unsent note is in the phone's vault, for as long as the session lives")
        let secret = try await enrol(phoneSession)
        chapter("Ann signs in on her tablet")
        let tabletSession = try await signIn(tablet, secret)
        try await callNotes(tabletSession, "tablet")
        chapter("A thief listens")
        try await replay(phone)
        chapter("The tablet signs the phone out")
        try await signOutRemotely(tabletSession, phone, phoneSession)
        chapter("A refresh token is stolen")
        try await stealRefreshToken(tablet, tabletSession)
        chapter("Cleaning up")
        try await cleanUp(phone, tablet)
    }

    // MARK: the chapters

    private func strangerIsRefused() async throws {
        let response = try await transport.send(TransportRequest(method: "GET", url: server + "/notes"))
        try expect(response.status == 401, "GET /notes without a token answered \(response.status)")
        try expect(
            response.header("Content-Type")?.hasPrefix("application/problem+json") == true, "no problem document")
        try expect(response.header("WWW-Authenticate")?.hasPrefix("DPoP") == true, "no DPoP challenge")
        try expect(response.header("X-Content-Type-Options") == "nosniff", "secure headers are missing")
        tell("GET /notes without a token: 401, problem+json, secure headers")
    }

    private func signUp(_ phone: DemoDevice) async throws -> BucklerSession {
        let begin = mailbox.now
        guard case .challenge(let challenge) = try await phone.client.signUp(email: email, password: password),
            challenge.kind == .emailCode
        else { throw DemoDifference("sign-up did not ask for the mailed code") }
        tell("202, the same for every address; a code is on its way to \(email)")
        let code = try await mailbox.code(to: email, since: begin)
        tell("the mail lies in \(data)/mail: code \(code)")
        guard case .signedIn(let session) = try await challenge.answer(code) else {
            throw DemoDifference("the right code did not sign in")
        }
        tell("signed in: session \(session.id), bound to a key that only this phone has")
        return session
    }

    private func callNotes(_ session: BucklerSession, _ device: String) async throws {
        let answer = try await session.api.get("/notes", as: NotesPage.self)
        try expect(answer.person == session.account, "the API saw \(answer.person) instead of \(session.account)")
        tell("GET /notes from the \(device), with token and proof: 200; the API sees \(answer.person)")
    }

    private func enrol(_ session: BucklerSession) async throws -> TOTPSecret {
        let enrolment = try await session.enrolTOTP()
        if let qr = enrolment.qrText { Terminal.print(qr) }
        guard let secret = TOTPSecret(base32: enrolment.secret) else {
            throw DemoDifference("the authenticator's secret is not Base32")
        }
        tell("an authenticator app would scan this code; the demo is one itself")
        let codes = try await enrolment.confirm(code: secret.code(at: WallClock.system.now))
        try expect(codes.count == 10, "\(codes.count) recovery codes instead of 10")
        tell("second factor enrolled, ten recovery codes handed out once")
        return secret
    }

    private func signIn(_ tablet: DemoDevice, _ secret: TOTPSecret) async throws -> BucklerSession {
        let step = try await tablet.client.signIn(email: email, password: password)
        guard case .challenge(let challenge) = step, challenge.kind == .secondFactor else {
            throw DemoDifference("the second factor was not asked for")
        }
        tell("right password; now the second factor: \(challenge.methods.map(\.rawValue).joined(separator: " or "))")
        guard case .challenge(let again) = try await challenge.answer("000000"), again.isRepeated else {
            throw DemoDifference("a wrong code was not refused")
        }
        tell("a wrong code is refused, and says how often one may still try")
        // The present step's code was used at the enrolment, and a used step is refused; the next one is in the window.
        let next = WallClock.system.now + .seconds(30)
        guard case .signedIn(let session) = try await again.answer(secret.code(at: next)) else {
            throw DemoDifference("the right code did not sign in")
        }
        tell("signed in at \(session.level) by \(session.methods.joined(separator: ", "))")
        return session
    }

    private func replay(_ phone: DemoDevice) async throws {
        guard let captured = phone.recorder.lastCall else { throw DemoDifference("no call was captured") }
        let response = try await transport.send(captured)
        try expect(response.status == 401, "a replayed request answered \(response.status)")
        tell("a captured request, token and proof and all, sent again: 401 \(response.header("Buckler-Problem") ?? "")")
    }

    private func signOutRemotely(
        _ tabletSession: BucklerSession, _ phone: DemoDevice, _ phoneSession: BucklerSession
    ) async throws {
        let sessions = try await tabletSession.sessions()
        try expect(sessions.count == 2, "\(sessions.count) sessions instead of 2")
        let names = sessions.map { ($0.deviceName ?? "?") + ($0.isCurrent ? " (this one)" : "") }
        tell("sessions: \(names.joined(separator: ", "))")
        try await tabletSession.endSession(phoneSession.id)
        tell("the phone's session is ended")
        do {
            _ = try await phoneSession.api.get("/notes", as: NotesPage.self)
            throw DemoDifference("the phone's call went through")
        } catch BucklerError.signedOut(let reason) {
            guard case .ended = reason else { throw DemoDifference("refused without a signed notice: \(reason)") }
            tell("the phone's next call is refused with a notice that the server signed (\(reason))")
        }
        let left = try phone.secrets.names().filter { $0 != "install" }
        try expect(left.isEmpty, "the phone's vault still holds \(left)")
        tell("the phone has wiped its vault: tokens and the unsent note are gone")
    }

    private func stealRefreshToken(_ tablet: DemoDevice, _ session: BucklerSession) async throws {
        guard let token = tablet.recorder.lastRefreshToken else { throw DemoDifference("no refresh token was seen") }
        let answer = try await DemoThief(server: server, transport: transport).refresh(with: token)
        try expect(answer.status == 400, "a stolen refresh token answered \(answer.status)")
        try expect(
            answer.body.contains("invalid_grant"), "a stolen refresh token was refused otherwise: \(answer.body)")
        try expect(
            !answer.body.contains("session_end") && !answer.body.contains("session."), "the thief learnt a reason")
        tell("under the thief's own key it buys nothing, and he learns no reason: invalid_grant")
        do {
            _ = try await session.api.get("/notes", as: NotesPage.self)
            throw DemoDifference("the session went on after its token was used elsewhere")
        } catch BucklerError.signedOut(let reason) {
            tell("the tablet has to sign in again (\(reason)): a live token in foreign hands ends its session")
        }
    }

    private func cleanUp(_ phone: DemoDevice, _ tablet: DemoDevice) async throws {
        for device in [phone, tablet] {
            guard case .signedOut = await device.client.check() else {
                throw DemoDifference("\(device.name) is not signed out")
            }
        }
        tell("both devices are signed out, their folders removed; \(email) stays in the development database")
    }

    // MARK: telling

    private var mailbox: DemoMailbox { DemoMailbox(folder: data + "/mail") }
    private func chapter(_ title: String) { Terminal.print("\n\(title)") }
    private func tell(_ text: String) { Terminal.print("  ✓ \(text)") }
    private func expect(_ isAsTold: Bool, _ difference: @autoclosure () -> String) throws {
        if !isAsTold { throw DemoDifference(difference()) }
    }
}

/// What the example API answers.
private struct NotesPage: Decodable {
    let person: String
    let notes: [String]
}
