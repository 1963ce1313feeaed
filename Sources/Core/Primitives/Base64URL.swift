/// Base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: one text per value.
public enum Base64URL {
    /// Encodes without padding.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        encode(Array(bytes))
    }

    /// Encodes without padding.
    public static func encode(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.withUnsafeBufferPointer { encode($0) }
    }

    /// Encodes without padding.
    public static func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBufferPointer { encode($0) }
    }

    /// Decodes, or returns nil for padding, other alphabets, white space, impossible lengths and non-zero spare bits.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        decode(utf8: text.utf8)
    }

    /// Decodes ASCII bytes under the same rules.
    public static func decode(utf8 text: some Sequence<UInt8>) -> [UInt8]? {
        if let result = text.withContiguousStorageIfAvailable({ decode($0) }) { return result }
        return decode(Array(text)[...])
    }

    /// Decodes ASCII bytes under the same rules.
    public static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        text.withUnsafeBufferPointer { decode($0) }
    }

    private static func encode(_ input: UnsafeBufferPointer<UInt8>) -> String {
        let capacity = (input.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: capacity) { output in
            alphabet.withUnsafeBufferPointer { alphabet in
                var written = 0
                var index = 0
                while index + 2 < input.count {
                    let group = UInt32(input[index]) << 16 | UInt32(input[index + 1]) << 8 | UInt32(input[index + 2])
                    output[written] = alphabet[Int(group >> 18)]
                    output[written + 1] = alphabet[Int(group >> 12 & 63)]
                    output[written + 2] = alphabet[Int(group >> 6 & 63)]
                    output[written + 3] = alphabet[Int(group & 63)]
                    written += 4
                    index += 3
                }
                let left = input.count - index
                if left > 0 {
                    let group = UInt32(input[index]) << 16 | (left == 2 ? UInt32(input[index + 1]) << 8 : 0)
                    for position in 0...left {
                        output[written] = alphabet[Int(group >> (18 - 6 * UInt32(position)) & 63)]
                        written += 1
                    }
                }
                return written
            }
        }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // A lone character holds six bits, which is no byte.
        guard text.count % 4 != 1 else { return nil }
        var isValid = true
        let output = [UInt8](unsafeUninitializedCapacity: text.count * 3 / 4) { output, count in
            values.withUnsafeBufferPointer { isValid = decode(text, values: $0, into: output, count: &count) }
        }
        return isValid ? output : nil
    }

    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, values: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>,
        count: inout Int
    ) -> Bool {
        var index = 0
        // Foreign characters have the value 255, whose high bits survive until the end.
        var seen: UInt8 = 0
        while index + 3 < text.count {
            let (a, b) = (values[Int(text[index])], values[Int(text[index + 1])])
            let (c, d) = (values[Int(text[index + 2])], values[Int(text[index + 3])])
            seen |= a | b | c | d
            output[count] = a << 2 | b >> 4
            output[count + 1] = b << 4 | c >> 2
            output[count + 2] = c << 6 | d
            count += 3
            index += 4
        }
        guard index < text.count else { return seen < 64 }
        let (a, b) = (values[Int(text[index])], values[Int(text[index + 1])])
        let hasThird = index + 2 < text.count
        let c = hasThird ? values[Int(text[index + 2])] : 0
        seen |= a | b | c
        output[count] = a << 2 | b >> 4
        count += 1
        if hasThird {
            output[count] = b << 4 | c >> 2
            count += 1
        }
        // Spare bits must be zero, or two texts would mean one value (RFC 4648 §3.5).
        let spare = hasThird ? c & 3 : b & 15
        return seen < 64 && spare == 0
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (index, character) in alphabet.enumerated() { table[Int(character)] = UInt8(index) }
        return table
    }()
}
