import BucklerSecurityEvents

/// Why a request's target is refused.
///
/// The upstream could read such a path in another way than the policy does.
package enum TargetRefusal: Error, Equatable, Sendable {
    /// Not `/path?query`: absolute, asterisk or authority form, or empty.
    case form
    /// Longer than `RequestTarget.maximumByteCount`.
    case length
    /// A byte that RFC 3986 allows in no path or query, a broken escape, an escaped control character.
    case character
    /// An escaped `/` or `\`, or an escape within an escape.
    case escapedSeparator
    /// A `.` or `..` segment, also in front of a path parameter.
    case dotSegment
    /// Two slashes in a row.
    case emptySegment
    /// Read strictly and read as lenient servers do, different rules apply.
    case ambiguous

    /// The check that refused, for the event.
    package var reason: EventReason {
        switch self {
        case .form: EventReason("target.form")
        case .length: EventReason("target.length")
        case .character: EventReason("target.character")
        case .escapedSeparator: EventReason("target.escaped_separator")
        case .dotSegment: EventReason("target.dot_segment")
        case .emptySegment: EventReason("target.empty_segment")
        case .ambiguous: EventReason("target.ambiguous")
        }
    }
}

/// The target of a request in origin form (RFC 9112 §3.2.1), refused where two servers could disagree about it.
///
/// What is forwarded is the text as it came. What is matched is that path with its escapes decoded once; `lenient` is the
/// same path as servers read it that ignore case, a trailing slash and path parameters.
package struct RequestTarget: Sendable {
    /// Path without query, as it came.
    package let path: String
    /// The path's bytes with escapes decoded.
    let strict: [UInt8]
    /// Lower case, without trailing slash and `;parameters`; nil if that changes nothing.
    let lenient: [UInt8]?

    /// 8 KiB.
    package static let maximumByteCount = 8192

    /// Parses a target or says why it is refused.
    package init(parsing target: String) throws(TargetRefusal) {
        var target = target
        let parsed = target.withUTF8 { bytes -> Result<TargetParser.Parsed, TargetRefusal> in
            do throws(TargetRefusal) { return .success(try TargetParser.parse(bytes)) } catch { return .failure(error) }
        }
        let (length, strict, isPlain) = try parsed.get()
        path = length == target.utf8.count ? target : String(target.utf8.prefix(length)) ?? target
        self.strict = strict
        let lenient = isPlain ? strict : Self.lenientReading(strict)
        self.lenient = lenient == strict ? nil : lenient
    }

    private static func lenientReading(_ path: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(path.count)
        var isParameter = false
        for byte in path {
            if byte == UInt8(ascii: ";") { isParameter = true }
            if byte == UInt8(ascii: "/") { isParameter = false }
            if !isParameter { output.append(ASCII.lowercased(byte)) }
        }
        while output.count > 1, output.last == UInt8(ascii: "/") { output.removeLast() }
        return output
    }
}

private enum TargetParser {
    /// Path length, decoded path, and whether no lenient reading can differ.
    typealias Parsed = (length: Int, path: [UInt8], isPlain: Bool)

    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(TargetRefusal) -> Parsed {
        guard bytes.count <= RequestTarget.maximumByteCount else { throw .length }
        guard bytes.first == UInt8(ascii: "/") else { throw .form }
        var path: [UInt8] = []
        path.reserveCapacity(bytes.count)
        var isPlain = true
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "?") { break }
            if byte == UInt8(ascii: "%") {
                path.append(try escape(bytes, at: index))
                isPlain = false
                index += 3
                continue
            }
            guard classes[Int(byte)] & pathCharacter != 0 else { throw .character }
            if byte == UInt8(ascii: "/"), path.last == byte { throw .emptySegment }
            if classes[Int(byte)] & changesLeniently != 0 { isPlain = false }
            path.append(byte)
            index += 1
        }
        for position in index..<bytes.count where classes[Int(bytes[position])] & queryCharacter == 0 {
            throw .character
        }
        if path.count > 1, path.last == UInt8(ascii: "/") { isPlain = false }
        try refuseDotSegments(path)
        if !isPlain { try refuseNestedEscapes(path) }
        return (index, path, isPlain)
    }

    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) throws(TargetRefusal) -> UInt8 {
        guard index + 2 < bytes.count, let high = ASCII.hexValue(bytes[index + 1]),
            let low = ASCII.hexValue(bytes[index + 2])
        else { throw .character }
        let value = high << 4 | low
        if value == UInt8(ascii: "/") || value == UInt8(ascii: "\\") { throw .escapedSeparator }
        if value < 0x20 || value == 0x7F { throw .character }
        return value
    }

    /// A segment that is `.` or `..` once its path parameters are cut off.
    private static func refuseDotSegments(_ path: [UInt8]) throws(TargetRefusal) {
        var start = 1
        while start <= path.count {
            var end = start
            while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
            var name = start
            while name < end, path[name] == UInt8(ascii: ".") { name += 1 }
            let isOnlyDots = name == end || path[name] == UInt8(ascii: ";")
            if isOnlyDots, name - start == 1 || name - start == 2 { throw .dotSegment }
            start = end + 1
        }
    }

    /// After decoding once, no further escape may be left: a server that decodes twice would see another path.
    private static func refuseNestedEscapes(_ path: [UInt8]) throws(TargetRefusal) {
        for (index, byte) in path.enumerated() where byte == UInt8(ascii: "%") && index + 2 < path.count {
            if ASCII.hexValue(path[index + 1]) != nil, ASCII.hexValue(path[index + 2]) != nil {
                throw .escapedSeparator
            }
        }
    }

    private static let pathCharacter: UInt8 = 1
    private static let queryCharacter: UInt8 = 2
    private static let changesLeniently: UInt8 = 4

    /// RFC 3986 §3.3 `pchar` and `/` for paths; any visible ASCII but `#` for queries.
    private static let classes: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        for byte in 0x21...0x7E where byte != 0x23 { table[byte] |= queryCharacter }
        let marks = "-._~!$&'()*+,;=:@/"
        for byte in Array(marks.utf8) { table[Int(byte)] |= pathCharacter }
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { table[Int(byte)] |= pathCharacter }
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] |= pathCharacter }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { table[Int(byte)] |= pathCharacter | changesLeniently }
        table[Int(UInt8(ascii: ";"))] |= changesLeniently
        return table
    }()
}
