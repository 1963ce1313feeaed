import BucklerPrimitives
import BucklerSecurityEvents
import Crypto

/// Why a request for a WebSocket is refused (RFC 6455 §4.2.1).
package enum WebSocketRefusal: Error, Equatable, Sendable {
    /// Not a `GET` over HTTP/1.1, or `Connection` does not name `Upgrade`.
    case method
    /// `Sec-WebSocket-Key` is missing, doubled, or not 16 bytes in base64.
    case key
    /// `Sec-WebSocket-Version` is not 13.
    case version
    /// A body was announced.
    case body

    /// The check that refused, for the event.
    package var reason: EventReason {
        switch self {
        case .method: EventReason("websocket.method")
        case .key: EventReason("websocket.key")
        case .version: EventReason("websocket.version")
        case .body: EventReason("websocket.body")
        }
    }
}

/// What a client offered when it asked for a WebSocket, kept to judge the upstream's answer (RFC 6455 §4.1).
package struct WebSocketHandshake: Sendable {
    /// What `Sec-WebSocket-Accept` must be: the base64 of 20 bytes.
    package let accept: String
    private let protocols: [Substring]
    private let extensions: [Substring]

    /// Reads the client's half.
    ///
    /// - Parameters:
    ///   - method: As it came.
    ///   - hygiene: The filtered fields.
    /// - Throws: The first check that fails.
    package init(method: String, _ hygiene: RequestHygiene) throws(WebSocketRefusal) {
        guard method == "GET", hygiene.connectsUpgrade else { throw .method }
        // Chunks would stand where the upstream expects frames.
        guard hygiene.contentLength ?? 0 == 0, !hygiene.hasTransferCoding else { throw .body }
        var keys: [String] = []
        var versions: [String] = []
        var protocols: [Substring] = []
        var extensions: [Substring] = []
        for field in hygiene.fields where ASCII.hasPrefix(field.name, "sec-websocket-") {
            if ASCII.equal(field.name, "sec-websocket-key") { keys.append(field.value) }
            if ASCII.equal(field.name, "sec-websocket-version") { versions.append(field.value) }
            if ASCII.equal(field.name, "sec-websocket-protocol") { protocols += FieldSyntax.list(field.value) }
            if ASCII.equal(field.name, "sec-websocket-extensions") { extensions += Self.names(field.value) }
        }
        guard versions == ["13"] else { throw .version }
        guard keys.count == 1, Self.isKey(keys[0]) else { throw .key }
        self.accept = Self.accept(of: keys[0])
        self.protocols = protocols
        self.extensions = extensions
    }

    /// True if the upstream's 101 answers this handshake: the accept value of this key, at most one of the offered
    /// protocols, offered extensions only.
    package func isAnswered(by fields: some Sequence<HeaderField>) -> Bool {
        var accepts: [String] = []
        var upgrades: [String] = []
        var chosen: [String] = []
        var connects = false
        for field in fields {
            guard FieldSyntax.isToken(field.name), FieldSyntax.isValue(field.value) else { return false }
            if ASCII.equal(field.name, "upgrade") { upgrades.append(field.value) }
            if ASCII.equal(field.name, "sec-websocket-accept") { accepts.append(field.value) }
            if ASCII.equal(field.name, "sec-websocket-protocol") { chosen.append(field.value) }
            if ASCII.equal(field.name, "connection") {
                connects = connects || FieldSyntax.list(field.value).contains { ASCII.equalIgnoringCase($0, "upgrade") }
            }
            if ASCII.equal(field.name, "sec-websocket-extensions") {
                guard Self.names(field.value).allSatisfy(extensions.contains) else { return false }
            }
        }
        return connects && accepts == [accept] && upgrades.count == 1 && ASCII.equal(upgrades[0], "websocket")
            && chosen.count <= 1 && chosen.allSatisfy { protocols.contains($0[...]) }
    }

    /// The names in a list of extensions, without their parameters.
    private static func names(_ value: String) -> [Substring] {
        FieldSyntax.list(value).map { ASCII.trimmed($0.prefix { $0 != ";" }) }
    }

    /// The base64 of 16 bytes, in its one spelling.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, bytes.suffix(2) == Array("==".utf8)[...] else { return false }
        let translated = bytes.dropLast(2).map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            // Letters of the other alphabet are wrong here.
            case UInt8(ascii: "-"), UInt8(ascii: "_"): UInt8(ascii: "=")
            default: byte
            }
        }
        return Base64URL.decode(String(decoding: translated, as: UTF8.self))?.count == 16
    }

    private static func accept(of key: String) -> String {
        // RFC 6455 §4.2.2 prescribes SHA-1; it proves nothing but that the server speaks WebSocket.
        let digest = Array(Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
        let text = Base64URL.encode(digest).utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self) + "="
    }
}
