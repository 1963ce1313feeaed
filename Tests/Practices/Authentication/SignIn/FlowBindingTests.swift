import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("What binds a flow")
struct FlowBindingTests {
    @Test("a flow answers only the key and the client that began it, and is not disturbed by others")
    func foreignKeyAndClient() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let phone = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: phone).handle
        let answer = FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)])
        let strangers = [
            try fixture.requester(device: 2),
            try fixture.requester(device: 1, client: try #require(ClientID(parsing: "other-app"))),
        ]
        for stranger in strangers {
            for _ in 1...30 {
                await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(answer, by: stranger) }
            }
        }
        #expect(try await fixture.service.proceed(answer, by: phone).code != nil)
    }

    @Test("fixation: an attacker's flow in the victim's app opens nothing for the attacker")
    func fixation() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let attacker = try fixture.requester(device: 66)
        let victim = try fixture.requester(device: 1)
        let handle = try await fixture.service.begin(fixture.opening("ada"), by: attacker).handle
        let typed = FlowContinuation(handle: handle, answers: [.password(SignInFixture.password)])
        await #expect(throws: SignInError.flowGone) { try await fixture.service.proceed(typed, by: victim) }
        let look = FlowContinuation(handle: handle, answers: [])
        #expect(try await fixture.service.proceed(look, by: attacker).challenge?.kind == .password)
    }

    @Test("later requests may repeat the first one's parameters, but not change them")
    func changedParameters() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        var grant = SignInFixture.grant
        grant.scope = "notes.read"
        let handle = try await fixture.service.begin(fixture.opening("ada", grant: grant), by: phone).handle
        #expect(
            try await fixture.service.proceed(FlowContinuation(handle: handle, grant: grant, answers: []), by: phone)
                .challenge != nil)
        var changes: [(RequestedGrant, SignInError.Parameter)] = []
        grant.scope = "notes.read notes.write"
        changes.append((grant, .scope))
        grant = RequestedGrant(codeChallenge: Base64URL.encode([UInt8](repeating: 9, count: 32)))
        changes.append((grant, .codeChallenge))
        changes.append((RequestedGrant(codeChallengeMethod: "plain"), .codeChallengeMethod))
        changes.append((RequestedGrant(resource: "https://files.example.com"), .resource))
        for (grant, parameter) in changes {
            await #expect(throws: SignInError.invalidRequest(parameter)) {
                try await fixture.service.proceed(
                    FlowContinuation(handle: handle, grant: grant, answers: []), by: phone)
            }
        }
    }

    @Test("a first request needs a client, an S256 challenge, and scopes and a resource of the client")
    func refusedOpenings() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        let good = SignInFixture.grant
        var plain = good
        plain.codeChallengeMethod = "plain"
        var none = good
        none.codeChallenge = nil
        var short = good
        short.codeChallenge = "abc"
        var scope = good
        scope.scope = "notes.read admin"
        var twice = good
        twice.scope = "notes.read notes.read"
        var resource = good
        resource.resource = "https://evil.example.com"
        let cases: [(RequestedGrant, SignInError)] = [
            (plain, .invalidRequest(.codeChallengeMethod)), (RequestedGrant(), .invalidRequest(.codeChallengeMethod)),
            (none, .invalidRequest(.codeChallenge)), (short, .invalidRequest(.codeChallenge)),
            (scope, .invalidScope), (twice, .invalidScope), (resource, .invalidTarget),
        ]
        for (grant, error) in cases {
            await #expect(throws: error) {
                try await fixture.service.begin(fixture.opening("ada", grant: grant), by: phone)
            }
        }
        let foreign = try fixture.requester(device: 1, client: try #require(ClientID(parsing: "nobodys-app")))
        await #expect(throws: SignInError.unknownClient) {
            try await fixture.service.begin(fixture.opening("ada"), by: foreign)
        }
    }

    @Test("what is no handle opens nothing", arguments: ["", "x", "!!!", String(repeating: "A", count: 43)])
    func garbageHandles(handle: String) async throws {
        let fixture = try SignInFixture()
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: []), by: try fixture.requester(device: 1))
        }
    }

    @Test("the sixth open flow of one key drops the oldest, the first answer of which is then too late")
    func flowsPerKey() async throws {
        let fixture = try SignInFixture()
        let phone = try fixture.requester(device: 1)
        var handles: [String] = []
        for index in 1...6 {
            handles.append(try await fixture.service.begin(fixture.opening("user\(index)"), by: phone).handle)
            fixture.clock.advance(by: .seconds(1))
        }
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.proceed(FlowContinuation(handle: handles[0], answers: []), by: phone)
        }
        for handle in handles.dropFirst() {
            #expect(
                try await fixture.service.proceed(FlowContinuation(handle: handle, answers: []), by: phone).challenge
                    != nil)
        }
    }

    @Test("a flood from one network does not drop a flow that has proven something")
    func flowsPerSource() async throws {
        let fixture = try SignInFixture()
        try await fixture.account("ada", device: 1)
        let owner = try fixture.requester(device: 2, network: 500)
        let first = try await fixture.service.begin(fixture.opening("ada"), password: SignInFixture.password, by: owner)
        #expect(first.challenge?.kind == .emailCode)
        for device in 100..<140 {
            fixture.clock.advance(by: .seconds(3))
            let flooder = try fixture.requester(device: device, network: 500)
            _ = try? await fixture.service.begin(fixture.opening("x\(device % 15)"), by: flooder)
        }
        let code = try #require(try await fixture.mailedCode("ada"))
        let last = try await fixture.service.proceed(
            FlowContinuation(handle: first.handle, answers: [.emailCode(code)]), by: owner)
        #expect(last.code != nil)
    }
}
