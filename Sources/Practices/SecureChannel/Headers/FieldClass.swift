/// What the gateway does with a field of one name.
///
/// Names are compared without regard to case.
enum FieldClass {
    /// Passed on.
    case other
    /// Never passed on.
    case dropped
    /// Describes the message's framing; the gateway writes its own.
    case framing
    /// `Connection`: names further fields that end here.
    case connection
    case host
    case cookie
    case expect
    case upgrade
    case fetchDestination
    /// `Authorization`, `DPoP` and `X-Forwarded-For`: read by the gateway, never passed on.
    case authorization
    case proof
    case forwardedFor
    case setCookie
    case authenticate
    case requirement

    /// The class of a request's field.
    static func ofRequest(_ name: String) -> FieldClass {
        switch name.utf8.count {
        case 2: if ASCII.equal(name, "te") { return .dropped }
        case 4:
            if ASCII.equal(name, "host") { return .host }
            if ASCII.equal(name, "dpop") { return .proof }
        case 6:
            if ASCII.equal(name, "cookie") { return .cookie }
            if ASCII.equal(name, "expect") { return .expect }
        case 7:
            if ASCII.equal(name, "upgrade") { return .upgrade }
            if ASCII.equal(name, "trailer") { return .dropped }
        case 9:
            if ASCII.equal(name, "forwarded") { return .dropped }
            if ASCII.equal(name, "x-real-ip") { return .dropped }
        case 10:
            if ASCII.equal(name, "connection") { return .connection }
            if ASCII.equal(name, "keep-alive") { return .dropped }
        case 13:
            if ASCII.equal(name, "authorization") { return .authorization }
            if ASCII.equal(name, "x-rewrite-url") || ASCII.equal(name, "x-http-method") { return .dropped }
        case 11: if ASCII.equal(name, "x-client-ip") { return .dropped }
        case 14:
            if ASCII.equal(name, "content-length") { return .framing }
            if ASCII.equal(name, "true-client-ip") { return .dropped }
            if ASCII.equal(name, "sec-fetch-dest") { return .fetchDestination }
            if ASCII.equal(name, "x-original-url") { return .dropped }
            if ASCII.equal(name, "http2-settings") { return .dropped }
        case 15: if ASCII.equal(name, "x-forwarded-for") { return .forwardedFor }
        case 16:
            if ASCII.equal(name, "proxy-connection") { return .dropped }
            if ASCII.equal(name, "cf-connecting-ip") || ASCII.equal(name, "fastly-client-ip") { return .dropped }
        case 17:
            if ASCII.equal(name, "transfer-encoding") { return .framing }
            if ASCII.equal(name, "x-method-override") { return .dropped }
        case 19:
            if ASCII.equal(name, "proxy-authorization") { return .dropped }
            if ASCII.equal(name, "x-cluster-client-ip") { return .dropped }
        case 22:
            if ASCII.equal(name, "x-http-method-override") { return .dropped }
        default: break
        }
        if ASCII.hasPrefix(name, "buckler-") || ASCII.hasPrefix(name, "x-forwarded-") { return .dropped }
        return isDisguised(name, of: ofRequest) ? .dropped : .other
    }

    /// The class of a response's field.
    static func ofResponse(_ name: String) -> FieldClass {
        switch name.utf8.count {
        case 2: if ASCII.equal(name, "te") { return .dropped }
        case 6: if ASCII.equal(name, "server") { return .dropped }
        case 7:
            if ASCII.equal(name, "alt-svc") || ASCII.equal(name, "upgrade") { return .dropped }
            if ASCII.equal(name, "trailer") { return .dropped }
        case 10:
            if ASCII.equal(name, "connection") { return .connection }
            if ASCII.equal(name, "set-cookie") { return .setCookie }
            if ASCII.equal(name, "keep-alive") || ASCII.equal(name, "dpop-nonce") { return .dropped }
        case 12: if ASCII.equal(name, "x-powered-by") { return .dropped }
        case 14: if ASCII.equal(name, "content-length") { return .framing }
        case 15:
            if ASCII.equal(name, "buckler-require") { return .requirement }
            if ASCII.equal(name, "clear-site-data") { return .dropped }
        case 16:
            if ASCII.equal(name, "www-authenticate") { return .authenticate }
            if ASCII.equal(name, "proxy-connection") { return .dropped }
        case 17: if ASCII.equal(name, "transfer-encoding") { return .framing }
        case 18: if ASCII.equal(name, "proxy-authenticate") { return .dropped }
        case 22: if ASCII.equal(name, "service-worker-allowed") { return .dropped }
        case 25: if ASCII.equal(name, "strict-transport-security") { return .dropped }
        default: break
        }
        if ASCII.hasPrefix(name, "buckler-") || ASCII.hasPrefix(name, "access-control-") { return .dropped }
        return isDisguised(name, of: ofResponse) ? .dropped : .other
    }

    /// Names that some servers read as one of a class above: what is no letter, digit or hyphen counts as a hyphen, and no
    /// name with `_` passes at all, since CGI, WSGI and their heirs map several spellings to one variable (PD-18).
    private static func isDisguised(_ name: String, of classify: (String) -> FieldClass) -> Bool {
        var isPlain = true
        for byte in name.utf8 where !isPlainByte(byte) {
            if byte == UInt8(ascii: "_") { return true }
            isPlain = false
        }
        if isPlain { return false }
        let plain = String(decoding: name.utf8.map { isPlainByte($0) ? $0 : UInt8(ascii: "-") }, as: UTF8.self)
        return classify(plain) != .other
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        let byte = ASCII.lowercased(byte)
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
    }
}
