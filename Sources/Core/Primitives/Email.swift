/// Why a text is not an e-mail address that this product accepts.
public enum EmailSyntaxError: Error, Equatable {
    /// Empty, longer than 254 bytes, or a local part longer than 64.
    case length
    /// Not ASCII; internationalised addresses are not accepted yet.
    case notASCII
    /// Not `local@domain`, or a character that neither side allows.
    case form
}

/// An e-mail address in the form this product stores and compares.
///
/// ASCII, at most 254 bytes (RFC 5321 §4.5.3.1.3; RFC 3696 erratum 1690); a dot-atom (RFC 5322 §3.2.3) before the `@`, a
/// host name with a dot after it. The whole address is lower-cased: two accounts that differ only in case of the local
/// part would be a trap for people. Control characters, among them CR and LF, cannot be part of one.
public struct Email: Hashable, Sendable {
    /// The lower-cased address.
    public let canonical: String

    /// Parses an address or says why not.
    public init(parsing text: String) throws(EmailSyntaxError) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 < 128 }) else { throw .notASCII }
        guard (3...254).contains(bytes.count) else { throw .length }
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { throw .form }
        let local = bytes[..<at]
        let domain = bytes[(at + 1)...]
        guard local.count <= 64 else { throw .length }
        guard Self.isDotAtom(local), Self.isHostName(domain) else { throw .form }
        canonical = text.lowercased()
    }

    private static func isDotAtom(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { isAlphanumeric($0) || atomCharacters.contains($0) }
        }
    }

    private static func isHostName(_ bytes: ArraySlice<UInt8>) -> Bool {
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static let hyphen = UInt8(ascii: "-")
    private static let atomCharacters = Set("!#$%&'*+-/=?^_`{|}~".utf8)
}

extension Email: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Personal data does not print; use `canonical` where it is meant.
    public var description: String { "‹e-mail›" }
    /// Personal data does not print.
    public var debugDescription: String { "‹e-mail›" }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
