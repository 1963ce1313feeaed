import BucklerSecurityEvents

/// A field of a message.
package typealias HeaderField = (name: String, value: String)

/// Why a request's fields are refused as a whole.
package enum RequestFieldRefusal: Error, Equatable, Sendable {
    /// A name that is no token, or a value with a control character.
    case character
    /// No authority, or more than one.
    case authority
    /// A `Content-Length` that is no plain number, or two.
    case contentLength
    /// An expectation other than `100-continue`.
    case expectation
    /// A browser wants to open a route as a page, frame or service worker, and the route is none (PD-17).
    case page

    /// The check that refused, for the event.
    package var reason: EventReason {
        switch self {
        case .character: EventReason("header.character")
        case .authority: EventReason("header.authority")
        case .contentLength: EventReason("header.content_length")
        case .expectation: EventReason("header.expectation")
        case .page: EventReason("header.page")
        }
    }
}

/// What of a request's fields may reach the upstream (PD-18).
package struct RequestHygiene: Sendable {
    /// The fields to forward, in their order; without host, framing and whatever the gateway adds itself.
    package var fields: [HeaderField]
    /// The announced length of the body.
    package var contentLength: Int?
    /// A body is announced whose length only its end tells (`Transfer-Encoding`).
    package private(set) var hasTransferCoding = false
    /// The client waits for 100 before it sends the body.
    package var expectsContinue = false
    /// A WebSocket is asked for.
    ///
    /// Other upgrades are ignored, as RFC 9110 §7.8 allows.
    package private(set) var asksForWebSocket = false
    /// `Connection` names `Upgrade`, without which the field means nothing (RFC 9110 §7.8).
    package private(set) var connectsUpgrade = false
    /// All `Authorization` fields.
    package private(set) var authorization: [String] = []
    /// All `DPoP` fields.
    package private(set) var proofs: [String] = []
    /// All `X-Forwarded-For` fields, in their order.
    package private(set) var forwardedFor: [String] = []

    /// Filters a request's fields.
    ///
    /// - Parameters:
    ///   - incoming: All fields as they came.
    ///   - isPage: The route may be opened by a browser as a page.
    /// - Throws: The first field's refusal.
    package init(_ incoming: some Sequence<HeaderField>, isPage: Bool) throws(RequestFieldRefusal) {
        self.fields = []
        fields.reserveCapacity(16)
        var nominated: [Substring] = []
        var hosts = 0
        for field in incoming {
            guard FieldSyntax.isToken(field.name), FieldSyntax.isValue(field.value) else { throw .character }
            switch FieldClass.ofRequest(field.name) {
            case .other: fields.append(field)
            case .host: hosts += 1
            case .connection: nominated += FieldSyntax.list(field.value)
            case .upgrade where ASCII.equal(field.value, "websocket"): asksForWebSocket = true
            case .framing: try readFraming(field)
            case .cookie: if let kept = CookieHygiene.request(field.value) { fields.append((field.name, kept)) }
            case .expect:
                guard ASCII.equal(field.value, "100-continue") else { throw .expectation }
                expectsContinue = true
            case .fetchDestination:
                guard isPage || !Self.pageDestinations.contains(where: { ASCII.equal(field.value, $0) }) else {
                    throw .page
                }
                fields.append(field)
            case .authorization: authorization.append(field.value)
            case .proof: proofs.append(field.value)
            case .forwardedFor: forwardedFor.append(field.value)
            case .dropped, .upgrade, .setCookie, .authenticate, .requirement: break
            }
        }
        guard hosts == 1 else { throw .authority }
        if !nominated.isEmpty {
            connectsUpgrade = nominated.contains { ASCII.equalIgnoringCase($0, "upgrade") }
            fields.removeAll { field in nominated.contains { ASCII.equalIgnoringCase($0, field.name) } }
        }
    }

    private mutating func readFraming(_ field: HeaderField) throws(RequestFieldRefusal) {
        guard ASCII.equal(field.name, "content-length") else {
            hasTransferCoding = true
            return
        }
        guard contentLength == nil, field.value.utf8.count <= 18, !field.value.isEmpty,
            field.value.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { throw .contentLength }
        contentLength = Int(field.value)
    }

    /// Destinations under which a browser gives an answer power over the origin (Fetch §2.2.5).
    private static let pageDestinations: [StaticString] = [
        "document", "iframe", "frame", "embed", "object", "serviceworker", "sharedworker", "worker",
    ]
}

/// The grammar of fields (RFC 9110 §5.5, §5.6.2).
package enum FieldSyntax {
    /// A non-empty token.
    package static func isToken(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard !bytes.isEmpty else { return false }
            for byte in bytes where !tokens[Int(byte)] { return false }
            return true
        }
    }

    /// No control characters but tab; bytes above ASCII are opaque and allowed.
    package static func isValue(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var index = 0
            // Eight bytes at a time, since tokens and proofs are long; what is suspicious is looked at one by one.
            while index + 8 <= bytes.count {
                let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if mayHoldControl(word), !bytes[index..<(index + 8)].allSatisfy(isValueByte) { return false }
                index += 8
            }
            return bytes[index...].allSatisfy(isValueByte)
        }
    }

    private static func isValueByte(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7F) || byte == 0x09 }

    /// False only if none of the eight bytes is below 0x20 or is 0x7F.
    ///
    /// Subtracting from every byte at once borrows into the top bit of bytes that are too small (and of some neighbours,
    /// which is why this only says "may").
    private static func mayHoldControl(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let delete = word ^ (ones &* 0x7F)
        let small = (word &- ones &* 0x20) & ~word
        let deleted = (delete &- ones) & ~delete
        return (small | deleted) & (ones &* 0x80) != 0
    }

    /// The elements of a comma-separated list, without white space and empty ones.
    static func list(_ text: String) -> [Substring] {
        text.split(separator: ",").map(ASCII.trimmed).filter { !$0.isEmpty }
    }

    private static let tokens: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in Array("!#$%&'*+-.^_`|~".utf8) { table[Int(byte)] = true }
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] = true }
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { table[Int(byte)] = true }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { table[Int(byte)] = true }
        return table
    }()
}

/// Keeps our cookies (pages and console) and the upstream's apart.
enum CookieHygiene {
    /// A request's `Cookie` without ours; nil if nothing is left.
    static func request(_ value: String) -> String? {
        guard value.utf8.count >= 8 else { return value }
        let cookies = value.split(separator: ";", omittingEmptySubsequences: false)
        let kept = cookies.filter { !isOurs(ASCII.trimmed($0)) }
        if kept.count == cookies.count { return value }
        return kept.isEmpty ? nil : String(ASCII.trimmed(kept.joined(separator: ";")[...]))
    }

    /// True if the upstream may not set this cookie.
    static func isOurs(_ cookie: Substring) -> Bool {
        ASCII.hasPrefix(cookie, "__host-buckler") || ASCII.hasPrefix(cookie, "__secure-buckler")
            || ASCII.hasPrefix(cookie, "buckler")
    }
}
