/// Why a pattern of the configuration is refused.
package enum RoutePatternError: Error, Equatable, Sendable {
    /// It does not begin with `/`.
    case missingSlash
    /// An empty segment, a `.` or `..`, an escape or a character that a path cannot have.
    case segment
    /// `**` stands before the end, or `*` stands within a segment.
    case wildcard
}

/// Which paths a rule is for: `/x` itself, `/x/*` with exactly one more segment, `/x/**` for `/x` and all below it.
///
/// Compared byte by byte with the decoded path; upper and lower case differ.
package struct RoutePattern: Sendable, Hashable, CustomStringConvertible {
    private enum Segment: Hashable, Sendable {
        case literal([UInt8])
        case any
    }

    /// The pattern's text.
    package let description: String
    private let segments: [Segment]
    private let matchesBelow: Bool

    /// Parses a pattern or says what is wrong.
    package init(parsing text: String) throws(RoutePatternError) {
        description = text
        guard text.hasPrefix("/") else { throw .missingSlash }
        var parts = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        matchesBelow = parts.last.map { Array($0) } == Array("**".utf8)
        if matchesBelow || text == "/" { parts.removeLast() }
        var segments: [Segment] = []
        for part in parts {
            let bytes = Array(part)
            if bytes == [UInt8(ascii: "*")] {
                segments.append(.any)
                continue
            }
            guard !bytes.contains(UInt8(ascii: "*")) else { throw .wildcard }
            guard !bytes.isEmpty, bytes != Array(".".utf8), bytes != Array("..".utf8),
                bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Self.refused.contains($0) })
            else { throw .segment }
            segments.append(.literal(bytes))
        }
        self.segments = segments
    }

    /// Everything.
    package static let everything = RoutePattern()

    private init() {
        description = "/**"
        segments = []
        matchesBelow = true
    }

    /// The same pattern in lower case, for the lenient reading.
    var lowercased: RoutePattern {
        let lowered = segments.map { segment -> Segment in
            if case .literal(let bytes) = segment { .literal(bytes.map(ASCII.lowercased)) } else { segment }
        }
        return RoutePattern(description: description, segments: lowered, matchesBelow: matchesBelow)
    }

    private init(description: String, segments: [Segment], matchesBelow: Bool) {
        self.description = description
        self.segments = segments
        self.matchesBelow = matchesBelow
    }

    /// True if the pattern is for this decoded path.
    func matches(_ path: [UInt8]) -> Bool {
        var position = 1
        for segment in segments {
            guard position <= path.count else { return false }
            var end = position
            while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
            switch segment {
            case .any: guard end > position else { return false }
            case .literal(let bytes): guard path[position..<end].elementsEqual(bytes) else { return false }
            }
            position = end + 1
        }
        // `position` is one past the slash (or the end) after the last segment that was compared.
        return matchesBelow || position == path.count + 1 || (segments.isEmpty && path.count == 1)
    }

    private static let refused = Set("%#?;\\".utf8)
}
