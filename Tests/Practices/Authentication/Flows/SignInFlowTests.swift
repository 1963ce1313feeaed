import BucklerJOSE
import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Sign-in flow")
struct SignInFlowTests {
    private static let now = Timestamp(seconds: 1_800_000_000)

    /// Purpose, facts, what was shown in order, and what is asked for after each (nil: the code).
    struct Path: Sendable, CustomTestStringConvertible {
        let purpose: SignInFlow.Purpose
        var secondFactor = false
        var knownDevice = false
        var shortPassword = false
        var confirms = true
        let methods: [AuthenticationMethod]
        let steps: [Challenge.Kind?]
        let level: AuthenticationLevel
        var testDescription: String { "\(purpose.rawValue) \(methods.map(\.rawValue))" }
    }

    static let paths: [Path] = [
        Path(purpose: .signIn, knownDevice: true, methods: [.password], steps: [nil], level: .one),
        Path(purpose: .signIn, methods: [.password, .email], steps: [.emailCode, nil], level: .one),
        Path(purpose: .signIn, methods: [.password, .recoveryCode], steps: [.emailCode, nil], level: .one),
        Path(purpose: .signIn, confirms: false, methods: [.password], steps: [nil], level: .one),
        Path(
            purpose: .signIn, secondFactor: true, methods: [.password, .oneTimePassword], steps: [.secondFactor, nil],
            level: .two),
        Path(
            purpose: .signIn, secondFactor: true, methods: [.password, .recoveryCode], steps: [.secondFactor, nil],
            level: .one),
        Path(
            purpose: .signIn, secondFactor: true, knownDevice: true, methods: [.password, .oneTimePassword],
            steps: [.secondFactor, nil], level: .two),
        // A proof before the password (PD-09) is not lost, and e-mail does not stand for the second factor.
        Path(
            purpose: .signIn, secondFactor: true, methods: [.oneTimePassword, .password], steps: [.password, nil],
            level: .two),
        Path(
            purpose: .signIn, secondFactor: true, methods: [.email, .password, .oneTimePassword],
            steps: [.password, .secondFactor, nil], level: .two),
        Path(purpose: .signIn, methods: [.email, .password], steps: [.password, nil], level: .one),
        // A short password alone opens nothing (PD-08).
        Path(
            purpose: .signIn, knownDevice: true, shortPassword: true, methods: [.password], steps: [.secondFactor],
            level: .one),
        Path(
            purpose: .signIn, shortPassword: true, methods: [.email, .password], steps: [.password, .secondFactor],
            level: .one),
        Path(purpose: .signUp, methods: [.email], steps: [nil], level: .one),
        Path(purpose: .reset, methods: [.email, .password], steps: [.newPassword, nil], level: .one),
        Path(
            purpose: .reset, secondFactor: true, methods: [.email, .password, .oneTimePassword],
            steps: [.newPassword, .secondFactor, nil], level: .two),
        // Recovery: back in, but not at level 2 (PD-12).
        Path(
            purpose: .reset, secondFactor: true, methods: [.email, .password, .recoveryCode],
            steps: [.newPassword, .secondFactor, nil], level: .one),
        Path(purpose: .stepUp, secondFactor: true, methods: [.oneTimePassword], steps: [nil], level: .two),
    ]

