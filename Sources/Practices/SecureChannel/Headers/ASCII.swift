/// Byte-wise operations on ASCII text without allocation.
package enum ASCII {
    /// The byte in lower case.
    @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// True if `text` equals `lower` but for the case of ASCII letters.
    ///
    /// `lower` is in lower case.
    @inline(__always)
    package static func equal(_ text: String, _ lower: StaticString) -> Bool {
        text.utf8.count == lower.utf8CodeUnitCount && hasPrefix(text, lower)
    }

    /// True if `text` begins with `lower` but for the case of ASCII letters.
    ///
    /// `lower` is in lower case.
    package static func hasPrefix(_ text: some StringProtocol, _ lower: StaticString) -> Bool {
        let prefix = UnsafeBufferPointer(start: lower.utf8Start, count: lower.utf8CodeUnitCount)
        var index = 0
        for byte in text.utf8 {
            if index == prefix.count { return true }
            if lowercased(byte) != prefix[index] { return false }
            index += 1
        }
        return index == prefix.count
    }

    /// True if both texts are equal but for the case of ASCII letters.
    package static func equalIgnoringCase(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    /// Without spaces and tabs at both ends.
    package static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text = text.dropFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text = text.dropLast() }
        return text
    }

    /// The value of a hexadecimal digit.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
