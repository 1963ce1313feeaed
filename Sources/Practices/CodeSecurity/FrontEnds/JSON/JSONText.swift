/// The escapes of JSON strings (RFC 8259 §7).
enum JSONText {
    /// The value of what stands between the quotes; a lone surrogate becomes U+FFFD.
    static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var units: [UInt16] = []
        var index = bytes.startIndex
        var plain = index
        func flush(to end: Int) { units += Array(String(decoding: bytes[plain..<end], as: UTF8.self).utf16) }
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex else {
                index += 1
                continue
            }
            flush(to: index)
            let (unit, end) = escape(bytes, at: index + 1)
            units.append(unit)
            index = end
            plain = index
        }
        flush(to: bytes.endIndex)
        return String(decoding: units, as: UTF16.self)
    }

    private static func escape(_ bytes: ArraySlice<UInt8>, at index: Int) -> (UInt16, Int) {
        switch bytes[index] {
        case UInt8(ascii: "n"): return (0x0A, index + 1)
        case UInt8(ascii: "t"): return (0x09, index + 1)
        case UInt8(ascii: "r"): return (0x0D, index + 1)
        case UInt8(ascii: "b"): return (0x08, index + 1)
        case UInt8(ascii: "f"): return (0x0C, index + 1)
        case UInt8(ascii: "u"):
            let end = min(index + 5, bytes.endIndex)
            let digits = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
            guard end == index + 5, let unit = UInt16(digits, radix: 16) else { return (0xFFFD, end) }
            return (unit, end)
        default: return (UInt16(bytes[index]), index + 1)
        }
    }
}
