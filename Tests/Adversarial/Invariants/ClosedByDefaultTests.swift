import AsyncHTTPClient
import BucklerPrimitives
import NIOCore
import NIOHTTP1
import ServerTestSupport
import Testing

/// I10: nothing is public unless a line of configuration says so.
///
/// I6: an acknowledged sign-out is effective.
@Suite("Invariants I6 and I10", .serialized)
struct ClosedByDefaultTests {
    @Test("without a line of configuration no path and no method reaches the upstream")
    func nothingIsPublic() async throws {
        try await TestServer.run { server in
            let entropy = Entropy.seeded(10)
            let words = [
                "notes", "status", "..", ".", "%2e%2e", "a%2fb", "buckler", "Buckler", "health", "", ";x", "~", "%00",
                "é",
            ]
            let methods: [HTTPMethod] = [.GET, .POST, .PUT, .DELETE, .PATCH, .HEAD, .OPTIONS, .RAW(value: "PROPFIND")]
            for _ in 0..<300 {
                let parts = (0...entropy.integer(below: 4)).map { _ in
                    words[Int(entropy.integer(below: UInt32(words.count)))]
                }
                let path = "/" + parts.joined(separator: "/")
                guard let escaped = path.addingASCIIEscapes else { continue }
                var request = HTTPClientRequest(url: server.url + escaped)
                request.method = methods[Int(entropy.integer(below: UInt32(methods.count)))]
                let answer = try await server.http.execute(request, timeout: .seconds(60))
                let body = try await answer.body.collect(upTo: 1 << 20)
                let text = String(decoding: body.readableBytesView, as: UTF8.self)
                #expect(!text.contains("body_bytes"), "\(request.method) \(escaped) reached the upstream")
                #expect(answer.headers.contains(name: "x-content-type-options"))
                #expect(answer.status.code >= 400 || path.hasPrefix("/health") || path.hasPrefix("/buckler"))
            }
        }
    }

    @Test("after an acknowledged sign-out no request of that session is started")
    func signOutIsEffective() async throws {
        try await TestServer.run { server in
            let phone = try await server.signUp("leaver@example.org")
            #expect(try await phone.get("/notes").status == 200)
            let session = try #require(phone.memory.session)
            let ended = try await phone.delete("/buckler/account/sessions/\(session)")
            #expect(ended.status == 204)
            try await withThrowingTaskGroup(of: TestAnswer.self) { group in
                for _ in 0..<20 { group.addTask { try await phone.get("/notes") } }
                for try await answer in group {
                    #expect(answer.status == 401)
                    #expect(answer.code == "session.revoked")
                    #expect(answer.json["session_end"]?.string != nil)
                }
            }
            #expect(try await phone.refresh().status == 400)
        }
    }
}

extension String {
    /// The text with everything outside ASCII percent-encoded, so that it can stand in a URL.
    fileprivate var addingASCIIEscapes: String? {
        var output = ""
        for byte in utf8 {
            if byte < 128 {
                output.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                output += "%" + Hex.encode([byte])
            }
        }
        return output
    }
}
