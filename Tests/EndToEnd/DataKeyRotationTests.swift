import BucklerAssembly
import BucklerPrimitives
import DataProtection
import Foundation
import ServerTestSupport
import TestSupport
import Testing

@Suite("Rotation of the key that wraps data keys", .timeLimit(.minutes(5)))
struct DataKeyRotationTests {
    private static func order(_ server: TestServer, _ verb: String, _ arguments: JSONObject = [:]) async throws
        -> JSONObject
    {
        try await OperatorDesk(core: server.assembly.core, hasServer: true)
            .carryOut(AdminRequest(verb, arguments)) { _ in }
    }

    @Test("it happens online, leaves nobody behind, and people sign in before, during and after, also after a restart")
    func online() async throws {
        var options = TestServer.Options()
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        options.folder = folder
        try await TestServer.run(options) { server in
            for name in ["ann", "bea", "cleo"] { _ = try await server.signUp("\(name)@example.org") }
            let before = try await Self.order(server, "keys.list")
            #expect(before["data_key_epoch"]?.integer == 1 && before["data_keys_behind"]?.integer == 0)
            async let rotated = Self.order(server, "keys.rotate", ["purpose": "data"])
            _ = try await server.signUp("dora@example.org")
            #expect(try await rotated["rotated"]?.string == "data")
            let after = try await Self.order(server, "keys.list")
            #expect(after["data_key_epoch"]?.integer == 2 && after["data_keys_behind"]?.integer == 0)
            _ = try await server.signUp("eve@example.org")
            try await server.phone().signIn("ann@example.org")
            await #expect(throws: AdminError.self) {
                try await Self.order(server, "keys.rotate", ["purpose": "data", "compromised": true])
            }
        }
        #expect(access(folder + "/keys/kek/2", F_OK) == 0)
        // No running data need the older key any more.
        try FileManager.default.moveItem(atPath: folder + "/keys/kek/1", toPath: folder + "/old-kek")
        options.seed = 8
        try await TestServer.run(options) { server in
            for name in ["bea", "dora", "eve"] { try await server.phone().signIn("\(name)@example.org") }
        }
    }

    @Test("a kill after the new key's file was made: the next start uses it, and housekeeping brings the rest")
    func killed() async throws {
        var options = TestServer.Options()
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        options.folder = folder
        try await TestServer.run(options) { server in
            _ = try await server.signUp("ann@example.org")
            try server.assembly.core.addDataKeyEpoch()
        }
        options.seed = 8
        try await TestServer.run(options) { server in
            let found = try await Self.order(server, "keys.list")
            #expect(found["data_key_epoch"]?.integer == 2 && found["data_keys_behind"]?.integer == 1)
            try await server.phone().signIn("ann@example.org")
            try await server.assembly.core.keepHouse()
            #expect(try await Self.order(server, "keys.list")["data_keys_behind"]?.integer == 0)
            try await server.phone().signIn("ann@example.org")
        }
    }
}
