import BucklerAssembly
import BucklerPrimitives
import Foundation
import Monitoring
import SQLiteDriver
import ServerTestSupport
import Sessions
import Storage
import TestSupport
import Testing

/// PD-16: an operator's act on the keys and its event stand in the record together, or neither does.
@Suite("The record of key rotations", .timeLimit(.minutes(2)))
struct KeyRotationRecordTests {
    private static func order(_ server: TestServer, _ verb: String, _ arguments: JSONObject = [:]) async throws
        -> JSONObject
    {
        try await OperatorDesk(core: server.assembly.core, hasServer: true)
            .carryOut(AdminRequest(verb, arguments)) { _ in }
    }

    private static func reasons(_ server: TestServer) async throws -> [String] {
        try await server.assembly.core.events.events(after: 0, matching: EventFilter(), limit: 1000).events
            .compactMap { $0.payload["reason"]?.string }.filter { $0.hasPrefix("admin.") || $0.hasPrefix("keys.") }
    }

    /// Everything about the keys that a rotation changes.
    private static func keys(_ server: TestServer) async throws -> JSONObject {
        var list = try await order(server, "keys.list")
        let core = server.assembly.core
        list["refresh"] = .integer(Int64(core.sessions.refreshKeys.current.epoch))
        list["stored"] = .integer(Int64(try await core.sessions.store.read { try $0.refreshEpochs().count }))
        list["files"] = .array(
            try FileManager.default.contentsOfDirectory(atPath: server.folder + "/keys/kek").sorted().map {
                .string($0)
            })
        return list
    }

    @Test(
        "keys stay as they are where the event cannot be written, and the answer that nothing was changed is true",
        arguments: [
            ("signing", false), ("signing", true), ("refresh", false), ("refresh", true), ("data", false),
            ("root", false),
        ])
    func noEventNoEffect(purpose: String, isCompromised: Bool) async throws {
        try await TestServer.run { server in
            let phone = try await server.signUp("ann@example.org")
            let before = try await Self.keys(server)
            let recorded = try await Self.reasons(server)
            try await server.assembly.core.database.write { connection in
                _ = try connection.execute(
                    "CREATE TRIGGER no_events BEFORE INSERT ON security_event BEGIN SELECT RAISE(ABORT, 'full'); END")
            }
            let arguments: JSONObject = ["purpose": .string(purpose), "compromised": .bool(isCompromised)]
            await #expect(throws: AdminError.storeUnavailable) {
                _ = try await Self.order(server, "keys.rotate", arguments)
            }
            #expect(try await Self.keys(server) == before)
            try await server.assembly.core.database.write { _ = try $0.execute("DROP TRIGGER no_events") }
            #expect(try await Self.reasons(server) == recorded)
            #expect(try await phone.get("/notes").status == 200)
            _ = try await Self.order(server, "keys.rotate", arguments)
            #expect(try await Self.reasons(server).count == recorded.count + 1)
            #expect(try await Self.keys(server) != before)
        }
    }

    @Test("a key-encryption key that cannot be made is recorded as such")
    func noFile() async throws {
        try await TestServer.run { server in
            _ = try await server.signUp("ann@example.org")
            try FileManager.default.createDirectory(
                atPath: server.folder + "/keys/kek/2", withIntermediateDirectories: false)
            await #expect(throws: AdminError.self) {
                _ = try await Self.order(server, "keys.rotate", ["purpose": "data"])
            }
            #expect(
                try await Self.reasons(server).suffix(2)
                    == ["admin.data_keys_rotated", "admin.data_keys_not_rotated"])
            #expect(try await Self.order(server, "keys.list")["data_key_epoch"]?.integer == 1)
        }
    }
}
