import AsyncHTTPClient
import BucklerAssembly
import BucklerPrimitives
import NIOCore
import NIOHTTP1
import NIOHTTP2
import ServerConfiguration
import ServerTestSupport
import Sessions
import Testing

/// PD-04: acknowledged means effective, for what is already under way too.
@Suite("A download whose session ends", .serialized, .timeLimit(.minutes(5)))
struct CutDownloadTests {
    private static let length = 1 << 30

    @Test("1 GiB is cut when the session is ended, and HTTP/2 says CANCEL", arguments: [false, true])
    func cut(http2: Bool) async throws {
        try await TestServer.run { server in
            let client = TestSite.client(trusting: server.settings.data + "/dev-ca.pem", http2: http2)
            let phone = try await server.signUp("reader@example.org")
            #expect(try await phone.get("/notes").status == 200)
            let answer = try await phone.open("/bytes/\(Self.length)", over: client)
            #expect(answer.status == .ok && answer.version == (http2 ? .http2 : .http1_1))
            var received = 0
            var body = answer.body.makeAsyncIterator()
            while received < 4 << 20, let part = try await body.next() { received += part.readableBytes }
            #expect(server.assembly.core.sessions.ended.openExchangeCount == 1)

            let session = try #require(phone.memory.session)
            #expect(try await phone.delete("/buckler/account/sessions/\(session)").status == 204)
            #expect(server.assembly.core.sessions.ended.openExchangeCount == 0)
            let end = await Self.readToTheEnd(&body, &received)
            #expect(received < Self.length / 4, "\(received) bytes came after all")
            let failure = try #require(end, "the answer ended as if it were whole")
            if http2 { #expect((failure as? NIOHTTP2Errors.StreamClosed)?.errorCode == .cancel, "\(failure)") }
            #expect(try await phone.get("/notes").status == 401)
            try await client.shutdown()
        }
    }

    @Test("another person's download goes on", arguments: [false, true])
    func others(http2: Bool) async throws {
        try await TestServer.run { server in
            let client = TestSite.client(trusting: server.settings.data + "/dev-ca.pem", http2: http2)
            let leaver = try await server.signUp("leaver@example.org")
            let stayer = try await server.signUp("stayer@example.org")
            _ = try await stayer.get("/notes")
            let answer = try await stayer.open("/bytes/\(32 << 20)", over: client)
            let session = try #require(leaver.memory.session)
            #expect(try await leaver.delete("/buckler/account/sessions/\(session)").status == 204)
            var received = 0
            for try await part in answer.body { received += part.readableBytes }
            #expect(received == 32 << 20)
            try await client.shutdown()
        }
    }

    /// Why the body ended; nil if it came to its own end.
    private static func readToTheEnd(
        _ body: inout HTTPClientResponse.Body.AsyncIterator, _ received: inout Int
    ) async -> (any Error)? {
        do {
            while let part = try await body.next() { received += part.readableBytes }
            return nil
        } catch {
            return error
        }
    }
}
