/// Finds out how a file's text is encoded.
package enum TextEncoding {
    /// The text as UTF-8 bytes: as it is, or converted from UTF-16 with a byte order mark; nil when it is no text.
    ///
    /// A NUL among the first 8,192 bytes means binary, except in UTF-16. Binary property lists are not text either.
    package static func utf8(_ bytes: [UInt8]) -> [UInt8]? {
        if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes, isBigEndian: false) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes, isBigEndian: true) }
        if bytes.starts(with: [0x62, 0x70, 0x6C, 0x69, 0x73, 0x74]) { return nil }
        return bytes.prefix(8192).contains(0) ? nil : bytes
    }

    private static func utf16(_ bytes: [UInt8], isBigEndian: Bool) -> [UInt8] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = 2
        while index + 1 < bytes.count {
            let high = UInt16(bytes[isBigEndian ? index : index + 1])
            let low = UInt16(bytes[isBigEndian ? index + 1 : index])
            units.append(high << 8 | low)
            index += 2
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
