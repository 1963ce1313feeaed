import AsyncHTTPClient
import BucklerPrimitives
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Measures our figures and their floors in one run and prints the ratios.
///
/// `BucklerBench [--server PATH] [--quick] [--only start|sign-in|refresh|gateway|bare|proofs]`; the server is a release
/// build. CPU seconds are the operating system's own accounting of the server process, so that client and server may share
/// the machine. `bare` and `proofs` send requests of one kind only, for profiles.
@main
struct BucklerBench {
    let folder: URL
    let server: ServerUnderTest
    let quick: Bool
    let only: String?
    var report = Report()

    static func main() async throws {
        let arguments = CommandLine.arguments
        let path = arguments.firstIndex(of: "--server").map { arguments[$0 + 1] } ?? ".build-run/release/buckler"
        let folder = FileManager.default.temporaryDirectory.appending(path: "buckler-bench-\(getpid())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let upstreamPort = try freePort()
        let server = ServerUnderTest(
            folder: folder.appending(path: "server"), executable: URL(filePath: path), port: try freePort(),
            operationsPort: try freePort(), upstreamPort: upstreamPort)
        try server.prepare()
        var bench = BucklerBench(
            folder: folder, server: server, quick: arguments.contains("--quick"),
            only: arguments.firstIndex(of: "--only").map { arguments[$0 + 1] })
        try await bench.run()
    }

    mutating func run() async throws {
        print("buckler: measuring; a run takes some minutes and prints as it goes\n")
        let verifications = try Floors.p256VerificationsPerSecond()
        report.row(
            "P-256 verification, one core", verifications, "/s", note: "\(Report.short(1e6 / verifications)) µs each")
        report.row("disk, small durable writes", try Machine.syncsPerSecond(in: server.folder), "/s")

        let nginx = NginxPeer(
            folder: folder.appending(path: "nginx"), tlsPort: try freePort(), upstreamPort: server.upstreamPort)
        guard let peers = try nginx.start() else {
            throw BenchError("nginx is needed as upstream and peer: apt-get install nginx-light")
        }
        defer {
            peers.proxy.stop()
            peers.upstream.stop()
        }
        if wants("start") { try await measureStart() }
        let process = try server.start()
        defer { process.stop() }
        let http = try client(.automatic, trust: try await waitUntilReady().certificateAuthority)
        if wants("sign-in") || wants("refresh") {
            let people = try await measureSignIns(process, http)
            if wants("refresh") { try await measureRefresh(process, people) }
        }
        if ["gateway", "proofs", "bare"].contains(where: wants) {
            try await measureGateways(process, peers.proxy.identifier, nginx)
        }
        try await http.shutdown()
    }

    /// One part of the run, for whoever works on it.
    func wants(_ part: String) -> Bool { only.map { $0 == part } ?? true }

    mutating func measureGateways(
        _ process: StartedProcess, _ proxy: Int32, _ nginx: NginxPeer
    ) async throws {
        let peerProcesses = [proxy] + Machine.children(of: proxy)
        for (name, version) in [("HTTP/1.1", HTTPClient.Configuration.HTTPVersion.http1Only), ("HTTP/2", .automatic)] {
            let ours = try client(version, trust: server.certificateAuthority)
            let theirs = try client(version, trust: nginx.certificate)
            try await measureGateway(
                name, process, ours, (peerProcesses, theirs, "https://localhost:\(nginx.tlsPort)/status"))
            try await ours.shutdown()
            try await theirs.shutdown()
        }
    }

    func client(_ version: HTTPClient.Configuration.HTTPVersion, trust: String) throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(trust)
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = version
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func waitUntilReady() async throws -> ServerUnderTest {
        for _ in 0..<4000 {
            if FileManager.default.fileExists(atPath: server.certificateAuthority) {
                let http = try client(.http1Only, trust: server.certificateAuthority)
                let answer = try? await http.get(url: server.url + "/health/ready").get()
                try await http.shutdown()
                if answer?.status == .ok { return server }
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw BenchError("the server is not ready; see \(server.folder.path)/server.log")
    }

    mutating func measureStart() async throws {
        let first = try server.start()
        _ = try await waitUntilReady()
        first.stop()
        var times: [Double] = []
        for _ in 0..<5 {
            let start = ContinuousClock.now
            let process = try server.start()
            _ = try await waitUntilReady()
            times.append((ContinuousClock.now - start).inSeconds * 1000)
            process.stop()
        }
        report.row("second start to ready (median of 5)", times.sorted()[2], "ms", budget: 250)
    }
}
