import BucklerPrimitives
import BucklerSecurityEvents
import Foundation
import SecureChannel
import ServerGateway
import Sessions
import Synchronization
import Testing

/// Where one answer ends and the next begins, and who is told to have been refused.
@Suite("Answers and their ends", .timeLimit(.minutes(5)))
struct AnswerBoundaryTests {
    @Test("our endpoints answer HEAD like GET, without a body, and the next answer stands where it belongs")
    func head() async throws {
        try await GatewayRig.run(upstream: nil) { rig in
            let wire = try await rig.connect()
            try await wire.send(
                "HEAD /buckler/hello HTTP/1.1\r\nHost: a\r\n\r\nHEAD /buckler/echo HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /buckler/hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answers = await wire.receivedAtEnd().components(separatedBy: "HTTP/1.1 ").dropFirst()
            #expect(answers.map { String($0.prefix(3)) } == ["200", "405", "200"])
            #expect(answers.prefix(2).allSatisfy { $0.hasSuffix("\r\n\r\n") })
            #expect(answers.last?.hasSuffix("{\"hello\":\"world\"}") == true)
        }
    }

    @Test("a connection of the upstream's that answered HEAD with a length is not used again")
    func headUpstream() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let first = try #require(await upstream.next())
            await first.received(until: "\r\n\r\n")
            try await first.send("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n")
            await wire.received(until: "\r\n\r\n")
            try await wire.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            let second = try #require(await upstream.next())
            await second.received(until: "GET /b ")
            try await second.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood")
            await wire.received(until: "good")
        }
        await upstream.stop()
    }

    @Test("what an upstream sends beyond its answer never becomes the next answer")
    func surplus() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let upstream = try await RawUpstream(answering: answer + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answers = await wire.receivedAtEnd()
            #expect(!answers.contains("forged"))
            #expect(answers.components(separatedBy: "\r\n\r\nok").count == 3)
        }
        await upstream.stop()
    }

    @Test("a refusal of a verified session names the session, and the client behind a trusted proxy")
    func incident() async throws {
        let session = SessionID.random(.seeded(77))
        let rule = RouteRule(.everything, access: .session, minimumLevel: RequiredLevel(rawValue: 2))
        try await GatewayRig.run(upstream: 1, rules: [rule], trusted: TrustedProxies { $0 == .loopback }) { rig in
            let wire = try await rig.connect()
            let token = try rig.sessions.token(session: session)
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\nConnection: close\r\n"
                    + (try rig.sessions.fields("GET", "/a", token: token)) + "\r\n")
            #expect(await wire.receivedAtEnd().contains("channel.step_up_required"))
            let incident = try #require(rig.incidents.last)
            #expect(incident.token?.session == session)
            #expect(incident.source == SourceAddress(bytes: [192, 0, 2, 7]))
        }
    }

    @Test("an identity header that was signed before the keys changed is not sent any more")
    func identityKeys() async throws {
        let rig = try await SessionRig()
        let (revision, signatures) = (SharedNumber(), SharedNumber())
        let mint = IdentityHeaderMint(
            issuer: "i", audience: "a", clock: rig.clock.clock, revision: { revision.value }
        ) { _ in "signature \(signatures.next())" }
        let tokens = AccessTokenVerifier(
            issuer: GatewayRig.publicURL + "/buckler", audiences: ["notes-api"], keys: rig.keys, clock: rig.clock.clock)
        let token = try tokens.verify(try rig.token(), audience: nil)
        #expect(try mint.header(for: token) == "signature 1")
        #expect(try mint.header(for: token) == "signature 1")
        _ = revision.next()
        #expect(try mint.header(for: token) == "signature 2")
        #expect(try mint.header(for: token) == "signature 2")
    }
}

private final class SharedNumber: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    func next() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }
}
