import BucklerAPI
import BucklerPrimitives
import Foundation
import SecureChannel
import ServerGateway
import ServerHTTP
import Testing

/// RFC 9110 §6.6.1: an origin server with a clock dates its answers, and so does who passes on an undated one.
@Suite("Date of every answer", .timeLimit(.minutes(5)))
struct DateFieldTests {
    private static let now = "date: Thu, 01 Jan 2026 00:00:00 GMT"

    private static func dates(_ answer: String) -> [String] {
        answer.split(separator: "\r\n").map(String.init).filter { $0.lowercased().hasPrefix("date:") }
    }

    @Test(
        "our own answers and refusals carry one Date, of the injected clock, and no Server",
        arguments: [
            "GET /buckler/hello", "GET /buckler/missing", "DELETE /buckler/hello", "GET /buckler/fault", "GET /closed",
            "GET /a%2Fb", "TRACE /x",
        ])
    func own(line: String) async throws {
        try await GatewayRig.run(upstream: nil, rules: [RouteRule(.everything, access: .session)]) { rig in
            let wire = try await rig.connect()
            try await wire.send("\(line) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = await wire.receivedAtEnd()
            #expect(answer.hasPrefix("HTTP/1.1 "))
            #expect(Self.dates(answer) == [Self.now])
            #expect(!answer.lowercased().contains("\r\nserver:"))
        }
    }

    @Test("the date moves with the injected clock")
    func moves() async throws {
        try await GatewayRig.run(upstream: nil) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /buckler/hello HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = await wire.received(until: "world")
            rig.sessions.clock.advance(by: .seconds(1))
            wire.forget()
            try await wire.send("GET /buckler/hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(Self.dates(await wire.received(until: "world")) == ["date: Thu, 01 Jan 2026 00:00:01 GMT"])
        }
    }

    @Test(
        "an upstream's date stands; where it has none the gateway's is added",
        arguments: [
            ("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "Date: Sun, 06 Nov 1994 08:49:37 GMT"), ("", now),
        ])
    func proxied(fields: String, expected: String) async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\n\(fields)Content-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(Self.dates(await wire.receivedAtEnd()) == [expected])
        }
        await upstream.stop()
    }

    @Test("the address in a problem's type lists every code with its meaning, and may be cached")
    func problemList() async throws {
        try await GatewayRig.run(upstream: nil, routes: [ProblemListRoutes()]) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /buckler/problems HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = await wire.receivedAtEnd()
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.lowercased().contains("\r\ncontent-type: application/json\r\n"))
            #expect(answer.lowercased().contains("\r\ncache-control: public, max-age=3600\r\n"))
            let body = try StrictJSON.parseObject(Array((answer.components(separatedBy: "\r\n\r\n").last ?? "").utf8))
            let listed = body["problems"]?.array?.compactMap { $0.object?["code"]?.string } ?? []
            #expect(listed == ProblemCode.all.map(\.text))
            let first = try #require(body["problems"]?.array?.first?.object)
            #expect(first["title"]?.string?.isEmpty == false && first["explanation"]?.string?.isEmpty == false)
        }
    }
}
