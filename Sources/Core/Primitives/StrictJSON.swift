/// Why bytes are not JSON that this product accepts.
public enum StrictJSONError: Error, Equatable, Sendable {
    /// More bytes than allowed.
    case tooLarge
    /// More nesting than allowed.
    case tooDeep
    /// More values than allowed.
    case tooManyValues
    /// A name stands twice in one object (RFC 8259 §4 leaves the meaning open; we refuse).
    case duplicateName
    /// Not UTF-8, or a lone surrogate escape.
    case notUTF8
    /// Anything else; the byte offset where it was seen.
    case syntax(offset: Int)
}

/// A bounded JSON parser (RFC 8259) that refuses what readers could understand differently: duplicate names, invalid
/// UTF-8, lone surrogates, trailing bytes, comments, leading zeros.
public struct StrictJSON {
    /// What a document may cost.
    public struct Limits: Sendable {
        /// Bytes of the whole document.
        public var maximumByteCount: Int
        /// Arrays and objects within one another.
        public var maximumDepth: Int
        /// Values of all kinds.
        public var maximumValueCount: Int

        /// Limits for one kind of document.
        public init(maximumByteCount: Int = 65_536, maximumDepth: Int = 16, maximumValueCount: Int = 4096) {
            self.maximumByteCount = maximumByteCount
            self.maximumDepth = maximumDepth
            self.maximumValueCount = maximumValueCount
        }

        /// 64 KiB, 16 levels, 4,096 values.
        public static let standard = Limits()
        /// 8 KiB, 6 levels, 128 values: the header and claims of a token.
        public static let token = Limits(maximumByteCount: 8192, maximumDepth: 6, maximumValueCount: 128)
    }

    /// Parses a whole document.
    public static func parse(_ bytes: [UInt8], limits: Limits = .standard) throws(StrictJSONError) -> JSONValue {
        guard bytes.count <= limits.maximumByteCount else { throw .tooLarge }
        var parser = StrictJSON(bytes: bytes, limits: limits)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw .syntax(offset: parser.index) }
        return value
    }

    /// Parses a document whose root must be an object.
    public static func parseObject(_ bytes: [UInt8], limits: Limits = .standard) throws(StrictJSONError) -> JSONObject {
        guard case .object(let object) = try parse(bytes, limits: limits) else { throw .syntax(offset: 0) }
        return object
    }

    private let bytes: [UInt8]
    private let limits: Limits
    private var index = 0
    private var count = 0

    private init(bytes: [UInt8], limits: Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value(depth: Int) throws(StrictJSONError) -> JSONValue {
        count += 1
        guard count <= limits.maximumValueCount else { throw .tooManyValues }
        guard depth <= limits.maximumDepth else { throw .tooDeep }
        switch current {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(StrictJSONError) -> JSONValue {
        let length = text.utf8CodeUnitCount
        guard index + length <= bytes.count else { throw .syntax(offset: index) }
        for offset in 0..<length where bytes[index + offset] != text.utf8Start[offset] { throw .syntax(offset: index) }
        index += length
        return value
    }

    private mutating func object(depth: Int) throws(StrictJSONError) -> JSONObject {
        index += 1
        var object = JSONObject()
        var names = DistinctNames()
        skipSpace()
        if current == UInt8(ascii: "}") {
            index += 1
            return object
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw .syntax(offset: index) }
            let name = try string()
            guard names.insert(name) else { throw .duplicateName }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            skipSpace()
            object.append(unchecked: name, try value(depth: depth + 1))
            skipSpace()
            if current == UInt8(ascii: ",") {
                index += 1
                continue
            }
            try expect(UInt8(ascii: "}"))
            return object
        }
    }

    private mutating func array(depth: Int) throws(StrictJSONError) -> [JSONValue] {
        index += 1
        var elements: [JSONValue] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            index += 1
            return elements
        }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if current == UInt8(ascii: ",") {
                index += 1
                continue
            }
            try expect(UInt8(ascii: "]"))
            return elements
        }
    }

    private mutating func expect(_ byte: UInt8) throws(StrictJSONError) {
        guard current == byte else { throw .syntax(offset: index) }
        index += 1
    }

    private mutating func string() throws(StrictJSONError) -> String {
        index += 1
        let start = index
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        guard let stop = current, stop >= 0x20 else { throw .syntax(offset: index) }
        if stop == UInt8(ascii: "\"") {
            let slice = bytes[start..<index]
            index += 1
            return try text(slice)
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(StrictJSONError) -> String {
        var output = Array(bytes[start..<index])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return try text(output[...])
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &output)
            case 0..<0x20: throw .syntax(offset: index)
            default:
                output.append(byte)
                index += 1
            }
        }
        throw .syntax(offset: index)
    }

    private mutating func escape(into output: inout [UInt8]) throws(StrictJSONError) {
        guard let kind = current else { throw .syntax(offset: index) }
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(kind)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"): output.append(contentsOf: String(Character(try unicodeEscape())).utf8)
        default: throw .syntax(offset: index - 1)
        }
    }

    private mutating func unicodeEscape() throws(StrictJSONError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), current == UInt8(ascii: "\\") else { throw .notUTF8 }
        index += 1
        guard current == UInt8(ascii: "u") else { throw .notUTF8 }
        index += 1
        let second = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .notUTF8 }
        return scalar
    }

    private mutating func fourHexDigits() throws(StrictJSONError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw .syntax(offset: index) }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(bytes[index]) else { throw .syntax(offset: index) }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private func text(_ slice: ArraySlice<UInt8>) throws(StrictJSONError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    private mutating func number() throws(StrictJSONError) -> JSONValue {
        let start = index
        if current == UInt8(ascii: "-") { index += 1 }
        guard let first = current, isDigit(first) else { throw .syntax(offset: index) }
        index += 1
        if first != UInt8(ascii: "0") { skipDigits() }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            try requireDigits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            index += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
            try requireDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let double = Double(text), double.isFinite else { throw .syntax(offset: start) }
        return .number(double)
    }

    private mutating func requireDigits() throws(StrictJSONError) {
        guard let digit = current, isDigit(digit) else { throw .syntax(offset: index) }
        skipDigits()
    }

    private mutating func skipDigits() {
        while let digit = current, isDigit(digit) { index += 1 }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

/// The names of one object: a few are compared one by one, many are hashed.
private struct DistinctNames {
    private var few: [String] = []
    private var many: Set<String> = []

    /// False if the name was there already.
    mutating func insert(_ name: String) -> Bool {
        if few.count < 12 {
            guard !few.contains(name) else { return false }
            few.append(name)
            return true
        }
        if many.isEmpty { many = Set(few) }
        return many.insert(name).inserted
    }
}
