import SecureChannel
import Testing

/// Both halves of RFC 6455 §4.
@Suite("WebSocket handshake")
struct WebSocketHandshakeTests {
    static let key = "dGhlIHNhbXBsZSBub25jZQ=="

    static func hygiene(_ changes: [(String, String)] = [], without name: String? = nil) throws -> RequestHygiene {
        let fields = [
            ("Host", "a"), ("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", key), ("Sec-WebSocket-Protocol", "notes, chat"),
            ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
        ]
        return try RequestHygiene(
            (fields.filter { $0.0 != name } + changes).map { (name: $0.0, value: $0.1) }, isPage: false)
    }

    static func answer(_ changes: [(String, String)] = [], without name: String? = nil) -> [HeaderField] {
        let fields = [
            ("Upgrade", "WebSocket"), ("Connection", "upgrade"),
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ]
        return (fields.filter { $0.0 != name } + changes).map { (name: $0.0, value: $0.1) }
    }

    @Test("the accept value is that of RFC 6455 §1.3")
    func accept() throws {
        let hygiene = try Self.hygiene()
        #expect(hygiene.asksForWebSocket && hygiene.connectsUpgrade)
        #expect(try WebSocketHandshake(method: "GET", hygiene).accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test(
        "a request that is no handshake is refused, each fault for its own reason",
        arguments: [
            ("Connection", "keep-alive", WebSocketRefusal.method), ("Sec-WebSocket-Version", "8", .version),
            ("Sec-WebSocket-Version", "", .version), ("Sec-WebSocket-Key", "", .key),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ", .key), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZQ==", .key),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==", .key),
            ("Sec-WebSocket-Key", "____________________-A==", .key),
        ])
    func refused(name: String, value: String, refusal: WebSocketRefusal) throws {
        let hygiene = try Self.hygiene([(name, value)], without: name)
        #expect(throws: refusal) { _ = try WebSocketHandshake(method: "GET", hygiene) }
    }

    @Test("a doubled key or version, another method and a body are refused")
    func more() throws {
        let twoKeys = try Self.hygiene([("Sec-WebSocket-Key", Self.key)])
        #expect(throws: WebSocketRefusal.key) { _ = try WebSocketHandshake(method: "GET", twoKeys) }
        let twoVersions = try Self.hygiene([("Sec-WebSocket-Version", "13")])
        #expect(throws: WebSocketRefusal.version) { _ = try WebSocketHandshake(method: "GET", twoVersions) }
        let plain = try Self.hygiene()
        #expect(throws: WebSocketRefusal.method) { _ = try WebSocketHandshake(method: "POST", plain) }
        for field in [
            ("Content-Length", "1"), ("Transfer-Encoding", "chunked"), ("transfer-encoding", "gzip, chunked"),
        ] {
            let body = try Self.hygiene([field])
            #expect(throws: WebSocketRefusal.body) { _ = try WebSocketHandshake(method: "GET", body) }
        }
    }

    @Test("an answer counts only if it answers this handshake and takes what was offered")
    func answers() throws {
        let handshake = try WebSocketHandshake(method: "GET", try Self.hygiene())
        #expect(handshake.isAnswered(by: Self.answer()))
        #expect(handshake.isAnswered(by: Self.answer([("Sec-WebSocket-Protocol", "chat")])))
        #expect(handshake.isAnswered(by: Self.answer([("Sec-WebSocket-Extensions", "permessage-deflate")])))
        for name in ["Upgrade", "Connection", "Sec-WebSocket-Accept"] {
            #expect(!handshake.isAnswered(by: Self.answer(without: name)), "without \(name)")
        }
        let wrong = [
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), ("Sec-WebSocket-Protocol", "other"),
            ("Sec-WebSocket-Extensions", "bbf-usp"), ("X\u{0}", "1"),
        ]
        for field in wrong { #expect(!handshake.isAnswered(by: Self.answer([field])), "\(field)") }
        let other = Self.answer(
            [("Sec-WebSocket-Accept", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")], without: "Sec-WebSocket-Accept")
        #expect(!handshake.isAnswered(by: other))
    }
}
