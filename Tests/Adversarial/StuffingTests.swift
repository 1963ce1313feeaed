import Authentication
import BucklerAssembly
import BucklerPrimitives
import Foundation
import NIOHTTP1
import ServerTestSupport
import TestSupport
import Testing

/// T4: a botnet of 100,000 addresses with passwords that leaked elsewhere, some of them valid here.
@Suite(
    "T4: credential stuffing", .serialized, .timeLimit(.minutes(10)),
    .enabled(
        if: ProcessInfo.processInfo.environment["BUCKLER_LONG_TESTS"] != nil,
        "takes minutes; set BUCKLER_LONG_TESTS to run it"))
struct StuffingTests {
    /// A thousand addresses, each tried by a hundred machines in an hour: 20 with the leaked password, 20 with another one,
    /// the others without an account.
    private struct Target: Sendable {
        let email: Email
        let leaked: SecretString
        let isHit: Bool
        let hasAccount: Bool
    }

    @Test("100,000 machines learn which pairs are right, enter nowhere, and make each owner one mail")
    func botnet() async throws {
        let hasher = CountingHasher()
        let folder = try TemporaryFolder()
        var options = TestServer.Options()
        options.hasher = hasher
        options.folder = folder.path
        try await TestServer.run(options) { server in
            let targets = try await Self.targets(server)
            let botnet = try Botnet(server)
            let before = (comparisons: hasher.counted.comparisons, mails: server.mail.count)
            let sights = targets.map { _ in Collected<Botnet.Sight>() }
            for round in 0..<100 {
                await botnet.attack(0..<1000) { index in
                    let target = targets[index]
                    // One machine of each hundred has the password that its list holds for this address.
                    let typed = round == 7 ? target.leaked : SecretString("not the leaked one \(round) \(index)")
                    let sight = await botnet.guess(target.email, typed, as: round * 1000 + index)
                    sights[index].add(sight)
                }
                server.clock.advance(by: .seconds(36))
            }
            try await server.deliverMail()
            let seen = sights.map(\.all)
            Self.checkWhatWasLearnt(seen, targets)
            #expect(server.mail.count - before.mails == 20, "one mail per right pair, and none else")
            for target in targets where !target.isHit { #expect(server.mail.all(to: target.email).isEmpty) }
            let comparisons = hasher.counted.comparisons - before.comparisons
            #expect(comparisons <= 1000 * 20, "\(comparisons) of 100,000 guesses were looked at")
        }
    }

    /// What shows, shows only for a right pair; an address without account looks like one with another password.
    private static func checkWhatWasLearnt(_ seen: [[Botnet.Sight]], _ targets: [Target]) {
        let wrong = seen[30]
        for (index, target) in targets.enumerated() {
            #expect(!seen[index].contains(.entered), "a machine is in")
            let learnt = seen[index].contains(.asked(.emailCode, rejected: false))
            #expect(learnt == target.isHit)
            if !target.isHit { #expect(seen[index] == wrong, "\(target.email) tells whether it has an account") }
        }
        #expect(wrong.contains(.asked(.password, rejected: true)) && wrong.contains(.held))
    }

    @Test("a machine that was right and guesses the mailed code ends its flow, and the next one's guesses are counted")
    func codeGuessing() async throws {
        try await TestServer.run { server in
            let email = "target@example.org"
            _ = try await server.makeAccount(email, password: TestPhone.password)
            var wrongAnswers = 0
            var refused: TestAnswer?
            for _ in 0..<8 where refused == nil {
                let phone = server.phone()
                let begun = try await phone.begin(email, password: TestPhone.password)
                guard let flow = begun.json["auth_session"]?.string else {
                    refused = begun
                    break
                }
                for guess in 0..<5 {
                    let answer = try await phone.step(flow, [("email_code", "00000\(guess)")])
                    #expect(answer.json["authorization_code"] == nil)
                    if answer.status == 429 { refused = answer } else { wrongAnswers += 1 }
                }
            }
            #expect(wrongAnswers <= 20, "twenty guesses of a million a day, over all flows: \(wrongAnswers)")
            #expect(refused?.headers.first(name: "retry-after") != nil)
            try await server.deliverMail()
            #expect(server.mail.all(to: try Email(parsing: email)).count <= 3, "three mails an hour")
        }
    }

    private static func targets(_ server: TestServer) async throws -> [Target] {
        var targets: [Target] = []
        for index in 0..<1000 {
            let email = "person\(index)@example.org"
            let leaked = "leaked elsewhere \(index)"
            if index < 40 {
                _ = try await server.makeAccount(email, password: index < 20 ? leaked : "never seen before \(index)")
            }
            targets.append(
                Target(
                    email: try Email(parsing: email), leaked: SecretString(leaked), isHit: index < 20,
                    hasAccount: index < 40))
        }
        return targets
    }
}
