/// The names in a source file, without those in comments and strings.
///
/// One pass over the bytes; no tree is needed.
///
/// Names inside the interpolations of a string are not seen.
struct CodeWords {
    struct Word {
        let range: Range<Int>
        /// The hash that ``CodeTree`` gives to its bytes.
        let hash: UInt64
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private let nestsComments: Bool

    /// The bytes must stay where they are while names are asked for.
    init(_ bytes: UnsafeBufferPointer<UInt8>, language: Language) {
        self.bytes = bytes
        nestsComments = language == .swift
    }

    /// The next name.
    mutating func next() -> Word? {
        while position < bytes.count {
            let byte = bytes[position]
            if Self.isNameStart(byte) {
                return word()
            }
            if byte == UInt8(ascii: "/"), isAt(1, "/") {
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            } else if byte == UInt8(ascii: "/"), isAt(1, "*") {
                skipComment()
            } else if byte == UInt8(ascii: "\"") {
                skipString(hashes: 0)
            } else if byte == UInt8(ascii: "#"), nestsComments {
                skipHashes()
            } else if byte == UInt8(ascii: "'"), !nestsComments {
                skipCharacter()
            } else if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
            } else {
                position += 1
            }
        }
        return nil
    }

    private mutating func word() -> Word {
        let start = position
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        while position < bytes.count, Self.isNameByte(bytes[position]) {
            hash = (hash ^ UInt64(bytes[position])) &* 0x100_0000_01b3
            position += 1
        }
        return Word(range: start..<position, hash: hash == 0 ? 1 : hash)
    }

    private func isAt(_ offset: Int, _ scalar: Unicode.Scalar) -> Bool {
        position + offset < bytes.count && bytes[position + offset] == UInt8(ascii: scalar)
    }

    private mutating func skipComment() {
        var depth = 1
        position += 2
        while position < bytes.count, depth > 0 {
            if bytes[position] == UInt8(ascii: "*"), isAt(1, "/") {
                depth -= 1
                position += 2
            } else if nestsComments, bytes[position] == UInt8(ascii: "/"), isAt(1, "*") {
                depth += 1
                position += 2
            } else {
                position += 1
            }
        }
    }

    private mutating func skipHashes() {
        var count = 0
        while isAt(count, "#") { count += 1 }
        position += count
        if isAt(0, "\"") { skipString(hashes: count) }
    }

    private mutating func skipString(hashes: Int) {
        let isLong = isAt(1, "\"") && isAt(2, "\"") && nestsComments
        position += isLong ? 3 : 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\\"), hashes == 0 {
                position += 2
            } else if byte == UInt8(ascii: "\""), closes(isLong, hashes) {
                position += (isLong ? 3 : 1) + hashes
                return
            } else if byte == 0x0A, !isLong {
                return
            } else {
                position += 1
            }
        }
    }

    private func closes(_ isLong: Bool, _ hashes: Int) -> Bool {
        if isLong, !(isAt(1, "\"") && isAt(2, "\"")) { return false }
        let first = isLong ? 3 : 1
        return (0..<hashes).allSatisfy { isAt(first + $0, "#") }
    }

    private mutating func skipCharacter() {
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "'"), bytes[position] != 0x0A {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") || byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isNameStart(byte) || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
