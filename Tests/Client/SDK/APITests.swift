import Buckler
import BucklerPrimitives
import BucklerTesting
import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

@Suite("Calling the API")
struct APITests {
    let phone = Phone()

    private func request(_ path: String, method: String = "GET") throws -> URLRequest {
        var request = URLRequest(url: try #require(URL(string: phone.fake.server + path)))
        request.httpMethod = method
        return request
    }

    @Test("URLSession's shapes answer with the API's bytes and head")
    func shapes() async throws {
        let (_, session) = try await phone.signedIn()
        let (data, head) = try await session.api.data(for: request("/notes"))
        #expect(data == Data(#"["milk"]"#.utf8))
        #expect(head.statusCode == 200)
        let (bytes, _) = try await session.api.bytes(for: request("/notes"))
        var collected: [UInt8] = []
        for try await byte in bytes { collected.append(byte) }
        #expect(collected == Array(#"["milk"]"#.utf8))
        let (file, _) = try await session.api.download(for: request("/notes"))
        #expect(try Data(contentsOf: file) == data)
        try FileManager.default.removeItem(at: file)
    }

    @Test("an upload sends its body, and again when the server wants a new nonce")
    func upload() async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.respond("POST", "/notes") { request in
            guard case .bytes(let bytes) = request.body else { return .json("{}", status: 400) }
            return FakeAnswer(status: 201, body: bytes)
        }
        phone.fake.forgetNonces()
        let (data, head) = try await session.api.upload(for: request("/notes", method: "POST"), from: Data("eggs".utf8))
        #expect(head.statusCode == 201)
        #expect(data == Data("eggs".utf8))
    }

    @Test("a stream is sent once, with a nonce that was fetched first when the old one is older than 240 s")
    func stream() async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.respond("PUT", "/large") { _ in .json("{}", status: 201) }
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield([1, 2, 3])
            continuation.finish()
        }
        phone.fake.time.advance(by: .seconds(250))
        let (_, head) = try await session.api.upload(for: request("/large", method: "PUT"), from: stream)
        #expect(head.statusCode == 201)
    }

    @Test(
        "a proof and a token are for this server only",
        arguments: [
            "https://evil.example.com/notes", "http://buckler.test/notes",
            "https://buckler.test.evil.example.com/notes",
            "https://buckler.test@evil.example.com/",
        ])
    func foreignOrigin(url: String) async throws {
        let (_, session) = try await phone.signedIn()
        let request = URLRequest(url: try #require(URL(string: url)))
        #expect(await code { _ = try await session.api.data(for: request) } == "client.invalid_request")
        #expect(await code { _ = try await session.api.authorize(request) } == "client.invalid_request")
    }

    @Test("an authorised request carries one token and one proof, and nothing the app put there itself")
    func authorize() async throws {
        let (_, session) = try await phone.signedIn()
        var request = try request("/notes")
        request.setValue("Bearer smuggled", forHTTPHeaderField: "Authorization")
        let authorized = try await session.api.authorize(request)
        #expect(authorized.value(forHTTPHeaderField: "Authorization")?.hasPrefix("DPoP fake_at.") == true)
        #expect(authorized.value(forHTTPHeaderField: "DPoP")?.split(separator: ".").count == 3)
    }

    @Test(
        "whatever status the API answers reaches data(for:) as it is", arguments: [200, 204, 301, 400, 401, 404, 500])
    func statuses(status: Int) async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.respond("GET", "/any") { _ in FakeAnswer(status: status, body: [1]) }
        let (data, head) = try await session.api.data(for: request("/any"))
        #expect(head.statusCode == status)
        #expect(data == Data([1]))
    }

    @Test("get throws what the server refused, by code")
    func refused() async throws {
        let (_, session) = try await phone.signedIn()
        phone.fake.respond("GET", "/teapot") { _ in .json(#"{"code":"notes.teapot","title":"Short"}"#, status: 418) }
        #expect(await code { _ = try await session.api.get("/teapot", as: [String].self) } == "notes.teapot")
        phone.fake.respond("GET", "/odd") { _ in .json("{}") }
        #expect(await code { _ = try await session.api.get("/odd", as: [String].self) } == "client.unreadable_answer")
    }

    @Test("a session object of the past opens nothing of the next session")
    func formerSession() async throws {
        let (client, former) = try await phone.signedIn()
        try await former.signOut()
        _ = try await phone.signIn(client)
        #expect(await code { _ = try await former.api.get("/notes", as: [String].self) } == "client.signed_out")
        #expect(await code { try await former.signOut() } == "client.signed_out")
    }

    @Test(
        "a development certificate is for hosts that are not public",
        arguments: [
            ("localhost", true), ("console.localhost", true), ("phone.local", true), ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("192.168.0.9", true), ("172.16.0.1", true), ("[::1]", true), ("fd00::1", true), ("172.32.0.1", false),
            ("api.example.com", false), ("localhost.example.com", false), ("127.0.0.1.example.com", false),
            ("8.8.8.8", false),
            ("fdomain.example.com", false), ("", false),
        ])
    func developmentHosts(host: String, isAllowed: Bool) {
        #expect(DevelopmentHost.isAllowed(host) == isAllowed)
    }
}
