/// Why a body is not a form that this product accepts.
public enum FormError: Error, Equatable, Sendable {
    /// More bytes or fields than allowed.
    case tooLarge
    /// A name stands twice (RFC 6749 §3.2: parameters must not be repeated).
    case duplicateName
    /// A bad percent escape, a character that is not allowed, or text that is not UTF-8.
    case syntax
}

/// `application/x-www-form-urlencoded` (WHATWG URL §5), each name once.
public struct FormURLEncoded: Sendable {
    /// Decoded fields.
    public let fields: [String: String]

    /// Parses a body of at most `maximumByteCount` bytes and 64 fields.
    public init(parsing bytes: [UInt8], maximumByteCount: Int = 65_536) throws(FormError) {
        guard bytes.count <= maximumByteCount else { throw .tooLarge }
        var fields: [String: String] = [:]
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard fields.count < 64 else { throw .tooLarge }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(parts[0])
            let value = parts.count == 2 ? try Self.decode(parts[1]) : ""
            guard fields.updateValue(value, forKey: name) == nil else { throw .duplicateName }
        }
        self.fields = fields
    }

    /// The field's value, or nil.
    public subscript(name: String) -> String? { fields[name] }

    /// Encodes fields in the order given.
    public static func encode(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\(escape($0.name))=\(escape($0.value))" }.joined(separator: "&")
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(FormError) -> String {
        var output: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"): output.append(0x20)
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = Hex.value(bytes[index + 1]),
                    let low = Hex.value(bytes[index + 2])
                else { throw .syntax }
                output.append(high << 4 | low)
                index += 2
            case 0x21...0x7E: output.append(bytes[index])
            default: throw .syntax
            }
            index += 1
        }
        guard let text = String(validating: output, as: UTF8.self) else { throw .syntax }
        return text
    }

    private static func escape(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "*"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default: output += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return output
    }
}
