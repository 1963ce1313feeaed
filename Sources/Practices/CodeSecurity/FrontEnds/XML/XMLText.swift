/// What stands between two tags: pieces of text, and CDATA taken as it is.
struct XMLText {
    private(set) var range: Range<Int>?
    private var pieces: [(range: Range<Int>, isVerbatim: Bool)] = []

    mutating func append(_ piece: Range<Int>, isVerbatim: Bool) {
        pieces.append((piece, isVerbatim))
        range = (range?.lowerBound ?? piece.lowerBound)..<piece.upperBound
    }

    /// Where the text stands and its value, when that is not simply the bytes there.
    func text(in bytes: [UInt8], otherwise empty: Int) -> DataTreeWriter.Text {
        guard let range else { return DataTreeWriter.Text(range: empty..<empty, value: nil) }
        let isVerbatim = pieces[0].isVerbatim
        if pieces.count == 1, !bytes[range].contains(where: { $0 == 0x0D || $0 == UInt8(ascii: "&") && !isVerbatim }) {
            return DataTreeWriter.Text(range: range, value: nil)
        }
        var value: [UInt8] = []
        for piece in pieces { Self.append(bytes[piece.range], isVerbatim: piece.isVerbatim, to: &value) }
        return DataTreeWriter.Text(range: range, value: String(decoding: value, as: UTF8.self))
    }

    /// The value of an attribute.
    static func attribute(_ range: Range<Int>, in bytes: [UInt8]) -> String? {
        guard bytes[range].contains(where: { $0 == UInt8(ascii: "&") || $0 == 0x0D }) else { return nil }
        var value: [UInt8] = []
        append(bytes[range], isVerbatim: false, to: &value)
        return String(decoding: value, as: UTF8.self)
    }

    /// Decodes the five predefined entities and character references (XML 1.0 §4.6, §4.1); line ends become LF (§2.11).
    private static func append(_ bytes: ArraySlice<UInt8>, isVerbatim: Bool, to value: inout [UInt8]) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == 0x0D {
                value.append(0x0A)
                if index < bytes.endIndex, bytes[index] == 0x0A { index += 1 }
            } else if byte == UInt8(ascii: "&"), !isVerbatim, let (scalar, end) = reference(bytes[index...]) {
                value += Array(String(Character(scalar)).utf8)
                index = end
            } else {
                value.append(byte)
            }
        }
    }

    private static func reference(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        guard let end = bytes.prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[..<end], as: UTF8.self)
        if let scalar = entities[name] { return (scalar, end + 1) }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map { ($0, end + 1) }
    }

    private static let entities: [String: Unicode.Scalar] = [
        "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'",
    ]
}
