import BucklerPrimitives

/// A saved recovery code: `3-XXXX-XXXX-XXXX-XXXX`, a digit that names its row and 80 random bits (PD-11).
///
/// The letters are Crockford's base 32: no I, L, O, U. What people type is read generously: case, spaces and hyphens do
/// not matter, I and L are 1, O is 0.
package struct RecoveryCode: Sendable, Hashable {
    /// 0…9: which of the ten codes.
    package let index: Int
    /// The sixteen letters, which alone are hashed.
    package let secret: SecretString

    /// How many codes a set has.
    package static let count = 10

    /// Draws the code of one row.
    package init(index: Int, random entropy: Entropy) {
        precondition((0..<Self.count).contains(index), "the index is one digit")
        self.index = index
        secret = SecretString(String(decoding: CodeLetters.letters(entropy.bytes(16)), as: UTF8.self))
    }

    /// Reads what somebody typed; nil if it cannot be a code.
    package init?(typed: SecretString) {
        guard typed.utf8Count <= 64 else { return nil }
        let characters = CodeLetters.canonical(typed)
        guard characters.count == 17, let digit = characters.first,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit),
            characters.dropFirst().allSatisfy({ CodeLetters.alphabet.contains($0) })
        else { return nil }
        index = Int(digit - UInt8(ascii: "0"))
        secret = SecretString(String(decoding: characters.dropFirst(), as: UTF8.self))
    }

    /// The text that a person saves.
    package var text: SecretString {
        secret.withExposedText { letters in
            let characters = Array(letters)
            let groups = stride(from: 0, to: 16, by: 4).map { String(characters[$0..<($0 + 4)]) }
            return SecretString(([String(index)] + groups).joined(separator: "-"))
        }
    }

    /// Draws a set of ten.
    package static func makeSet(_ entropy: Entropy) -> [RecoveryCode] {
        (0..<count).map { RecoveryCode(index: $0, random: entropy) }
    }
}
