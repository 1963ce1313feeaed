import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import Crypto

/// A pretended Buckler server for an app's own tests: the real SDK talks to it in memory, over the real protocol.
///
/// ```swift
/// let fake = FakeBuckler()
/// fake.addAccount(email: "ann@example.com", password: "correct horse battery", secondFactor: "123456")
/// fake.respond("GET", "/notes") { _ in .json("[]") }
/// let client = try fake.client()
/// guard case .challenge(let challenge) = try await client.signIn(email: "ann@example.com", password: "correct horse battery")
/// …
/// fake.goOffline()
/// ```
///
/// It checks what a server must check for the client's sake (proofs, nonces, generations of refresh tokens); it is not a
/// server, and holds passwords in clear.
public final class FakeBuckler: Sendable {
    /// The URL that clients are made with.
    public let server: String
    /// The client id that clients are made with.
    public let clientID: String
    /// Every clock of the test.
    public let time: FakeTime
    let fake: FakeServer

    /// A server without accounts.
    public init(server: String = "https://buckler.test", clientID: String = "test-app", seed: UInt64 = 1) {
        self.server = server
        self.clientID = clientID
        time = FakeTime()
        fake = FakeServer(issuer: server + "/buckler", time: time, entropy: .seeded(seed))
    }

    /// A client on `device`: one process of the app.
    ///
    /// Two clients on one device are two processes.
    public func client(on device: FakeDevice = FakeDevice()) throws(BucklerError) -> BucklerClient {
        try BucklerClient(server: server, clientID: clientID, environment: environment(on: device))
    }

    /// The environment of `client(on:)`, for tests that replace parts of it.
    public func environment(on device: FakeDevice) -> BucklerEnvironment {
        var environment = BucklerEnvironment(
            transport: fake, secrets: device.secrets, deviceKeys: device.keys, files: device.files,
            presence: device.presence, wallClock: time.wallClock, sleepProofClock: time.sleepProofClock,
            deviceName: device.name)
        environment.pause = { [time] in await time.pause($0) }
        return environment
    }

    /// Makes an account.
    ///
    /// With a second factor, sign-in asks for it after the password; without, the account's sign-ins finish with the
    /// password.
    public func addAccount(email: String, password: String, secondFactor: String? = nil) {
        fake.state.update {
            $0.accounts[email] = FakeServer.Account(
                id: "acc_\($0.nextNumber())", password: password, secondFactor: secondFactor)
        }
    }

    /// Answers requests of the app that come with a valid token and proof.
    ///
    /// The last answer given for a route counts.
    public func respond(
        _ method: String, _ path: String, with answer: @escaping @Sendable (TransportRequest) -> FakeAnswer
    ) {
        fake.state.update { $0.routes["\(method) \(path)"] = answer }
    }

    /// Sign-ups ask for an authenticator app, as the server does after a password of 8 to 14 characters.
    ///
    /// ``enrolmentCode`` is the right code of any such app, then and at every later sign-in.
    public func askForFactorAtSignUp() { fake.state.update { $0.signUpsEnrolFactor = true } }

    /// What an authenticator app shows that was enrolled at this server.
    public static let enrolmentCode = "246810"

    /// Somebody with the mailbox has reset the password and says that nothing else is at hand: the account's recovery is
    /// pending, until somebody cancels it.
    public func beginRecovery(of email: String) { _ = fake.beginRecovery(of: email) }

    /// Tells every app that listens (`BucklerClient.listen()`) that something happened on another device, in the server's
    /// word for it, such as `password_changed`.
    ///
    /// Sign-ins and sign-outs are told by themselves.
    public func announce(_ event: String) {
        fake.tell(event, ["time": .integer(fake.time.now.seconds)]) { _ in true }
    }

    /// The network is gone; open event streams break.
    public func goOffline() {
        fake.state.update { $0.isOffline = true }
        fake.breakStreams()
    }
    /// The network is back.
    public func goOnline() { fake.state.update { $0.isOffline = false } }
    /// The next `count` answers are lost on the way back; the requests are carried out.
    public func loseAnswers(_ count: Int) { fake.state.update { $0.answersToLose = count } }
    /// The server was restarted: every nonce of before is refused.
    public func forgetNonces() { fake.state.update { $0.nonces.removeAll() } }
    /// The code that the last mail carried.
    public var lastMailCode: String? { fake.state.value.lastMailCode }

    /// Ends every session, as another device or an operator would; event streams and the next call carry the signed notice.
    public func endSessions(reason: String = "ended_by_person", wipe: Bool = true) {
        fake.state.update { state in
            for id in state.sessions.keys where state.sessions[id]?.end == nil {
                state.sessions[id]?.end = FakeServer.End(reason: reason, wipe: wipe, isSigned: true)
            }
        }
        fake.endStreams()
    }

    /// From now on every session is refused without a signed notice, as by an interceptor or a lost database.
    public func refuseWithoutNotice() {
        fake.state.update { state in
            for id in state.sessions.keys {
                state.sessions[id]?.end = FakeServer.End(reason: "unknown", wipe: false, isSigned: false)
            }
        }
        fake.endStreams()
    }

    /// A new key signs session-end notices; apps hear of it with their next refresh.
    ///
    /// With `compromised` the older keys are gone at once, and apps cannot tell the new one from a forger's.
    public func rotateNoticeKeys(compromised: Bool = false) {
        fake.state.update {
            if compromised { $0.noticeKeys.removeAll() }
            $0.noticeKeys.append(P256.Signing.PrivateKey())
        }
    }

    /// How many refresh requests were carried out, and how many of them rotated.
    public var refreshes: (requests: Int, rotations: Int) {
        let state = fake.state.value
        return (state.refreshRequests, state.rotations)
    }

    /// Sessions that the server ended because their token was used twice in ways an honest app cannot.
    public var wronglyUsedSessions: Int { fake.state.value.sessions.values.count { $0.end?.reason == "token_reuse" } }
}

/// An answer of a pretended API.
public struct FakeAnswer: Sendable {
    let status: Int
    let headers: [HeaderField]
    let body: [UInt8]
    /// A body that is written while the test goes on; in the place of `body`.
    var stream: AsyncThrowingStream<[UInt8], any Error>?

    /// Any answer.
    public init(status: Int, headers: [HeaderField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// 200 with JSON.
    public static func json(_ text: String, status: Int = 200) -> FakeAnswer {
        FakeAnswer(
            status: status, headers: [HeaderField("Content-Type", "application/json")], body: Array(text.utf8))
    }
}
