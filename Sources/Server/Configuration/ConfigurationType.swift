import BucklerPrimitives

/// What a value looks like.
///
/// Every type knows its parser and the sentence that tells what is allowed.
package enum ConfigurationType: Sendable, Hashable {
    /// One line of text without control characters.
    case text(maximumByteCount: Int)
    /// A file, absolute or relative to the configuration file's folder (flags, environment: to the working folder).
    case file
    /// A folder, likewise.
    case folder
    /// `https://host[:port]` without path, query, fragment and user.
    case publicURL
    /// `http://host[:port]` or `unix:/path`.
    case upstreamURL
    /// `smtps://host[:port]` or `smtp://host[:port]` (STARTTLS demanded).
    case mailURL
    /// `Name <address>` or `address`.
    case mailbox
    /// `host:port`.
    case listenAddress
    /// An absolute URI that names a resource (RFC 8707).
    case resource
    /// A host name.
    case hostName
    /// A whole number with a unit: `ms`, `s`, `m`, `h` or `d`.
    case duration(ClosedRange<Duration>)
    /// A whole number with a unit: `B`, `KiB`, `MiB` or `GiB`.
    case size(ClosedRange<Int>)
    /// A whole number without a unit.
    case integer(ClosedRange<Int>)
    /// `true` or `false`.
    case boolean
    /// One of these words.
    case word([String])
    /// A list of these words, each at most once.
    case words([String])
    /// A list of names: letters, digits and `. _ - :`.
    case names
    /// A list of HTTP methods.
    case methods
    /// A list of addresses or networks such as `10.0.0.0/8`.
    case networks
    /// A program and its arguments: an absolute path first, never a shell's line.
    case command
    /// `/…` with `*` for one segment and a final `**` for the rest.
    case pathPattern

    /// True for lists, which only a file can say.
    package var isList: Bool {
        switch self {
        case .words, .names, .methods, .networks, .command: true
        default: false
        }
    }

    /// The sentence after “allowed:”.
    package var allowed: String {
        switch self {
        case .text(let maximum): "one line of text, at most \(maximum) bytes"
        case .file: "the path of a file"
        case .folder: "the path of a folder"
        case .publicURL: "https://host or https://host:port, nothing after it"
        case .upstreamURL: "http://host:port, nothing after it, or unix:/path/of/a/socket"
        case .mailURL: "smtps://host[:port] or smtp://host[:port] (STARTTLS is then demanded)"
        case .mailbox: "an address, or Name <address>"
        case .listenAddress: "host:port, such as 127.0.0.1:8443 or [::1]:8443"
        case .resource: "an absolute URI without fragment"
        case .hostName: "a host name such as phone-test.local"
        case .duration(let range):
            "a whole number with a unit (ms, s, m, h, d), from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        case .size(let range):
            "a whole number with a unit (B, KiB, MiB, GiB), from \(Self.text(byteCount: range.lowerBound)) to \(Self.text(byteCount: range.upperBound))"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .word(let words): words.joined(separator: " or ")
        case .words(let words): "a list of \(words.joined(separator: ", "))"
        case .names: "a list of names (letters, digits and . _ - :)"
        case .methods: "a list of HTTP methods in capitals"
        case .networks: "a list of addresses or networks such as 10.0.0.0/8"
        case .command: "a list: the absolute path of a program, then its arguments, at most 32 in all"
        case .pathPattern: "a path such as /status, /users/*/photo or /payments/**"
        }
    }

    /// The largest unit that divides the duration: `5m`, `90s`.
    package static func text(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        if milliseconds == 0 { return "0s" }
        for (unit, factor) in durationUnits.reversed() where milliseconds % factor == 0 {
            return "\(milliseconds / factor)\(unit)"
        }
        return "\(milliseconds)ms"
    }

    /// The largest unit that divides the size: `64KiB`.
    package static func text(byteCount: Int) -> String {
        for (unit, factor) in sizeUnits.reversed() where byteCount > 0 && byteCount.isMultiple(of: factor) {
            return "\(byteCount / factor)\(unit)"
        }
        return "\(byteCount)B"
    }

    static let durationUnits: [(String, Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    static let sizeUnits: [(String, Int)] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]
}

/// A parsed value.
package enum ConfigurationValue: Sendable, Hashable {
    /// Text, paths, URLs and words.
    case text(String)
    /// Lists of text.
    case texts([String])
    /// Numbers and sizes in bytes.
    case integer(Int)
    /// Durations.
    case duration(Duration)
    /// Switches.
    case boolean(Bool)

    /// As a file would say it.
    package var text: String {
        switch self {
        case .text(let text): text
        case .texts(let texts): "[\(texts.joined(separator: ", "))]"
        case .integer(let number): String(number)
        case .duration(let duration): ConfigurationType.text(duration)
        case .boolean(let flag): flag ? "true" : "false"
        }
    }
}
