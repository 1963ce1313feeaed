import AsyncHTTPClient
import BucklerAssembly
import BucklerPrimitives
import BucklerSecurityEvents
import Foundation
import Monitoring
import NIOCore
import NIOHTTP1
import ServerConfiguration
import ServerTestSupport
import Storage
import Testing

/// I1: no answer, event, metric or database file contains a secret.
@Suite("Invariant I1: no secret escapes", .serialized)
struct NoSecretEscapesTests {
    @Test("a whole story leaves no password, code, token or address in events, metrics, refusals or the database file")
    func story() async throws {
        try await TestServer.run { server in
            let email = "distinctive.person@example.org"
            let password = "a distinctive passphrase 4711"
            let phone = try await server.signUp(email, password: password)
            let firstRefresh = try #require(phone.memory.refreshToken)
            let firstAccess = try #require(phone.memory.accessToken)
            var refusals: [TestAnswer] = []
            refusals.append(try await server.phone().begin(email, password: "a wrong passphrase 0815"))
            refusals.append(try await server.phone().begin("nobody@example.org", password: password))
            try await phone.refresh()
            let thief = server.phone()
            thief.remember { $0.refreshToken = firstRefresh }
            refusals.append(try await thief.refresh())
            refusals.append(try await thief.send("GET", "/notes", accessToken: firstAccess))
            let codes = server.mail.texts(to: try Email(parsing: email)).flatMap { text in
                text.matches(of: /(?m)^\s*(\d{6}|[0-9A-Z]{4}-[0-9A-Z]{4})\s*$/).map { String($0.1) }
            }
            #expect(!codes.isEmpty)
            let secrets = [
                email, "distinctive", password, firstRefresh, firstAccess, try #require(phone.memory.refreshToken),
                try #require(phone.memory.accessToken), phone.codeVerifier,
            ]

            let told = try await Self.record(server) + Self.metrics(server)
            for secret in secrets + codes { #expect(!told.contains(secret), "events or metrics tell a secret") }
            for answer in refusals {
                let text =
                    String(decoding: answer.body, as: UTF8.self) + answer.headers.map { $0.name + $0.value }.joined()
                for secret in secrets { #expect(!text.contains(secret), "a refusal tells a secret") }
            }
            for secret in secrets {
                #expect(try !Self.databaseFiles(server).contains { $0.range(of: Data(secret.utf8)) != nil })
            }
        }
    }

    static func record(_ server: TestServer) async throws -> String {
        let page = try await server.assembly.core.events.events(after: 0, matching: EventFilter(), limit: 1000)
        #expect(page.events.count > 5)
        return page.events.map { JSONValue.object($0.json).text }.joined(separator: "\n")
    }

    static func metrics(_ server: TestServer) async throws -> String {
        let answer = try await server.http.execute(
            HTTPClientRequest(url: "http://\(server.settings.operations)/metrics"), timeout: .seconds(60))
        let body = try await answer.body.collect(upTo: 1 << 20)
        #expect(body.readableBytes > 100)
        return String(decoding: body.readableBytesView, as: UTF8.self)
    }

    static func databaseFiles(_ server: TestServer) throws -> [Data] {
        try FileManager.default.contentsOfDirectory(atPath: server.settings.data)
            .filter { $0.hasPrefix("state.sqlite") }
            .map { try Data(contentsOf: URL(filePath: server.settings.data + "/" + $0)) }
    }
}
