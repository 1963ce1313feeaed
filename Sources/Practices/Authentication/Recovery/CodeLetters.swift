import BucklerPrimitives

/// Crockford's base 32, for codes that people type: no I, L, O, U.
enum CodeLetters {
    /// The 32 letters in ASCII.
    static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// One letter for each byte, from 5 of its 8 bits: uniform if the bytes are.
    static func letters(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map { alphabet[Int($0 & 31)] } }

    /// What somebody typed, read generously: case, spaces and hyphens do not matter, I and L are 1, O is 0.
    static func canonical(_ typed: SecretString) -> [UInt8] {
        typed.withExposedBytes { bytes in
            bytes.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }.map(canonical)
        }
    }

    private static func canonical(_ byte: UInt8) -> UInt8 {
        let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
        return switch upper {
        case UInt8(ascii: "I"), UInt8(ascii: "L"): UInt8(ascii: "1")
        case UInt8(ascii: "O"): UInt8(ascii: "0")
        default: upper
        }
    }
}
