import AsyncHTTPClient
import BucklerPrimitives
import Foundation
import GRDB
import NIOCore
import NIOHTTP1
import ServerTestSupport
import TestSupport
import Testing

@Suite(
    "The real process on a bad disk", .serialized, .timeLimit(.minutes(4)),
    .enabled(if: RealServer.program != nil, "buckler is not built"))
struct BrokenDiskTests {
    private static let configuration = "mode: development\ntrusted_proxies: [127.0.0.1]\n"

    @Test(
        "a full disk: refused in words, nothing acknowledged is lost, and space alone helps",
        .enabled(if: SmallDisk.isAvailable, "needs the right to mount"))
    func full() async throws {
        let disk = try SmallDisk(megabytes: 12)
        let server = try RealServer(folder: disk.path, configuration: Self.configuration)
        try await server.start()
        let owner = TestPhone(site: server.site, seed: 1, client: "notes-ios")
        try await owner.signUp("owner@example.org")
        #expect(try await owner.refresh().status == 200)
        let ballast = try disk.fill()

        let refusal = try await Self.firstRefusal(server)
        #expect(refusal.status == 503 && refusal.code == "server.unavailable", "\(refusal.json)")
        #expect(refusal.headers.first(name: "retry-after") != nil)
        #expect(try await Self.status(server, "/health/ready") == 503)
        #expect(try await Self.status(server, "/health/live") == 200)
        // Whatever is acknowledged in this state counts; a refusal changes nothing, and the same attempt goes on later.
        let attempt = Base64URL.encode(Entropy.system.bytes(16))
        let during = try await owner.refresh(attempt: attempt)
        #expect(during.status == 200 || during.status == 503, "\(during.status) \(during.json)")
        let sessionEnd = try await owner.delete("/buckler/account/sessions/ses_AAAAAAAAAAAAAAAAAAAAAA").status
        #expect(sessionEnd != 204)

        try FileManager.default.removeItem(atPath: ballast)
        let after = try await owner.refresh(attempt: during.status == 200 ? nil : attempt)
        #expect(after.status == 200, "space came back, the server did not: \(after.json)")
        try await server.stop(SIGKILL)
        try await server.start()
        #expect(try await owner.refresh().status == 200, "an acknowledged rotation was lost")
        #expect(try await server.stop() == 0)
    }

    @Test(
        "a disk that is full at the start stops it with 74, and the message says so",
        .enabled(if: SmallDisk.isAvailable, "needs the right to mount"))
    func fullAtStart() async throws {
        let disk = try SmallDisk(megabytes: 1)
        let server = try RealServer(folder: disk.path)
        try FileManager.default.createDirectory(
            atPath: disk.path + "/data", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        _ = try disk.fill()
        let failure = try await server.startAndFail()
        #expect(failure.exitCode == 74 && failure.output.contains("no space left"), "\(failure)")
    }

    @Test(
        "a read-only data folder stops the start with 77 and is named; writable again it starts with everything",
        .enabled(if: SmallDisk.isAvailable, "needs the right to mount"))
    func readOnly() async throws {
        let disk = try SmallDisk(megabytes: 12)
        let server = try RealServer(folder: disk.path)
        try await server.start()
        #expect(try await server.stop() == 0)
        try disk.makeReadOnly()
        let failure = try await server.startAndFail()
        #expect(failure.exitCode == 77, "\(failure)")
        #expect(failure.output.contains("cannot be written") && failure.output.contains(disk.path + "/data"))
    }

    @Test("another program's lock stops the start with 75; while the server runs it delays writes and loses none")
    func locked() async throws {
        let folder = try TemporaryFolder()
        let server = try RealServer(folder: folder.path, configuration: Self.configuration)
        try await server.start()
        let owner = TestPhone(site: server.site, seed: 1, client: "notes-ios")
        try await owner.signUp("owner@example.org")

        var outside = Configuration()
        outside.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.path + "/data/state.sqlite", configuration: outside)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let attempt = Base64URL.encode(Entropy.system.bytes(16))
        let refused = try await owner.refresh(attempt: attempt)
        #expect(refused.status == 503, "\(refused.status) \(refused.json)")
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        #expect(try await owner.refresh(attempt: attempt).status == 200)
        #expect(try await server.stop() == 0)

        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        let failure = try await server.startAndFail()
        #expect(failure.exitCode == 75 && failure.output.contains("holds a lock on the database"), "\(failure)")
        try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        try other.close()
        try await server.start()
        #expect(try await owner.refresh().status == 200)
        #expect(try await server.stop() == 0)
    }

    @Test(
        "keys that others could read or put there stop the start with 78, and each is named",
        arguments: [
            ("keys", 0o755, "0755"), ("keys", 0o770, "0770"), ("keys/root.key", 0o640, "0640"),
            ("keys/root.key", 0o602, "0602"), ("keys/kek", 0o711, "0711"),
        ])
    func wideModes(path: String, mode: Int, text: String) async throws {
        let folder = try TemporaryFolder()
        let server = try RealServer(folder: folder.path)
        try await server.start()
        #expect(try await server.stop() == 0)
        #expect(chmod(folder.path + "/" + path, mode_t(mode)) == 0)
        let failure = try await server.startAndFail()
        #expect(failure.exitCode == 78 && failure.output.contains("\(path) has mode \(text)"), "\(failure)")
    }

    /// What the first sign-in is told for which there is no room.
    private static func firstRefusal(_ server: RealServer) async throws -> TestAnswer {
        for number in 0..<2000 {
            let stranger = TestPhone(site: server.site, seed: UInt64(1000 + number), client: "notes-ios")
            let answer = try await stranger.begin("stranger\(number)@example.org", password: nil)
            if answer.status >= 500 { return answer }
        }
        throw RealServerFailure(exitCode: 0, output: "a full disk took everything")
    }

    private static func status(_ server: RealServer, _ path: String) async throws -> Int {
        let answer = try await server.http.execute(HTTPClientRequest(url: server.url + path), timeout: .seconds(60))
        _ = try await answer.body.collect(upTo: 1 << 16)
        return Int(answer.status.code)
    }
}
