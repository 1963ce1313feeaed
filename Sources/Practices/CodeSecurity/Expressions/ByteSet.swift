/// A set of byte values, as 256 bits.
struct ByteSet: Hashable, Sendable {
    private var words: SIMD4<UInt64> = .zero

    /// Makes an empty set.
    init() {}

    /// Makes the set of the bytes in `range`.
    init(_ range: ClosedRange<UInt8>) {
        insert(range)
    }

    /// Makes the set of the bytes of an ASCII string.
    init(ascii text: StaticString) {
        text.withUTF8Buffer { for byte in $0 { insert(byte) } }
    }

    /// Adds one byte.
    mutating func insert(_ byte: UInt8) {
        words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
    }

    /// Adds every byte of a range.
    mutating func insert(_ range: ClosedRange<UInt8>) {
        for byte in range { insert(byte) }
    }

    /// Whether `byte` is a member.
    func contains(_ byte: UInt8) -> Bool {
        words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0
    }

    /// Whether the set has no member.
    var isEmpty: Bool { words == .zero }

    /// The members in ascending order.
    var members: [UInt8] { (0...UInt8.max).filter(contains) }

    /// The number of members.
    var count: Int {
        words[0].nonzeroBitCount + words[1].nonzeroBitCount + words[2].nonzeroBitCount + words[3].nonzeroBitCount
    }

    /// The bytes of either set.
    func union(_ other: ByteSet) -> ByteSet {
        var result = self
        result.words |= other.words
        return result
    }

    /// The bytes of this set that the other lacks.
    func subtracting(_ other: ByteSet) -> ByteSet {
        var result = self
        result.words &= ~other.words
        return result
    }

    /// The set with the other case of each ASCII letter added.
    func foldingCase() -> ByteSet {
        var result = self
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") {
            let capital = letter ^ 0x20
            if contains(letter) { result.insert(capital) }
            if contains(capital) { result.insert(letter) }
        }
        return result
    }
}

extension ByteSet {
    /// Every byte.
    static let all = ByteSet(0x00...0xFF)
    /// The bytes of ASCII.
    static let ascii = ByteSet(0x00...0x7F)
    /// UTF-8 continuation bytes.
    static let continuation = ByteSet(0x80...0xBF)
    /// The line feed.
    static let newline = ByteSet(0x0A...0x0A)
    /// `\w`: ASCII letters, digits and the underscore.
    static let word = ByteSet(ascii: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    /// `\d`: ASCII digits.
    static let digit = ByteSet(0x30...0x39)
    /// `\s`: tab, line feed, vertical tab, form feed, carriage return, space.
    static let space = ByteSet(ascii: "\t\n\u{0B}\u{0C}\r ")
    /// Bytes that stand alone where a scalar may begin although they begin no UTF-8 sequence.
    static let stray = ByteSet(0x80...0xC1).union(ByteSet(0xF5...0xFF))
}
