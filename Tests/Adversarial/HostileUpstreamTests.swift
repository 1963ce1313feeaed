import AsyncHTTPClient
import Buckler
import BucklerAssembly
import BucklerJOSE
import BucklerPrimitives
import Foundation
import NIOHTTP1
import SecureChannel
import ServerConfiguration
import ServerTestSupport
import Sessions
import Synchronization
import TestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// T7: the API behind the gateway is hostile or broken.
@Suite("T7: a hostile upstream", .serialized, .timeLimit(.minutes(5)))
struct HostileUpstreamTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// A server in front of an upstream that answers what `script` says, and `ok` to everything else.
    ///
    /// Only where nothing comes is `responseTimeout` short: how busy the machine is must not decide about answers.
    private static func run(
        responseTimeout: Duration = .seconds(60),
        script: @escaping @Sendable (String) -> [ScriptedUpstream.Step]?,
        _ body: @escaping @Sendable (TestServer, ScriptedUpstream) async throws -> Void
    ) async throws {
        let upstream = try await ScriptedUpstream { script($0) ?? [.send(ok)] }
        var options = TestServer.Options()
        let port = upstream.port
        options.configure = { settings in
            settings.upstream.responseTimeout = responseTimeout
            if let url = UpstreamURL(parsing: "http://127.0.0.1:\(port)") { settings.upstream.url = url }
        }
        try await TestServer.run(options) { server in try await body(server, upstream) }
        await upstream.stop()
    }

    // MARK: What it may say

    /// Fields that are the gateway's alone, with what an attacker would want them to say.
    private static let forged = [
        "Buckler-Problem: session.revoked", "Buckler-Identity: forged", "buckler-anything: forged",
        "Buckler_Problem: forged", "BUCKLER-REFRESH: forged", "DPoP-Nonce: forged", "dpop-nonce: forged2",
        "WWW-Authenticate: DPoP error=\"forged\"", "WWW-Authenticate: Basic realm=\"a\", DPoP error=\"forged\"",
        "Alt-Svc: h3=\"forged.example:443\"", "Strict-Transport-Security: max-age=0; forged",
        "X-Content-Type-Options: forged", "Service-Worker-Allowed: /forged", "Clear-Site-Data: \"forged\"",
        "Server: forged", "X-Powered-By: forged", "Set-Cookie: __Host-buckler-console=forged; Secure; Path=/",
        "Set-Cookie:   __Host-BUCKLER=forged", "Set-Cookie: __host-Buckler-x=forged", "Keep-Alive: timeout=forged",
        "Proxy-Authenticate: forged", "Proxy-Connection: forged", "Upgrade: forged", "Trailer: forged", "TE: forged",
        "Access-Control-Allow-Origin: https://forged.example", "Access-Control-Allow-Credentials: forged",
        "X_Forged: forged",
    ]

    @Test("no field that belongs to the gateway reaches the client, and every secure field does, once")
    func everyField() async throws {
        let head = "HTTP/1.1 200 OK\r\n" + Self.forged.joined(separator: "\r\n")
        try await Self.run { path in
            path == "/forged" ? [.send(head + "\r\nX-Mine: mine\r\nContent-Length: 2\r\n\r\nok")] : nil
        } _: { server, upstream in
            let phone = try await server.signUp("reader@example.org")
            let answer = try await phone.get("/forged")
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self) == "ok")
            #expect(answer.headers.first(name: "x-mine") == "mine")
            for field in answer.headers {
                #expect(!field.value.contains("forged"), "\(field.name): \(field.value)")
                #expect(!field.name.lowercased().hasPrefix("buckler-"))
            }
            let secure = SecureHeaders(.development)
            for known in secure.imposedOnUpstream { #expect(answer.headers[known.name] == [known.value]) }
            for known in secure.defaultsForUpstream { #expect(answer.headers[known.name] == [known.value]) }
            // The phone kept its nonce: the next request passes at the first try.
            let credentials = try phone.credentials("GET", "/next")
            #expect(credentials.count == 2)
            #expect(try await phone.open("/next", over: server.http).status == .ok)
            #expect(upstream.requests.count == 2)
        }
    }

    @Test("what the upstream's Connection names is its own: it cannot name our fields away")
    func nominatedFields() async throws {
        let secure = SecureHeaders(.development)
        let names = (secure.imposedOnUpstream + secure.defaultsForUpstream).map(\.name)
        let head =
            "HTTP/1.1 200 OK\r\nConnection: \(names.joined(separator: ", ")), X-Mine\r\nX-Mine: forged\r\n"
            + "Content-Security-Policy: forged\r\nReferrer-Policy: forged\r\nContent-Length: 2\r\n\r\nok"
        try await Self.run { path in
            path == "/a" ? [.send(head)] : nil
        } _: { server, _ in
            let phone = try await server.signUp("reader@example.org")
            let answer = try await phone.get("/a")
            #expect(answer.status == 200)
            for known in secure.imposedOnUpstream + secure.defaultsForUpstream {
                #expect(answer.headers[known.name] == [known.value])
            }
            #expect(answer.headers.allSatisfy { !$0.value.contains("forged") })
        }
    }

    @Test("trailers end at the gateway, announced or not")
    func trailers() async throws {
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Buckler-Problem\r\n\r\n2\r\nok\r\n0\r\n"
        let trailers = "Buckler-Problem: session.revoked\r\nDPoP-Nonce: forged\r\nX-Trailer: forged\r\n\r\n"
        try await Self.run { path in
            path == "/t" ? [.send(chunked + trailers)] : nil
        } _: { server, _ in
            let phone = try await server.signUp("reader@example.org")
            _ = try await phone.get("/notes")
            let wire = try await TLSWire.connect(
                port: server.settings.listen.port, trusting: server.settings.data + "/dev-ca.pem")
            let fields = try phone.credentials("GET", "/t").map { "\($0.0): \($0.1)\r\n" }.joined()
            try await wire.send("GET /t HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(fields)\r\n")
            let answer = await wire.receivedAtEnd()
            #expect(answer.hasPrefix("HTTP/1.1 200") && answer.hasSuffix("2\r\nok\r\n0\r\n\r\n"), "\(answer)")
            #expect(!answer.contains("forged") && !answer.lowercased().contains("trailer"))
        }
    }

    @Test("it never sees token, proof or our cookies, and its identity header is for its audience")
    func whatItSees() async throws {
        try await Self.run { _ in
            nil
        } _: { server, upstream in
            let phone = try await server.signUp("reader@example.org")
            let answer = try await phone.send(
                "POST", "/seen",
                headers: [
                    ("Cookie", "a=1; __Host-buckler-console=secret-cookie"), ("Buckler-Identity", "forged"),
                    ("Proxy-Authorization", "secret-proxy"),
                ], body: Array("hello".utf8), accessToken: phone.memory.accessToken)
            #expect(answer.status == 200)
            let seen = try #require(upstream.requests.last)
            let token = try #require(phone.memory.accessToken)
            for secret in [token, "DPoP", "secret-cookie", "secret-proxy", "forged", "Authorization"] {
                #expect(!seen.contains(secret))
            }
            let line = try #require(seen.split(separator: "\r\n").first { $0.hasPrefix("Buckler-Identity: ") })
            let claims = try ForgedJWS.payload(of: String(line.dropFirst("Buckler-Identity: ".count)))
            #expect(claims["aud"]?.string == server.settings.upstream.audience)
            let (issued, expires) = (claims["iat"]?.integer ?? 0, claims["exp"]?.integer ?? .max)
            #expect(expires - issued == 60)
            // What is meant for the upstream opens nothing of ours.
            let identity = String(line.dropFirst("Buckler-Identity: ".count))
            #expect(try await phone.send("GET", "/notes", accessToken: identity).status == 401)
        }
    }

    // MARK: Our own words in its mouth

    @Test("our own 401 with a forged notice leaves the vault as it is and the person signed in")
    func forgedNotice() async throws {
        let forger = SoftwareDevice(seed: 666)
        let answers = NoticeAnswers()
        try await Self.run { path in
            answers.answer(path).map { [.send($0)] }
        } _: { server, _ in
            let other = try await server.signUp("other@example.org")
            let otherSession = try #require(other.memory.session)
            _ = try await other.delete("/buckler/account/sessions/\(otherSession)")
            let genuine = try #require(try await other.get("/notes").json["session_end"]?.string)
            try await TestApp.run(server) { app in
                let session = try await app.signUp("reader@example.org")
                let item = VaultItem("draft", purpose: "an unsent note")
                try await session.vault.save(SecretBytes("dear diary".utf8), as: item)
                let claims = try ForgedJWS.payload(of: genuine)
                answers.add("/replayed", notice: genuine)
                for (path, key) in [("/forged", forger), ("/same-names", SoftwareDevice(seed: 667))] {
                    var own = claims
                    own["sid"] = .string(session.id)
                    if path == "/same-names" { own["iss"] = .string(server.issuer) }
                    let kid = try UnverifiedJWS(parsing: genuine).kid
                    answers.add(
                        path,
                        notice: try JWSSigner.sign(
                            payload: own, typ: "buckler-session-end+jwt", kid: kid, with: key.signer))
                }
                answers.add("/edited", notice: try ForgedJWS.edited(genuine) { $0["sid"] = .string(session.id) })
                answers.add("/unsigned", notice: try ForgedJWS.unsigned(genuine))
                for path in ["/replayed", "/forged", "/same-names", "/edited", "/unsigned"] {
                    let url = try #require(URL(string: server.url + path))
                    let (body, response) = try await session.api.data(for: URLRequest(url: url))
                    #expect(response.statusCode == 401 && String(decoding: body, as: UTF8.self).contains("session_end"))
                    #expect(try await session.vault.read(item) == SecretBytes("dear diary".utf8), "\(path) wiped")
                    guard case .signedIn = await app.client.check() else {
                        Issue.record("\(path) signed the person out")
                        return
                    }
                }
            }
        }
    }

    // MARK: How it may say it

    /// What a broken upstream sends, and the status that the client gets; nil: its connection ends.
    private static let broken: [(name: String, steps: [ScriptedUpstream.Step], status: Int?)] = [
        ("never answers", [], 504),
        ("closes at once", [.close], 502),
        ("half a header", [.send("HTTP/1.1 200 OK\r\nContent-Le"), .close], 502),
        ("half a header, and waits", [.send("HTTP/1.1 200 OK\r\nContent-Le")], 504),
        ("no HTTP", [.send("220 mail.example.com ESMTP\r\n\r\n")], 502),
        ("HTTP/2 preface", [.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")], 502),
        ("two lengths", [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")], 502),
        (
            "length and chunks",
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")], 502
        ),
        ("another coding", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")], 502),
        ("a switch of protocols", [.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")], 502),
        ("a name with a space", [.send("HTTP/1.1 200 OK\r\nX Y: 1\r\nContent-Length: 2\r\n\r\nok")], 502),
        (
            "a huge header",
            [.send("HTTP/1.1 200 OK\r\n"), .repeated("X-A: \(String(repeating: "a", count: 8000))\r\n", times: 200)],
            502
        ),
        (
            "many small fields",
            [.send("HTTP/1.1 200 OK\r\n"), .repeated("X-A: a\r\n", times: 5000)], 502
        ),
        (
            "a thousand hints before its answer",
            [.repeated("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", times: 1000), .send(ok)], 200
        ),
        ("too little", [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"), .close], nil),
        ("a broken chunk", [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n")], nil),
    ]

    @Test("each way of breaking has its answer, and the next request is served", arguments: broken.map(\.name))
    func brokenAnswers(name: String) async throws {
        let sample = try #require(Self.broken.first { $0.name == name })
        try await Self.run(responseTimeout: sample.status == 504 ? .seconds(2) : .seconds(60)) { path in
            path == "/broken" ? sample.steps : nil
        } _: { server, _ in
            let phone = try await server.signUp("reader@example.org")
            for _ in 0..<2 {
                do {
                    let answer = try await phone.get("/broken")
                    #expect(answer.status == sample.status)
                    if answer.status >= 500 {
                        #expect(answer.headers.first(name: "buckler-problem")?.hasPrefix("channel.upstream") == true)
                        #expect(answer.headers.first(name: "x-content-type-options") == "nosniff")
                    }
                } catch let failure where !(failure is TestPhoneFailure) {
                    #expect(sample.status == nil, "\(failure)")
                }
                #expect(try await phone.get("/fine").status == 200)
            }
            #expect(server.assembly.core.sessions.ended.openExchangeCount == 0)
        }
    }

    @Test("bytes after the end of an answer are nobody's answer")
    func tooMuch() async throws {
        let second = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
        try await Self.run { path in
            path == "/more" ? [.send(Self.ok + second + second)] : nil
        } _: { server, _ in
            let attacker = try await server.signUp("attacker@example.org")
            let victim = try await server.signUp("victim@example.org")
            for _ in 0..<10 {
                #expect(String(decoding: try await attacker.get("/more").body, as: UTF8.self) == "ok")
                #expect(String(decoding: try await victim.get("/fine").body, as: UTF8.self) == "ok")
            }
        }
    }

    @Test("an answer before the body was read reaches the client")
    func early() async throws {
        let refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
        try await Self.run { path in
            path == "/early" ? [.send(refusal)] : nil
        } _: { server, _ in
            let phone = try await server.signUp("reader@example.org")
            _ = try await phone.get("/notes")
            let wire = try await TLSWire.connect(
                port: server.settings.listen.port, trusting: server.settings.data + "/dev-ca.pem")
            let fields = try phone.credentials("POST", "/early").map { "\($0.0): \($0.1)\r\n" }.joined()
            try await wire.send(
                "POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\(fields)\r\nbeginning")
            let answer = await wire.receivedAtEnd()
            #expect(answer.hasPrefix("HTTP/1.1 413") && answer.hasSuffix("no"), "\(answer)")
            #expect(try await phone.get("/fine").status == 200)
        }
    }
}

/// 401s as our gateway would write them, by path.
private final class NoticeAnswers: Sendable {
    private let answers = Mutex<[String: String]>([:])

    func add(_ path: String, notice: String) {
        let body = #"{"type":"about:blank","status":401,"code":"session.revoked","session_end":"\#(notice)"}"#
        let head =
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nBuckler-Problem: session.revoked\r\n"
            + "WWW-Authenticate: DPoP error=\"invalid_token\"\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        answers.withLock { $0[path] = head + body }
    }

    func answer(_ path: String) -> String? { answers.withLock { $0[path] } }
}
