/// Judges whether a text looks like a secret.
///
/// Nothing here asks the network.
package enum SecretText {
    /// Shannon entropy in bits for each character.
    package static func entropy(_ text: String) -> Double {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return 0 }
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let total = Double(bytes.count)
        return counts.reduce(0.0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * Self.log2(share)
        }
    }

    /// Whether a text is a stand-in that nobody would mistake for a secret: `YOUR_KEY`, `xxxx`, `<token>`, `$(API_KEY)`.
    package static func isPlaceholder(_ text: String) -> Bool {
        let lower = text.lowercased()
        if placeholders.contains(where: lower.contains) { return true }
        if Set(lower).count <= 3 { return true }
        if lower.hasPrefix("$(") || lower.hasPrefix("${") || lower.hasPrefix("<") || lower.hasPrefix("{{")
            || lower.hasPrefix("%")
        {
            return true
        }
        return isRun(Array(lower.utf8))
    }

    /// Whether a text reads as a name, words, an address or a format rather than as random characters.
    package static func isWords(_ text: String) -> Bool {
        if text.contains(" ") || text.contains("://") || text.contains("\n") || text.contains("%@") { return true }
        let pieces = text.split { !$0.isLetter }
        let letters = pieces.reduce(0) { $0 + $1.count }
        let digits = text.count { $0.isNumber }
        if digits == 0, !text.contains("+"), !text.contains("="), camelWords(text) { return true }
        // Reverse domain names, paths, dotted keys, screaming constants.
        if digits * 8 < text.count, pieces.count >= 2, letters + pieces.count >= text.count - digits - 2,
            pieces.allSatisfy({ $0.count < 20 && isWordLike($0) })
        {
            return true
        }
        return false
    }

    /// A UUID or another identifier that is written in the open.
    package static func isIdentifier(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }

    /// The last six characters of a GitHub token are the CRC-32 of its random part in base 62.
    package static func hasGitHubChecksum(_ token: String) -> Bool {
        guard let underscore = token.firstIndex(of: "_"), token.count >= 40 else { return false }
        let body = token[token.index(after: underscore)...]
        let random = body.dropLast(6)
        var value = crc32(Array(random.utf8))
        var digits: [Character] = []
        for _ in 0..<6 {
            digits.append(base62[Int(value % 62)])
            value /= 62
        }
        return String(digits.reversed()) == String(body.suffix(6))
    }

    /// CRC-32 as in ISO 3309.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xEDB8_8320 : crc >> 1 }
        }
        return crc ^ 0xFFFF_FFFF
    }

    private static func isRun(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8 else { return false }
        let steps = zip(bytes, bytes.dropFirst()).count { Int($1) - Int($0) == 1 || $0 == $1 }
        return steps * 10 >= (bytes.count - 1) * 7
    }

    /// `someCamelCaseName`, `Some_Words`: vowels stand between the consonants as in words.
    private static func camelWords(_ text: String) -> Bool {
        var words: [Substring] = []
        for piece in text.split(whereSeparator: { !$0.isLetter }) {
            var start = piece.startIndex
            for index in piece.indices.dropFirst()
            where piece[index].isUppercase && piece[piece.index(before: index)].isLowercase {
                words.append(piece[start..<index])
                start = index
            }
            words.append(piece[start...])
        }
        return !words.isEmpty && words.count { isWordLike($0) } * 4 >= words.count * 3
    }

    private static func isWordLike(_ word: some StringProtocol) -> Bool {
        guard word.count > 3 else { return true }
        let lower = word.lowercased()
        let vowels = lower.count { "aeiouy".contains($0) }
        return vowels * 6 >= lower.count && vowels * 10 <= lower.count * 8
            && (word.dropFirst().allSatisfy(\.isLowercase) || word.allSatisfy(\.isUppercase))
    }

    /// The binary logarithm of a share between 0 and 1, to 1e-9.
    private static func log2(_ share: Double) -> Double {
        var value = share
        var exponent = 0.0
        while value < 1 { value *= 2; exponent -= 1 }
        // value is in 1 ..< 2: ln by the series of (v-1)/(v+1).
        let quotient = (value - 1) / (value + 1)
        let square = quotient * quotient
        var term = quotient
        var sum = 0.0
        for odd in stride(from: 1.0, through: 21.0, by: 2.0) {
            sum += term / odd
            term *= square
        }
        return exponent + 2 * sum / 0.693_147_180_559_945_3
    }

    private static let base62 = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    private static let placeholders = [
        "example", "your", "xxxx", "placeholder", "changeme", "change_me", "change-me", "dummy", "sample", "insert",
        "replace", "todo",
        "redacted", "****", "....", "foobar", "lorem", "deadbeef", "not-a-real", "notareal", "fake", "mock",
        "undefined", "none",
    ]
}
