import BucklerAssembly
import BucklerPrimitives
import DataProtection
import Foundation
import SQLiteDriver
import ServerConfiguration
import ServerTestSupport
import Storage
import Synchronization
import TestSupport
import Testing

/// What an operator sees and restores while a root key is being replaced.
@Suite("In the midst of a root key's rotation", .timeLimit(.minutes(4)))
struct MidRotationTests {
    private static let people = ["ann@example.org", "bea@example.org", "cleo@example.org"]

    private static func order(_ server: TestServer, _ verb: String, _ arguments: JSONObject = [:]) async throws
        -> JSONObject
    {
        try await OperatorDesk(core: server.assembly.core, hasServer: true)
            .carryOut(AdminRequest(verb, arguments)) { _ in }
    }

    /// Replaces the root key, settles its files, and moves one account of several.
    private static func rotateHalfway(_ core: ServerCore) async throws {
        try await core.takeNextRoot(try await core.prepareNextRoot())
        try settleFiles(core)
        #expect(try await core.authentication.moveAccounts(limit: 1))
    }

    private static func settleFiles(_ core: ServerCore) throws {
        let loader = InstanceKeysLoader(
            files: SystemKeyFiles(), store: InstanceRepository(database: core.database), clock: core.environment.clock,
            entropy: core.environment.entropy)
        try loader.settleRoot(keysFolder: core.settings.keys, keys: core.keys)
    }

    // MARK: buckler doctor

    @Test("the doctor tells each state of the rotation, finds nothing wrong, and is silent before and after")
    func doctor() async throws {
        try await TestServer.run { server in
            for person in Self.people { _ = try await server.signUp(person) }
            let core = server.assembly.core
            #expect(await Self.examine(server).isEmpty)

            let next = try await core.prepareNextRoot()
            let written = await Self.examine(server)
            #expect(written.map(\.check) == ["root.next.key"] && written.map(\.state) == [.warning])
            #expect(written[0].text.contains("keys rotate --purpose root"))

            try await core.takeNextRoot(next)
            try Self.settleFiles(core)
            let replaced = await Self.examine(server)
            #expect(replaced.map(\.check) == ["root.former.key"] && replaced.map(\.state) == [.fine])
            #expect(replaced[0].text.contains("buckler admin keys list"))
            // What the doctor points at has the numbers.
            let list = try await Self.order(server, "keys.list")
            #expect((list["root_rows_behind"]?.integer ?? 0) >= 3 && list["kept_keys"]?.array?.isEmpty == false)

            try await core.keepHouse()
            let moved = try await Self.order(server, "keys.list")["root_rows_behind_by_kind"]?.object
            #expect(moved?["accounts"]?.integer == 0 && moved?["sessions"]?.integer == 0)
            #expect(await Self.examine(server).map(\.check) == ["root.former.key"], "kept keys are needed yet")
            server.clock.advance(by: .days(1) + .hours(1))
            try await core.keepHouse()
            #expect(await Self.examine(server).isEmpty)
        }
    }

    /// What the doctor says about the root key, after seeing that nothing else about keys and data is wrong.
    private static func examine(_ server: TestServer) async -> [DoctorFinding] {
        let findings = await Doctor(settings: server.settings, clock: server.clock.clock).examine()
        for check in ["data", "keys"] {
            #expect(findings.first { $0.check == check }?.state == .fine)
        }
        return findings.filter { $0.check.hasPrefix("root.") }
    }

    // MARK: backup and restore

    /// The keys directory that is laid beside the restored database.
    enum KeysOf: CaseIterable, Sendable { case thatMoment, afterTheEnd, beforeTheRotation }

    @Test("a backup of that moment opens with the keys of then or later and goes on; beside older keys it stops")
    func backup() async throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        var options = TestServer.Options()
        options.folder = folder
        let tokens = Tokens()
        try await TestServer.run(options) { server in
            let core = server.assembly.core
            var phones: [TestPhone] = []
            for person in Self.people { phones.append(try await server.signUp(person)) }
            try Self.copyKeys(of: server, as: .beforeTheRotation)
            try await Self.rotateHalfway(core)
            let made = try await Self.order(server, "backup", ["path": .string(folder + "/backup.sqlite")])
            #expect(made["root_key"]?.string == core.keys.rootKeyID.text, "it names the key that a restore needs")
            try Self.copyKeys(of: server, as: .thatMoment)
            tokens.keep(phones.map { $0.memory.refreshToken ?? "" })

            server.clock.advance(by: .days(2))
            try await core.keepHouse()
            #expect(access(folder + "/keys/root.former.key", F_OK) != 0, "the rotation came to its end here")
            try Self.copyKeys(of: server, as: .afterTheEnd)
        }
        for keys in [KeysOf.thatMoment, .afterTheEnd] {
            try await Self.restore(folder, keys) { server in
                try await Self.goOn(server, tokens: tokens.kept)
            }
        }
        let failure = await #expect(throws: StartFailure.self) {
            try await Self.restore(folder, .beforeTheRotation) { _ in }
        }
        #expect(failure?.exitCode == 78 && failure.map { "\($0)" }?.contains("which was replaced by") == true)
    }

    private static func copyKeys(of server: TestServer, as name: KeysOf) throws {
        try FileManager.default.copyItem(atPath: server.folder + "/keys", toPath: server.folder + "/keys-\(name)")
    }

    /// Starts a server on the backup beside a copy of keys.
    private static func restore(
        _ folder: String, _ keys: KeysOf, _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        let own = try TemporaryFolder(.disk)
        let target = own.path
        try SystemKeyFiles().createDirectory(at: target + "/data")
        try FileManager.default.copyItem(
            atPath: folder + "/backup.sqlite", toPath: target + "/data/" + SQLiteDatabase.fileName)
        try FileManager.default.copyItem(atPath: folder + "/keys-\(keys)", toPath: target + "/keys")
        var options = TestServer.Options()
        options.folder = target
        options.seed = 11
        options.start = Timestamp(seconds: 1_767_225_600 + 120)
        try await TestServer.run(options, body)
    }

    /// Nobody is signed out, phones are known, and the rotation ends.
    private static func goOn(_ server: TestServer, tokens: [String]) async throws {
        let behind = try await order(server, "keys.list")
        #expect(behind["root_key_epoch"]?.integer == 2 && (behind["root_rows_behind"]?.integer ?? 0) > 0)
        for (number, person) in people.enumerated() {
            // The first phones of a test have these seeds.
            let phone = TestPhone(site: server.site, seed: 1001 + UInt64(number), client: "notes-ios")
            phone.remember { $0.refreshToken = tokens[number] }
            #expect(try await phone.refresh().status == 200)
            try await phone.redeem(try await phone.begin(person, password: TestPhone.password))
        }
        try await server.assembly.core.keepHouse()
        let list = try await order(server, "keys.list")
        #expect(list["root_rows_behind_by_kind"]?.object?["accounts"]?.integer == 0)
        #expect(list["root_rows_behind_by_kind"]?.object?["sessions"]?.integer == 0)
        // A new phone, with a seed that no phone of before had: equal seeds make equal proofs, which are refused as replays.
        try await TestPhone(site: server.site, seed: 2001, client: "notes-ios").signIn(people[2])
    }
}

/// What phones of one server take to the next.
private final class Tokens: Sendable {
    private let state = Mutex<[String]>([])
    var kept: [String] { state.withLock { $0 } }

    func keep(_ tokens: [String]) { state.withLock { $0 = tokens } }
}
