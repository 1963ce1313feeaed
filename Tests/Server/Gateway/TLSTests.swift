import AsyncHTTPClient
import BucklerPrimitives
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SecureChannel
import ServiceLifecycle
import TestSupport
import Testing

@testable import ServerGateway

/// TLS, HTTP/2, reload and a graceful stop, with a foreign client.
@Suite("TLS and HTTP/2", .timeLimit(.minutes(5)))
struct TLSTests {
    /// A client that trusts one development authority.
    static func client(_ certificate: DevelopmentCertificate, http2: Bool = true) throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.authority.utf8)))
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = http2 ? .automatic : .http1Only
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    /// Runs with a client that is shut down however the test ends.
    static func withClient<R: Sendable>(
        _ certificate: DevelopmentCertificate, http2: Bool = true,
        _ body: @Sendable (HTTPClient) async throws -> R
    ) async throws -> R {
        let client = try client(certificate, http2: http2)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    static func certificate(seed: UInt64 = 5) throws -> DevelopmentCertificate {
        try DevelopmentCertificateAuthority.issue(clock: .system, entropy: .seeded(seed))
    }

    static func tls(_ certificate: DevelopmentCertificate) throws -> ServerTLS {
        try ServerTLS(.texts(chain: certificate.chain, key: certificate.key))
    }

    @Test(
        "own endpoints and the upstream are served over HTTP/2 and HTTP/1.1, secure fields on both",
        arguments: [true, false])
    func bothVersions(http2: Bool) async throws {
        let certificate = try Self.certificate()
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port, tls: try Self.tls(certificate)) { rig in
            try await Self.withClient(certificate, http2: http2) { client in
                for path in ["/a", "/buckler/hello", "/buckler/none", "/a//b"] {
                    let answer = try await client.execute(
                        HTTPClientRequest(url: "https://localhost:\(rig.port)\(path)"), timeout: .seconds(60))
                    #expect(answer.version == (http2 ? .http2 : .http1_1))
                    #expect(answer.headers.first(name: "x-content-type-options") == "nosniff")
                    #expect(answer.headers.first(name: "strict-transport-security") == "max-age=0")
                    _ = try await answer.body.collect(upTo: 65_536)
                }
            }
        }
        await upstream.stop()
    }

    @Test("a hundred streams at once are answered, each with its own body")
    func manyStreams() async throws {
        let certificate = try Self.certificate()
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port, tls: try Self.tls(certificate)) { rig in
            try await Self.withClient(certificate) { client in
                let good = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                    for number in 0..<100 {
                        let path = number.isMultiple(of: 3) ? "/buckler/hello" : "/a"
                        tasks.addTask {
                            let answer = try await client.execute(
                                HTTPClientRequest(url: "https://localhost:\(rig.port)\(path)"), timeout: .seconds(60))
                            let body = String(buffer: try await answer.body.collect(upTo: 1024))
                            return body == (path == "/a" ? "ok" : "{\"hello\":\"world\"}")
                        }
                    }
                    return try await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(good == 100)
            }
        }
        await upstream.stop()
    }

    @Test("a graceful stop loses no HTTP/2 answer that is under way")
    func gracefulStop() async throws {
        let certificate = try Self.certificate()
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, tls: try Self.tls(certificate)) { rig in
            try await Self.withClient(certificate) { client in
                async let answered: String = {
                    let answer = try await client.execute(
                        HTTPClientRequest(url: "https://localhost:\(rig.port)/slow"), timeout: .seconds(60))
                    return String(buffer: try await answer.body.collect(upTo: 1024))
                }()
                let behind = try #require(await upstream.next())
                await behind.received(until: "\r\n\r\n")
                rig.gateway.beginDraining()
                await rig.group.triggerGracefulShutdown()
                try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast")
                #expect(try await answered == "last")
            }
        }
        await upstream.stop()
    }

    @Test("a changed certificate serves new connections while old ones go on; a broken file changes nothing")
    func reload() async throws {
        let folder = try TemporaryFolder()
        let (chain, key) = (folder.path + "/chain.pem", folder.path + "/key.pem")
        @Sendable func write(_ certificate: DevelopmentCertificate) throws {
            try certificate.chain.write(toFile: chain, atomically: true, encoding: .utf8)
            try certificate.key.write(toFile: key, atomically: true, encoding: .utf8)
        }
        let (first, second) = (try Self.certificate(seed: 1), try Self.certificate(seed: 2))
        try write(first)
        let tls = try ServerTLS(.files(chain: chain, key: key))
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port, tls: tls) { rig in
            try await Self.withClient(first) { old in
                try await Self.withClient(second) { new in
                    let url = "https://localhost:\(rig.port)/a"
                    _ = try await old.execute(HTTPClientRequest(url: url), timeout: .seconds(60)).body.collect(upTo: 10)
                    try write(second)
                    #expect(try tls.reloadIfChanged())
                    #expect(try !tls.reloadIfChanged())
                    _ = try await new.execute(HTTPClientRequest(url: url), timeout: .seconds(60)).body.collect(upTo: 10)
                    // The open connection of the old certificate goes on.
                    _ = try await old.execute(HTTPClientRequest(url: url), timeout: .seconds(60)).body.collect(upTo: 10)
                    // A key that does not belong to the chain is refused, and the pair in use stays.
                    try first.key.write(toFile: key, atomically: true, encoding: .utf8)
                    #expect(throws: CertificateError.pair) { _ = try tls.reloadIfChanged() }
                    try "nonsense".write(toFile: chain, atomically: true, encoding: .utf8)
                    #expect(throws: CertificateError.self) { try tls.reload() }
                    _ = try await Self.withClient(second) { third in
                        try await third.execute(HTTPClientRequest(url: url), timeout: .seconds(60)).body.collect(
                            upTo: 10)
                    }
                }
            }
        }
        await upstream.stop()
    }

    @Test("a client of another authority does not connect")
    func foreignAuthority() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, tls: try Self.tls(try Self.certificate(seed: 1))) { rig in
            try await Self.withClient(try Self.certificate(seed: 2)) { client in
                await #expect(throws: (any Error).self) {
                    _ = try await client.execute(
                        HTTPClientRequest(url: "https://localhost:\(rig.port)/a"), timeout: .seconds(5))
                }
            }
        }
        await upstream.stop()
    }

    @Test("plain bytes on the TLS port are closed, also when the handshake never ends")
    func noHandshake() async throws {
        var limits = GatewayLimits()
        limits.handshakeTime = .milliseconds(100)
        try await GatewayRig.run(upstream: nil, tls: try Self.tls(try Self.certificate()), limits: limits) { rig in
            let plain = try await rig.connect()
            // On a busy machine the time for the handshake may be over before the bytes are written: closed is closed.
            _ = try? await plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await !plain.receivedAtEnd().contains("HTTP/1.1 200"))
            let silent = try await rig.connect()
            #expect(await silent.receivedAtEnd().isEmpty)
        }
    }
}
