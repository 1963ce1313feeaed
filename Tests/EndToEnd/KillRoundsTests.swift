import BucklerAssembly
import BucklerPrimitives
import Foundation
import ServerTestSupport
import Synchronization
import TestSupport
import Testing

/// A person of the kill rounds, and what the server has acknowledged to them.
private final class Person: Sendable {
    struct Known {
        var isSignedUp = false
        var attempt: String?
        var endingWasSent = false
        var hasEnded = false
    }

    let email: String
    let phone: TestPhone
    private let known = Mutex(Known())
    private let acts: Acts

    init(number: UInt64, site: TestSite, acts: Acts) {
        self.acts = acts
        email = "person\(number)@example.org"
        phone = TestPhone(site: site, seed: number, client: "notes-ios")
    }

    var acknowledged: Known { known.withLock { $0 } }

    /// Signs up, refreshes twice, and every second person signs out; stops at the first request that is not answered.
    func live(signsOut: Bool) async {
        do {
            try await phone.signUp(email)
            known.withLock { $0.isSignedUp = true }
            acts.acknowledge()
            for _ in 0..<2 {
                let attempt = Base64URL.encode(Entropy.system.bytes(16))
                known.withLock { $0.attempt = attempt }
                guard try await phone.refresh(attempt: attempt).status == 200 else { return }
                known.withLock { $0.attempt = nil }
                acts.acknowledge()
            }
            guard signsOut, let session = phone.memory.session else { return }
            known.withLock { $0.endingWasSent = true }
            let status = try await phone.delete("/buckler/account/sessions/\(session)").status
            known.withLock { $0.hasEnded = status == 204 }
            acts.acknowledge()
        } catch {
            // The server was killed under this request: it was not acknowledged.
        }
    }
}

/// The acts of a round that the server has acknowledged: sign-ups, rotations and endings.
private final class Acts: Sendable {
    /// Opens when there were enough of them, or when nobody is left to act.
    let enough = Gate()
    private let missing: Mutex<(acts: Int, people: Int)>

    init(enough count: Int, people: Int) { missing = Mutex((count, people)) }

    /// One more act was acknowledged.
    func acknowledge() { count { $0.acts -= 1 } }

    /// One person less will act.
    func leave() { count { $0.people -= 1 } }

    private func count(_ step: (inout (acts: Int, people: Int)) -> Void) {
        let isEnough = missing.withLock { missing in
            step(&missing)
            return missing.acts == 0 || missing.people == 0
        }
        if isEnough { enough.open() }
    }
}

@Suite(
    "kill -9 under load", .serialized, .timeLimit(.minutes(8)),
    .enabled(if: RealServer.program != nil, "buckler is not built"))
struct KillRoundsTests {
    @Test("after twenty kills every acknowledged sign-up, rotation and ending is there")
    func rounds() async throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        let server = try RealServer(
            folder: folder, configuration: "mode: development\ntrusted_proxies: [127.0.0.1]\n")
        var everybody: [Person] = []
        for round in 0..<20 {
            try await server.start()
            // Ten acts make a round. The kill comes with the first of them, the second and so on, while others are under way:
            // how quick the machine is decides nothing.
            let acts = Acts(enough: round % 10 + 1, people: 3)
            let people = (0..<3).map { Person(number: UInt64(round * 3 + $0 + 1), site: server.site, acts: acts) }
            await withTaskGroup(of: Void.self) { tasks in
                for (index, person) in people.enumerated() {
                    tasks.addTask {
                        await person.live(signsOut: index == 0)
                        acts.leave()
                    }
                }
                await acts.enough.pass()
                server.signal(SIGKILL)
                // Nobody waits for mail that does not come any more.
                tasks.cancelAll()
            }
            try await server.stop(SIGKILL)
            everybody += people
            try await check(people, server)
        }
        let signedUp = everybody.count { $0.acknowledged.isSignedUp }
        // One person acts at most four times, so k acknowledged acts are k/4 sign-ups and more: 36 in all rounds, if each
        // request before the kill was answered.
        #expect(signedUp > 30, "the load was too small to mean anything: \(signedUp) sign-ups")
        try await server.start()
        try await checkAccounts(everybody, server)
        try await server.stop()
    }

    private func check(_ people: [Person], _ server: RealServer) async throws {
        try await server.start()
        for person in people where person.acknowledged.isSignedUp {
            let known = person.acknowledged
            let answer = try await person.phone.refresh(attempt: known.attempt)
            if known.hasEnded {
                #expect(answer.json["code"]?.string == "session.revoked", "an ending was forgotten: \(answer.json)")
            } else if !known.endingWasSent {
                #expect(answer.status == 200, "an acknowledged rotation was forgotten: \(answer.json)")
            }
        }
        try await checkAccounts(people, server)
        try await server.stop(SIGKILL)
    }

    private func checkAccounts(_ people: [Person], _ server: RealServer) async throws {
        let client = AdminClient(path: server.folder + "/data/admin.sock")
        for person in people where person.acknowledged.isSignedUp {
            let outcome = try client.send(AdminRequest("accounts.show", ["account": .string(person.email)])) { _ in }
            guard case .result(let account) = outcome else {
                Issue.record("\(person.email) is gone")
                continue
            }
            #expect(account["email"]?.string == person.email)
        }
    }
}
