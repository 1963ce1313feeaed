import BucklerAssembly
import BucklerPrimitives
import DataProtection
import Foundation
import SQLiteDriver
import ServerTestSupport
import Storage
import TestSupport
import Testing

@Suite("Rotation of the root key", .timeLimit(.minutes(4)))
struct RootKeyRotationTests {
    private static func order(_ server: TestServer, _ verb: String, _ arguments: JSONObject = [:]) async throws
        -> JSONObject
    {
        try await OperatorDesk(core: server.assembly.core, hasServer: true)
            .carryOut(AdminRequest(verb, arguments)) { _ in }
    }

    /// Runs servers one after the other on the same folders.
    private static func runs(_ bodies: [@Sendable (TestServer) async throws -> Void]) async throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        for (number, body) in bodies.enumerated() {
            var options = TestServer.Options()
            options.folder = folder
            options.seed = 7 + UInt64(number)
            options.start = Timestamp(seconds: 1_767_225_600 + Int64(number) * 60)
            try await TestServer.run(options, body)
        }
    }

    private static func exists(_ server: TestServer, _ name: String) -> Bool {
        access(server.folder + "/keys/" + name, F_OK) == 0
    }

    private static func counts(_ list: JSONObject) -> [String: Int64] {
        Dictionary(
            (list["root_rows_behind_by_kind"]?.object?.members ?? []).map { ($0.name, $0.value.integer ?? -1) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test("it happens online: flows, tokens, known devices and second factors of before go on, also after a restart")
    func online() async throws {
        let kept = KeptPhones()
        try await Self.runs([
            { server in
                let ann = try await server.signUp("ann@example.org")
                let factor = try await ann.enrolAuthenticator(at: server.clock.now)
                let bea = try await server.signUp("bea@example.org")
                let mails = server.mail.count(to: try Email(parsing: "bea@example.org"))
                let newPhone = server.phone()
                let begun = try await newPhone.begin("bea@example.org", password: TestPhone.password)
                let flow = try #require(begun.json["auth_session"]?.string)
                let code = try #require(
                    await server.mail.code(to: try Email(parsing: "bea@example.org"), after: mails))
                let before = try #require(try await Self.order(server, "keys.list")["root_key"]?.string)

                let rotated = try await Self.order(server, "keys.rotate", ["purpose": "root"])
                #expect(rotated["former_root_key"]?.string == before && rotated["root_key_epoch"]?.integer == 2)
                let list = try await Self.order(server, "keys.list")
                #expect(list["root_key"]?.string == rotated["root_key"]?.string)
                let counts = Self.counts(list)
                #expect(counts["accounts"] == 0 && counts["sessions"] == 0 && counts["mails"] == 0)
                #expect(counts["key_files"] == 0 && list["sessions_to_refresh"]?.integer == 2)

                // A code that was mailed before, a token of before, once and once more.
                try await newPhone.redeem(try await newPhone.step(flow, [("email_code", code)]))
                let attempt = Base64URL.encode([UInt8](repeating: 3, count: 16))
                let old = bea.memory.refreshToken
                #expect(try await bea.refresh(attempt: attempt).status == 200)
                let fresh = bea.memory.refreshToken
                bea.remember { $0.refreshToken = old }
                #expect(try await bea.refresh(attempt: attempt).status == 200 && bea.memory.refreshToken == fresh)
                #expect(try await Self.order(server, "keys.list")["sessions_to_refresh"]?.integer == 1)
                _ = try await server.signUp("cleo@example.org")
                kept.set(ann, bea, factor.recoveryCodes)
                #expect(Self.exists(server, "root.former.key") && !Self.exists(server, "root.next.key"))
                try FileManager.default.removeItem(atPath: server.folder + "/keys/root.former.key")
            },
            { server in
                // Only the new root key is there. The phone is known still: no code by mail.
                let bea = TestPhone(site: server.site, seed: kept.seeds[1], client: "notes-ios")
                let answer = try await bea.begin("bea@example.org", password: TestPhone.password)
                try await bea.redeem(answer)
                let ann = TestPhone(site: server.site, seed: kept.seeds[0], client: "notes-ios")
                ann.remember { $0.refreshToken = kept.tokens[0] }
                #expect(try await ann.refresh().status == 200, "a token of before the rotation, slept through it")
                let second = try await ann.begin("ann@example.org", password: TestPhone.password)
                let flow = try #require(second.json["auth_session"]?.string)
                try await ann.redeem(try await ann.step(flow, [("recovery_code", kept.codes[0])]))
                // Nobody can sign up with an address that has an account.
                let shown = try await Self.order(server, "accounts.show", ["account": "bea@example.org"])
                #expect(shown["email"]?.string == "bea@example.org")
            },
        ])
    }

    @Test("kept keys are destroyed when nothing needs them, and the file of the former root key goes with them")
    func end() async throws {
        try await Self.runs([
            { server in
                let ann = try await server.signUp("ann@example.org")
                _ = try await Self.order(server, "keys.rotate", ["purpose": "root"])
                let kept = try await Self.order(server, "keys.list")["kept_keys"]?.array?.compactMap(\.string) ?? []
                #expect(kept == ["refresh/1@1", "state@1", "throttle@1", "verifier@1"])
                server.clock.advance(by: .hours(3))
                try await server.assembly.core.keepHouse()
                let later = try await Self.order(server, "keys.list")["kept_keys"]?.array?.compactMap(\.string) ?? []
                #expect(later == ["refresh/1@1", "throttle@1"] && Self.exists(server, "root.former.key"))
                server.clock.advance(by: .hours(22))
                try await server.assembly.core.keepHouse()
                let list = try await Self.order(server, "keys.list")
                #expect(list["kept_keys"]?.array?.compactMap(\.string) == ["refresh/1@1"])
                #expect(list["root_rows_behind"]?.integer == 0 && !Self.exists(server, "root.former.key"))
                #expect(try await ann.refresh().status == 200, "the token of before still counts")
                server.clock.advance(by: .days(400))
                try await server.assembly.core.keepHouse()
                #expect(try await Self.order(server, "keys.list")["kept_keys"]?.array?.isEmpty == true)
                try await server.phone().signIn("ann@example.org")
            }
        ])
    }

    @Test("a second rotation before the first is through leaves nobody behind")
    func twice() async throws {
        let kept = KeptPhones()
        try await Self.runs([
            { server in
                let ann = try await server.signUp("ann@example.org")
                let bea = try await server.signUp("bea@example.org")
                _ = try await Self.order(server, "keys.rotate", ["purpose": "root"])
                let mails = server.mail.count(to: try Email(parsing: "ann@example.org"))
                let newPhone = server.phone()
                let begun = try await newPhone.begin("ann@example.org", password: TestPhone.password)
                let code = try #require(
                    await server.mail.code(to: try Email(parsing: "ann@example.org"), after: mails))
                let rotated = try await Self.order(server, "keys.rotate", ["purpose": "root"])
                #expect(rotated["root_key_epoch"]?.integer == 3)
                let flow = try #require(begun.json["auth_session"]?.string)
                try await newPhone.redeem(try await newPhone.step(flow, [("email_code", code)]))
                #expect(try await ann.refresh().status == 200)
                kept.set(ann, bea, [])
            },
            { server in
                let bea = TestPhone(site: server.site, seed: kept.seeds[1], client: "notes-ios")
                bea.remember { $0.refreshToken = kept.tokens[1] }
                #expect(try await bea.refresh().status == 200)
                try await server.phone().signIn("bea@example.org")
                await #expect(throws: AdminError.self) {
                    try await Self.order(server, "keys.rotate", ["purpose": "root", "compromised": true])
                }
            },
        ])
    }

    @Test("under load nobody is signed out, nobody is refused, and who is signed out stays so")
    func load() async throws {
        try await Self.runs([
            { server in
                let people = (0..<6).map { "p\($0)@example.org" }
                var phones: [TestPhone] = []
                for person in people { phones.append(try await server.signUp(person)) }
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for phone in phones.dropLast() {
                        tasks.addTask {
                            for _ in 0..<6 { try await Self.use(phone) }
                        }
                    }
                    for person in people.prefix(3) {
                        tasks.addTask { for _ in 0..<2 { try await server.phone().signIn(person) } }
                    }
                    tasks.addTask { for number in 0..<3 { _ = try await server.signUp("new\(number)@example.org") } }
                    let last = phones[5].memory.account ?? ""
                    tasks.addTask { _ = try await Self.order(server, "sessions.end", ["account": .string(last)]) }
                    for _ in 0..<3 {
                        tasks.addTask {
                            do { _ = try await Self.order(server, "keys.rotate", ["purpose": "root"]) } catch {
                                // Two at once: one waits for its turn.
                                #expect("\(error)".contains("another order"))
                            }
                        }
                    }
                    try await tasks.waitForAll()
                }
                #expect(try await phones[5].refresh().status == 400)
                for phone in phones.dropLast() { #expect(try await phone.refresh().status == 200) }
                let events = try await server.assembly.core.database.read {
                    try $0.query("SELECT payload FROM security_event WHERE name = 'sys_integrity_violation'").count
                }
                #expect(events == 0)
            },
            { server in
                for number in 0..<3 { try await server.phone().signIn("new\(number)@example.org") }
                for number in 0..<6 { try await server.phone().signIn("p\(number)@example.org") }
            },
        ])
    }

    private static func use(_ phone: TestPhone) async throws {
        #expect(try await phone.refresh().status == 200)
        #expect(try await phone.get("/notes").status == 200)
    }

    /// Where the process ends.
    enum Crash: CaseIterable, Sendable {
        case keyIsWritten, databaseHasIt, formerFileIsNamed, processHasIt, filesAreSettled, rowsAreHalfMoved
    }

    @Test(
        "a crash between any two steps leaves a server that starts and a rotation that ends", arguments: Crash.allCases)
    func crash(_ crash: Crash) async throws {
        let kept = KeptPhones()
        try await Self.runs([
            { server in
                let ann = try await server.signUp("ann@example.org")
                let bea = try await server.signUp("bea@example.org")
                kept.set(ann, bea, [])
                try await Self.rotate(server.assembly.core, until: crash, keys: server.folder + "/keys")
            },
            { server in
                let list = try await Self.order(server, "keys.list")
                #expect(list["root_key_epoch"]?.integer == (crash == .keyIsWritten ? 1 : 2))
                #expect(Self.exists(server, "root.next.key") == (crash == .keyIsWritten))
                let ann = TestPhone(site: server.site, seed: kept.seeds[0], client: "notes-ios")
                ann.remember { $0.refreshToken = kept.tokens[0] }
                #expect(try await ann.refresh().status == 200)
                if crash == .keyIsWritten {
                    _ = try await Self.order(server, "keys.rotate", ["purpose": "root"])
                    #expect(!Self.exists(server, "root.next.key"), "the key that was written is the one that is used")
                } else {
                    #expect((list["root_rows_behind"]?.integer ?? 0) > 0)
                    try await ann.redeem(try await ann.begin("ann@example.org", password: TestPhone.password))
                    try await server.assembly.core.keepHouse()
                }
                let counts = Self.counts(try await Self.order(server, "keys.list"))
                #expect(counts["accounts"] == 0 && counts["sessions"] == 0 && counts["key_files"] == 0)
                let bea = TestPhone(site: server.site, seed: kept.seeds[1], client: "notes-ios")
                try await bea.redeem(try await bea.begin("bea@example.org", password: TestPhone.password))
            },
            { server in try await server.phone().signIn("bea@example.org") },
        ])
    }

    private static func rotate(_ core: ServerCore, until crash: Crash, keys folder: String) async throws {
        let next = try await core.prepareNextRoot()
        if crash == .keyIsWritten { return }
        try await core.takeNextRoot(next)
        switch crash {
        case .keyIsWritten, .databaseHasIt, .processHasIt: break
        case .formerFileIsNamed:
            try FileManager.default.moveItem(atPath: folder + "/root.key", toPath: folder + "/root.former.key")
        case .filesAreSettled, .rowsAreHalfMoved:
            let loader = InstanceKeysLoader(
                files: SystemKeyFiles(), store: InstanceRepository(database: core.database),
                clock: core.environment.clock, entropy: core.environment.entropy)
            try loader.settleRoot(keysFolder: folder, keys: core.keys)
            if crash == .rowsAreHalfMoved { #expect(try await core.authentication.moveAccounts(limit: 1)) }
        }
    }

    @Test(
        "the former root key is refused by name afterwards, and a file of the next one that is no key stops nothing silently"
    )
    func former() async throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        var options = TestServer.Options()
        options.folder = folder
        let old = Kept()
        try await TestServer.run(options) { server in
            _ = try await server.signUp("ann@example.org")
            old.text = try String(contentsOfFile: folder + "/keys/root.key", encoding: .utf8)
            _ = try await Self.order(server, "keys.rotate", ["purpose": "root"])
        }
        let new = try String(contentsOfFile: folder + "/keys/root.key", encoding: .utf8)
        #expect(new != old.text)
        #expect(try String(contentsOfFile: folder + "/keys/root.former.key", encoding: .utf8) == old.text)
        try old.text.write(toFile: folder + "/keys/root.key", atomically: false, encoding: .utf8)
        let seeded = options
        let failure = await #expect(throws: StartFailure.self) { try await TestServer.run(seeded) { _ in } }
        #expect(failure?.exitCode == 78)
        let names = [old.text, new].map { $0.split(separator: " ")[2] }
        let text = failure.map { "\($0)" } ?? ""
        #expect(text.contains("holds the root key \(names[0]), which was replaced by \(names[1])"), "\(text)")
        try new.write(toFile: folder + "/keys/root.key", atomically: false, encoding: .utf8)
        options.seed = 9
        try await TestServer.run(options) { server in try await server.phone().signIn("ann@example.org") }
    }
}

/// What phones of one server take to the next.
private final class KeptPhones: Sendable {
    private let state = Kept()
    var seeds: [UInt64] { state.seeds }
    var tokens: [String] { state.tokens }
    var codes: [String] { state.codes }

    func set(_ first: TestPhone, _ second: TestPhone, _ codes: [String]) {
        // The first two phones of a test have these seeds.
        state.seeds = [1001, 1002]
        state.tokens = [first, second].map { $0.memory.refreshToken ?? "" }
        state.codes = codes
    }
}

/// `@unchecked Sendable`: written by one server's test body, read by the next one's, which begins after its end.
private final class Kept: @unchecked Sendable {
    var text = ""
    var seeds: [UInt64] = []
    var tokens: [String] = []
    var codes: [String] = []
}
