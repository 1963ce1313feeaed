import BucklerPrimitives

/// The form in which DPoP compares `htu` with the request's URI (RFC 9449 §4.3 step 9).
///
/// Syntax-based and scheme-based normalisation (RFC 3986 §6.2.2, §6.2.3): scheme and host in lower case, the default port
/// dropped, escapes in upper case, escaped unreserved characters written plainly, dot segments removed, an empty path
/// written as `/`. Query and fragment are left out. Anything that is not an absolute `http` or `https` URI, or names a
/// user, is refused rather than repaired.
public enum TargetURI {
    /// The normal form; nil for a text that is no absolute web URI.
    public static func normalized(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let (scheme, authorityStart) = scheme(of: bytes) else { return nil }
        let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.endIndex
        guard authorityStart <= end, bytes[end...].allSatisfy({ isQueryCharacter($0) }) else { return nil }
        let pathStart = bytes[authorityStart..<end].firstIndex(of: UInt8(ascii: "/")) ?? end
        guard let authority = authority(bytes[authorityStart..<pathStart], isHTTPS: scheme == "https"),
            let path = normalizedPath(bytes[pathStart..<end])
        else { return nil }
        return scheme + "://" + String(decoding: authority + path, as: UTF8.self)
    }

    /// The normal form of an origin-form target without its query, such as `/a/../b`; nil if it is none.
    public static func normalizedPath(_ text: String) -> String? {
        guard let path = normalizedPath(Array(text.utf8)[...]) else { return nil }
        return String(decoding: path, as: UTF8.self)
    }

    /// True if `claimed` is, in normal form, `base` and the normal form of `path`.
    ///
    /// - Parameters:
    ///   - claimed: A proof's `htu`.
    ///   - base: Scheme and authority in normal form.
    ///   - path: The normal form of the request's path.
    ///   - plain: That path as it came. A client that claims just this needs no normalisation: both sides have the same.
    /// - Returns: False also for a claim that is no absolute web URI.
    package static func matches(_ claimed: String, base: String, path: String, plain: String) -> Bool {
        let (claim, start) = (claimed.utf8, base.utf8)
        if claim.count == start.count + plain.utf8.count, claim.starts(with: start),
            claim.dropFirst(start.count).elementsEqual(plain.utf8)
        {
            return true
        }
        return normalized(claimed) == base + path
    }

    private static func scheme(of bytes: [UInt8]) -> (String, Int)? {
        for scheme in ["https", "http"] {
            let prefix = Array((scheme + "://").utf8)
            if bytes.count >= prefix.count, zip(bytes, prefix).allSatisfy({ lowercased($0) == $1 }) {
                return (scheme, prefix.count)
            }
        }
        return nil
    }

    /// Host and port, without user information and escapes; an IPv6 address stands in brackets.
    private static func authority(_ bytes: ArraySlice<UInt8>, isHTTPS: Bool) -> [UInt8]? {
        let hostEnd: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let literal = bytes[(bytes.startIndex + 1)..<bracket]
            guard !literal.isEmpty, literal.allSatisfy({ Hex.isDigit($0) || $0 == colon || $0 == dot }) else {
                return nil
            }
            hostEnd = bracket + 1
        } else {
            hostEnd = bytes.firstIndex(of: colon) ?? bytes.endIndex
            let host = bytes[..<hostEnd]
            guard !host.isEmpty, host.allSatisfy({ isUnreserved($0) }) else { return nil }
        }
        let host = bytes[..<hostEnd].map { lowercased($0) }
        guard hostEnd < bytes.endIndex else { return host }
        guard bytes[hostEnd] == colon else { return nil }
        let port = bytes[(hostEnd + 1)...]
        if port.isEmpty { return host }
        guard port.count <= 5, port.first != UInt8(ascii: "0"),
            let number = UInt16(String(decoding: port, as: UTF8.self)),
            port.allSatisfy({ isDecimal($0) })
        else { return nil }
        return number == (isHTTPS ? 443 : 80) ? host : host + [colon] + port
    }

    private static func normalizedPath(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = bytes.first else { return [slash] }
        guard first == slash else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == percent {
                guard index + 2 < bytes.endIndex, let value = Hex.byte(bytes[index + 1], bytes[index + 2]) else {
                    return nil
                }
                if isUnreserved(value) {
                    output.append(value)
                } else {
                    output += [percent, uppercased(bytes[index + 1]), uppercased(bytes[index + 2])]
                }
                index += 3
            } else {
                guard isPathCharacter(byte) else { return nil }
                output.append(byte)
                index += 1
            }
        }
        return removingDotSegments(output)
    }

    /// RFC 3986 §5.2.4 for a path that begins with a slash.
    private static func removingDotSegments(_ path: [UInt8]) -> [UInt8] {
        guard path.contains(dot) else { return path }
        var kept: [ArraySlice<UInt8>] = []
        let segments = path.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
        for (position, segment) in segments.enumerated() {
            let isDot = segment.elementsEqual([dot])
            let isDoubleDot = segment.elementsEqual([dot, dot])
            if isDoubleDot { _ = kept.popLast() }
            if !isDot && !isDoubleDot {
                kept.append(segment)
            } else if position == segments.count - 1 {
                kept.append([])
            }
        }
        return kept.reduce(into: []) { $0 += [slash] + $1 }
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
    private static let colon = UInt8(ascii: ":")
    private static let percent = UInt8(ascii: "%")

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
    private static func uppercased(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & 0xDF : byte }
    private static func isDecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// RFC 3986 §2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), dot, UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    /// `pchar` and the slash, without escapes (RFC 3986 §3.3).
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case slash, colon, UInt8(ascii: "@"), UInt8(ascii: "!"), UInt8(ascii: "$"),
            UInt8(ascii: "&")...UInt8(ascii: ","),
            UInt8(ascii: ";"), UInt8(ascii: "="):
            true
        default: isUnreserved(byte)
        }
    }

    private static func isQueryCharacter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") || byte == percent || isPathCharacter(byte)
    }
}