    @Test("each proof leads to the next step, and to its level", arguments: paths)
    func path(path: Path) throws {
        var flow = try Self.flow(path.purpose)
        let facts = AccountFacts(
            hasSecondFactor: path.secondFactor, hasRecoveryCodes: true,
            passwordNeedsSecondFactor: path.shortPassword, isKnownDevice: path.knownDevice,
            confirmsNewDevices: path.confirms)
        for (method, expected) in zip(path.methods, path.steps) {
            if path.purpose == .reset, method == .password { flow.newVerifier = SecretString("phc") }
            let advance = flow.accept(method, tag: nil, facts: facts, at: Self.now)
            #expect(advance == (expected == nil ? .finished : .next))
            if let expected { #expect(flow.stage == .asks(expected)) }
        }
        #expect(flow.level == path.level)
        #expect(flow.methods == path.methods)
    }

    @Test("the fifth wrong answer to a step ends the flow; a right one begins the count anew")
    func wrongAnswers() throws {
        var flow = try Self.flow(.signIn)
        for _ in 1...4 {
            let goesOn = flow.reject()
            #expect(goesOn)
        }
        let facts = AccountFacts(
            hasSecondFactor: true, hasRecoveryCodes: false, passwordNeedsSecondFactor: false, isKnownDevice: false,
            confirmsNewDevices: true)
        _ = flow.accept(.password, tag: nil, facts: facts, at: Self.now)
        for _ in 1...4 {
            let goesOn = flow.reject()
            #expect(goesOn)
        }
        let goesOn = flow.reject()
        #expect(!goesOn)
    }

    @Test("factors are listed only from the second step on, and only those that exist")
    func listedMethods() throws {
        var flow = try Self.flow(.signIn)
        let rich = AccountFacts(
            hasSecondFactor: true, hasRecoveryCodes: true, passwordNeedsSecondFactor: false, isKnownDevice: false,
            confirmsNewDevices: true)
        #expect(flow.answerMethods(rich) == [.password])
        #expect(flow.answerMethods(nil) == [.password])
        flow.demandProof()
        #expect(flow.answerMethods(rich) == flow.answerMethods(nil))
        _ = flow.accept(.password, tag: nil, facts: rich, at: Self.now)
        #expect(flow.answerMethods(rich) == [.totp, .recoveryCode])
        var poor = rich
        poor.hasRecoveryCodes = false
        #expect(flow.answerMethods(poor) == [.totp])
    }

    /// Every step that a flow of a purpose can stand at, and whether a saved recovery code is looked at there.
    static let recoverySteps: [(SignInFlow.Purpose, Challenge.Kind, Bool)] = [
        (.signIn, .password, true), (.signIn, .proof, true), (.signIn, .secondFactor, true),
        (.signIn, .emailCode, true),
        (.reset, .emailCode, false), (.reset, .newPassword, false), (.reset, .secondFactor, true),
        (.signUp, .emailCode, false), (.signUp, .enrolFactor, false),
        (.stepUp, .secondFactor, false),
        (.addressUndo, .emailCode, false),
    ]

    @Test(
        "a saved recovery code signs in or recovers; it raises no session, and undoes and begins nothing",
        arguments: recoverySteps)
    func recoveryCode(purpose: SignInFlow.Purpose, kind: Challenge.Kind, isTaken: Bool) throws {
        var flow = try Self.flow(purpose)
        flow.stage = .asks(kind)
        let facts = AccountFacts(
            hasSecondFactor: true, hasRecoveryCodes: true, passwordNeedsSecondFactor: false, isKnownDevice: false,
            confirmsNewDevices: true)
        #expect(flow.takesRecoveryCode(facts) == isTaken)
        // Before anything is proven the answer must not tell whether the account has codes, or is one.
        if kind == .password || kind == .proof { #expect(flow.takesRecoveryCode(nil) == isTaken) }
        // Whatever it opened is no second factor.
        _ = flow.accept(.recoveryCode, tag: nil, facts: facts, at: Self.now)
        _ = flow.accept(.password, tag: nil, facts: facts, at: Self.now)
        #expect(flow.level == .one)
    }

    @Test("a flow survives its sealing")
    func coding() throws {
        var flow = try Self.flow(.reset)
        flow.codeWasSent = true
        flow.newVerifier = SecretString("$argon2id$…")
        flow.newPasswordClass = .standard
        _ = flow.reject()
        #expect(try SignInFlow(decoding: flow.encoded) == flow)
        let facts = AccountFacts.none
        _ = flow.accept(.email, tag: [1, 2, 3], facts: facts, at: Self.now)
        #expect(try SignInFlow(decoding: flow.encoded) == flow)
        _ = flow.accept(.password, tag: nil, facts: facts, at: Self.now)
        #expect(try SignInFlow(decoding: flow.encoded) == flow)
    }

    @Test("what is no flow is refused", arguments: ["", "{}", "[]", "{\"id\":\"flw_x\"}", "{\"id\":1}"])
    func refusedCoding(text: String) {
        #expect(throws: FlowCodingError()) { try SignInFlow(decoding: SecretBytes(text.utf8)) }
    }

    private static func flow(_ purpose: SignInFlow.Purpose) throws -> SignInFlow {
        let entropy = Entropy.seeded(11)
        let binding = FlowBinding(
            client: try #require(ClientID(parsing: "notes-ios")),
            key: try #require(JWKThumbprint(bytes: entropy.bytes(32))),
            scope: ["notes.read"], audience: "https://api.example.com",
            codeChallenge: try #require(CodeChallenge(bytes: entropy.bytes(32))))
        let opening = SignInOpening(
            email: try Email(parsing: "ada@example.com"), grant: RequestedGrant(), deviceName: "Ada's phone",
            replacedDevice: .random(entropy))
        return SignInFlow(
            FlowOpening(purpose, opening, binding, entropy), account: .random(entropy), at: now)
    }
}
