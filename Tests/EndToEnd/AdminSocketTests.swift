import BucklerPrimitives
import Dispatch
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServerConfiguration
import ServerTestSupport
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import BucklerAssembly

@Suite("The admin socket", .timeLimit(.minutes(5)))
struct AdminSocketTests {
    @Test("a ninth connection is closed, the server lives on, and a place that is given back is used")
    func ninth() async throws {
        try await withSocket(lineDeadline: .minutes(10)) { path in
            var silent: [Int32] = []
            for _ in 0..<8 { silent.append(try await connected(path)) }
            for _ in 0..<3 {
                let ninth = try await connected(path)
                #expect(await isClosed(ninth))
            }
            close(silent.removeLast())
            #expect(await answered(path))
            for descriptor in silent { close(descriptor) }
        }
    }

    @Test("eight silent connections, and such that send byte by byte, do not keep the operator out")
    func silent() async throws {
        try await withSocket(lineDeadline: .milliseconds(100)) { path in
            var silent: [Int32] = []
            for _ in 0..<8 { silent.append(try await connected(path)) }
            for descriptor in silent.suffix(3) { _ = write(descriptor, "{", 1) }
            #expect(await answered(path))
            for descriptor in silent { close(descriptor) }
        }
    }

    @Test("a connection that goes away before its order leaves the server alone")
    func goneEarly() async throws {
        try await withSocket(lineDeadline: .minutes(10)) { path in
            for _ in 0..<50 { close(try await connected(path)) }
            #expect(await answered(path))
        }
    }

    @Test("followers whose peer went away give their places back although nothing happens")
    func abandoned() async throws {
        let desk = Desk()
        try await withSocket(desk, lineDeadline: .minutes(10)) { path in
            for round in 1...4 {
                var following: [Int32] = []
                for _ in 0..<6 { following.append(try await follower(path, desk)) }
                await desk.reaches(follows: 6, begun: 6 * round)
                for descriptor in following { close(descriptor) }
                await desk.reaches(follows: 0, begun: 6 * round)
            }
            #expect(await answered(path))
        }
    }

    @Test("as many followers as may be leave a place for an order that ends; one more is told so")
    func placeForOrders() async throws {
        let desk = Desk()
        try await withSocket(desk, lineDeadline: .minutes(10)) { path in
            var following: [Int32] = []
            for _ in 0..<6 { following.append(try await follower(path, desk)) }
            await desk.reaches(follows: 6, begun: 6)
            let further = await outcome(path, Self.follow)
            #expect(further == .refusal(message: AdminError.tooManyFollow.message, exitCode: 73))
            #expect(await answered(path))
            #expect(desk.begun == 6)
            for descriptor in following { close(descriptor) }
        }
    }

    @Test("a server that stops ends its followers and waits for none, read or not")
    func stopped() async throws {
        let own = try TemporaryFolder(.disk)
        let path = own.path + "/admin.sock"
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let desk = Desk()
        let socket = AdminSocket(path: path, desk: desk, group: loops, logger: Logger(label: "test"))
        let services = ServiceGroup(
            services: [socket], gracefulShutdownSignals: [], cancellationSignals: [], logger: Logger(label: "test"))
        let running = Task { try await services.run() }
        async let read = outcome(path, Self.follow)
        await desk.reaches(follows: 1, begun: 1)
        let flooded = try await follower(path, desk, AdminRequest("events.tail", ["follow": true, "count": 1000]))
        await desk.reaches(follows: 2, begun: 2)
        await services.triggerGracefulShutdown()
        // No drain time is set: a follow that goes on would keep this for ever.
        try await running.value
        #expect(await read == .result(["verb": "events.tail"]))
        #expect(desk.follows == 0)
        close(flooded)
        try await loops.shutdownGracefully()
    }

    private static let follow = AdminRequest("events.tail", ["follow": true])

    /// A connection whose order to follow was taken up, and that reads nothing.
    ///
    /// Tries again where the places of those who left are not back yet.
    private func follower(_ path: String, _ desk: Desk, _ request: AdminRequest = AdminSocketTests.follow) async throws
        -> Int32
    {
        let before = desk.begun
        let line = request.line + [0x0A]
        while true {
            let descriptor = try await connected(path)
            _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            var byte: UInt8 = 0
            while desk.begun == before, recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) < 0,
                errno == EAGAIN
            {
                try Task.checkCancellation()
                await Task.yield()
            }
            if desk.begun > before { return descriptor }
            close(descriptor)
        }
    }

    private func withSocket(
        _ desk: Desk = Desk(), lineDeadline: TimeAmount, _ body: (String) async throws -> Void
    ) async throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        let path = folder + "/admin.sock"
        // One loop, so that connections are taken in the order in which they were made.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let socket = AdminSocket(
            path: path, desk: desk, group: group, logger: Logger(label: "test"),
            lineDeadline: lineDeadline)
        let running = Task { try await socket.run() }
        try await body(path)
        running.cancel()
        _ = await running.result
        try await group.shutdownGracefully()
    }

    /// Waits until the socket is there.
    private func connected(_ path: String) async throws -> Int32 {
        while true {
            if let descriptor = Self.connect(path) { return descriptor }
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    private static func connect(_ path: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        #if os(Linux)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(descriptor, $0, length) }
        }
        if status == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    /// True once the server has closed the connection without a byte.
    private func isClosed(_ descriptor: Int32) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var byte: UInt8 = 0
                let count = read(descriptor, &byte, 1)
                close(descriptor)
                continuation.resume(returning: count <= 0)
            }
        }
    }

    /// Orders until a connection has a place; true if the answer is the desk's.
    private func answered(_ path: String) async -> Bool {
        await outcome(path, AdminRequest("status")) == .result(["verb": "status"])
    }

    /// Orders until a connection has a place; nil once cancelled.
    private func outcome(_ path: String, _ request: AdminRequest) async -> AdminClient.Outcome? {
        while !Task.isCancelled {
            let outcome: AdminClient.Outcome? = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(returning: try? AdminClient(path: path).send(request) { _ in })
                }
            }
            if let outcome { return outcome }
        }
        return nil
    }
}

