import BucklerPrimitives
import BucklerSecurityEvents
import SecureChannel

/// Why a text is not a value of its type.
struct ConfigurationValueError: Error {
    let problem: String
}

extension ConfigurationType {
    /// Parses one scalar.
    ///
    /// Lists are parsed entry by entry (`parse(list:)`).
    func parse(_ text: String) throws(ConfigurationValueError) -> ConfigurationValue {
        switch self {
        case .duration(let range): return .duration(try Self.duration(text, range))
        case .size(let range): return .integer(try Self.size(text, range))
        case .integer(let range): return .integer(try Self.integer(text, range))
        case .boolean:
            guard text == "true" || text == "false" else { throw .init(problem: "“\(text)” is not true or false") }
            return .boolean(text == "true")
        case .word(let words):
            guard words.contains(text) else { throw .init(problem: "“\(text)” is not one of them") }
            return .text(text)
        case .words, .names, .methods, .networks, .command:
            throw .init(problem: "one value stands where a list belongs")
        default:
            try checkText(text)
            return .text(text)
        }
    }

    /// Parses a list.
    func parse(list: [String]) throws(ConfigurationValueError) -> ConfigurationValue {
        guard isList else { throw .init(problem: "a list stands where one value belongs") }
        if self == .command { return .texts(try Self.command(list)) }
        guard Set(list).count == list.count else { throw .init(problem: "an entry stands there twice") }
        for entry in list where !isEntry(entry) { throw .init(problem: "“\(entry)” cannot be an entry") }
        return .texts(list)
    }

    private func isEntry(_ text: String) -> Bool {
        switch self {
        case .words(let words): words.contains(text)
        case .names: ConfigurationSyntax.isName(text)
        case .methods: (1...20).contains(text.utf8.count) && text.utf8.allSatisfy { (65...90).contains($0) }
        case .networks: NetworkPrefix(parsing: text) != nil
        default: false
        }
    }

    private func checkText(_ text: String) throws(ConfigurationValueError) {
        guard !text.isEmpty else { throw .init(problem: "the value is empty") }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw .init(problem: "the value contains a control character")
        }
        let fits: Bool =
            switch self {
            case .text(let maximum): text.utf8.count <= maximum
            case .file, .folder: text.utf8.count <= 1024
            case .publicURL: PublicURL(parsing: text) != nil
            case .upstreamURL: UpstreamURL(parsing: text) != nil
            case .mailURL: MailServer(parsing: text) != nil
            case .mailbox: Mailbox(parsing: text) != nil
            case .listenAddress: ListenAddress(parsing: text) != nil
            case .resource: ConfigurationSyntax.isAbsoluteURI(text)
            case .hostName: ConfigurationSyntax.isHostName(text)
            case .pathPattern: (try? RoutePattern(parsing: text)) != nil
            default: true
            }
        guard fits else { throw .init(problem: "“\(text)” does not have the form") }
    }

    private static func command(_ list: [String]) throws(ConfigurationValueError) -> [String] {
        guard let program = list.first else { throw .init(problem: "the list is empty") }
        guard program.hasPrefix("/"), !program.hasSuffix("/") else {
            throw .init(problem: "“\(program)” is not the absolute path of a program")
        }
        guard list.count <= 32, list.allSatisfy({ $0.utf8.count <= 1024 }) else {
            throw .init(problem: "the command is too long")
        }
        for word in list where !word.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) {
            throw .init(problem: "an argument contains a control character")
        }
        return list
    }

    private static func duration(
        _ text: String, _ range: ClosedRange<Duration>
    ) throws(ConfigurationValueError) -> Duration {
        let (number, unit) = try split(text, units: durationUnits.map(\.0), example: "5m")
        guard let factor = durationUnits.first(where: { $0.0 == unit })?.1 else { throw .init(problem: "unknown unit") }
        let (product, overflow) = Int64(number).multipliedReportingOverflow(by: factor)
        guard !overflow, range.contains(.milliseconds(product)) else {
            throw .init(problem: "“\(text)” is out of range")
        }
        return .milliseconds(product)
    }

    private static func size(_ text: String, _ range: ClosedRange<Int>) throws(ConfigurationValueError) -> Int {
        let (number, unit) = try split(text, units: sizeUnits.map(\.0), example: "64KiB")
        guard let factor = sizeUnits.first(where: { $0.0 == unit })?.1 else { throw .init(problem: "unknown unit") }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow, range.contains(product) else { throw .init(problem: "“\(text)” is out of range") }
        return product
    }

    private static func integer(_ text: String, _ range: ClosedRange<Int>) throws(ConfigurationValueError) -> Int {
        guard ConfigurationSyntax.isDigits(text), let number = Int(text) else {
            throw .init(problem: "“\(text)” is not a whole number")
        }
        guard range.contains(number) else { throw .init(problem: "\(number) is out of range") }
        return number
    }

    private static func split(
        _ text: String, units: [String], example: String
    ) throws(ConfigurationValueError) -> (Int, String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = String(text.dropFirst(digits.count))
        guard let number = Int(digits) else { throw .init(problem: "“\(text)” is not a number with a unit") }
        guard !unit.isEmpty else { throw .init(problem: "“\(text)” lacks its unit (write \(example))") }
        guard units.contains(unit) else { throw .init(problem: "“\(unit)” is not a unit") }
        return (number, unit)
    }
}

/// Small syntactic questions of configuration values.
enum ConfigurationSyntax {
    static func isDigits(_ text: some StringProtocol) -> Bool {
        (1...15).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { isAlphanumeric($0) || [0x2E, 0x5F, 0x2D, 0x3A].contains($0) }
    }

    static func isHostName(_ text: some StringProtocol) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
        }
    }

    static func isAbsoluteURI(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex, text.utf8.count <= 512 else {
            return false
        }
        let scheme = text[..<colon].utf8
        return scheme.allSatisfy { isAlphanumeric($0) || [0x2B, 0x2D, 0x2E].contains($0) }
            && !text.contains("#") && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && text.index(after: colon) != text.endIndex
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}
