/// Base64url without padding (RFC 4648 §5, RFC 7515 §2), strict: one text per value.
public enum Base64URL {
    /// Encodes without padding.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        let input = Array(bytes)
        let capacity = (input.count * 4 + 2) / 3
        return String(unsafeUninitializedCapacity: capacity) { output in
            var written = 0
            var index = 0
            func put(_ value: UInt32, _ count: Int) {
                for position in 0..<count {
                    output[written] = alphabet[Int((value >> (18 - 6 * UInt32(position))) & 63)]
                    written += 1
                }
            }
            while index + 2 < input.count {
                put(UInt32(input[index]) << 16 | UInt32(input[index + 1]) << 8 | UInt32(input[index + 2]), 4)
                index += 3
            }
            switch input.count - index {
            case 2: put(UInt32(input[index]) << 16 | UInt32(input[index + 1]) << 8, 3)
            case 1: put(UInt32(input[index]) << 16, 2)
            default: break
            }
            return written
        }
    }

    /// Decodes, or returns nil for padding, other alphabets, white space, impossible lengths and non-zero spare bits.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        decode(utf8: text.utf8)
    }

    /// Decodes ASCII bytes under the same rules.
    public static func decode(utf8 text: some Sequence<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(text.underestimatedCount * 3 / 4)
        var buffer: UInt32 = 0
        var bits = 0
        for character in text {
            let value = values[Int(character)]
            guard value < 64 else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
                buffer &= (1 << UInt32(bits)) - 1
            }
        }
        // Six spare bits mean a lone character; other spare bits must be zero (RFC 4648 §3.5).
        guard bits < 6, buffer == 0 else { return nil }
        return output
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for (index, character) in alphabet.enumerated() { table[Int(character)] = UInt8(index) }
        return table
    }()
}