/// Says what it was asked; follows until it is cancelled, and floods its peer where a count is asked for.
private final class Desk: AdminDesk {
    private let state = Mutex((follows: 0, begun: 0))

    /// How many follow now.
    var follows: Int { state.withLock { $0.follows } }
    /// How many began to follow.
    var begun: Int { state.withLock { $0.begun } }

    /// Waits until so many follow and began to.
    func reaches(follows: Int, begun: Int) async {
        while state.withLock({ $0 != (follows, begun) }), !Task.isCancelled { await Task.yield() }
    }

    func carryOut(
        _ request: AdminRequest, emit: @escaping @Sendable (JSONObject) async throws -> Void
    ) async throws(AdminError) -> JSONObject {
        if request.arguments["follow"]?.bool == true {
            state.withLock { state in
                state.follows += 1
                state.begun += 1
            }
            let (never, continuation) = AsyncStream<Void>.makeStream()
            let filler = JSONValue.string(String(repeating: "x", count: 4096))
            while request.arguments["count"] != nil, !Task.isCancelled {
                guard (try? await emit(["filler": filler])) != nil else { break }
            }
            for await _ in never {}
            withExtendedLifetime(continuation) {}
            state.withLock { $0.follows -= 1 }
        }
        return ["verb": .string(request.verb)]
    }
}

@Suite("Files that the operator names", .timeLimit(.minutes(5)))
struct OperatorFileTests {
    @Test("a backup into the keys folder is refused, whatever it is called")
    func backup() async throws {
        try await TestServer.run { server in
            try FileManager.default.createSymbolicLink(
                atPath: server.folder + "/link", withDestinationPath: server.folder + "/keys")
            let inside = ["/keys/b", "/keys/kek/b", "/data/../keys/b", "/link/b", "/link/kek/b", "/keys/../keys/b"]
            for path in inside {
                let outcome = await order(AdminRequest("backup", ["path": .string(server.folder + path)]), server)
                guard case .refusal(_, 73) = outcome else {
                    Issue.record("\(path) was not refused: \(String(describing: outcome))")
                    return
                }
            }
            let fine = AdminRequest("backup", ["path": .string(server.folder + "/keys-of-nobody")])
            guard case .result = await order(fine, server) else {
                Issue.record("a folder beside was refused")
                return
            }
        }
    }

    @Test("a secret behind links is read, and judged by the mode of the file, not of the link")
    func links() throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        let (file, first, second) = (folder + "/secret", folder + "/first", folder + "/second")
        #expect(FileManager.default.createFile(atPath: file, contents: Data("hush\n".utf8)))
        try FileManager.default.createSymbolicLink(atPath: first, withDestinationPath: "secret")
        try FileManager.default.createSymbolicLink(atPath: second, withDestinationPath: first)
        chmod(file, 0o600)
        #expect(try SecretFile.read(key: "smtp.password_file", path: second).withExposedText { $0 } == "hush")
        #expect(FileStatus(second)?.mode == 0o600)
        #expect(FileStatus(second)?.isRegularFile == true)
        chmod(file, 0o644)
        #expect(problem(second)?.contains("chmod 600") == true)
        unlink(file)
        #expect(problem(second)?.contains("does not exist") == true)
    }

    @Test("what is no file is refused, and does not keep the start waiting")
    func noFile() throws {
        let own = try TemporaryFolder(.disk)
        let folder = own.path
        #expect(problem(folder)?.contains("not a regular file") == true)
        mkfifo(folder + "/pipe", 0o600)
        #expect(problem(folder + "/pipe")?.contains("not a regular file") == true)
    }

    private func problem(_ path: String) -> String? {
        do {
            _ = try SecretFile.read(key: "smtp.password_file", path: path)
            return nil
        } catch {
            guard case .file(_, _, let problem) = error else { return nil }
            return problem
        }
    }

    private func order(_ request: AdminRequest, _ server: TestServer) async -> AdminClient.Outcome? {
        let path = server.settings.data + "/admin.sock"
        while !Task.isCancelled {
            let outcome: AdminClient.Outcome? = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(returning: try? AdminClient(path: path).send(request) { _ in })
                }
            }
            if let outcome { return outcome }
        }
        return nil
    }
}
