import BucklerPrimitives
import Foundation

/// Passwords that are guessed first: common ones, the service's and the person's own words, repetitions and sequences.
struct PasswordBlocklist: Sendable {
    private let serviceWords: [String]

    /// Takes the service's name; its words of at least four letters and the whole name are guesses.
    init(serviceName: String) {
        let folded = Self.folded(serviceName)
        let words = folded.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
        serviceWords = Set(words + [words.joined()]).filter { $0.count >= Self.shortestContextWord }.sorted()
    }

    /// Why the normalised `password` is too easy to guess; nil if it is not.
    func weakness(of password: String, email: Email) -> PasswordWeakness? {
        let folded = Self.folded(password)
        if Self.isRepetition(folded) { return .repetition }
        if Self.isSequence(folded) { return .sequence }
        if ([folded] + Self.cores(of: folded)).contains(where: CommonPasswords.contains) { return .common }
        if isContext(folded, email: email) { return .context }
        return nil
    }

    /// Lower case without diacritics or width variants.
    static func folded(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    }

    /// The words inside: digits and signs around it taken away, look-alike signs read as letters.
    ///
    /// `P@ssw0rd1234567!` has the core `password`, `$unshine1` has `sunshine`. Cores shorter than four letters are
    /// none.
    static func cores(of folded: String) -> [String] {
        let characters = Array(folded)
        guard let last = characters.lastIndex(where: \.isLetter) else { return [] }
        let plainStart = characters.firstIndex(where: \.isLetter) ?? 0
        let lookAlikeStart = characters.firstIndex { $0.isLetter || lookAlikes[$0] != nil } ?? 0
        return Set([plainStart, lookAlikeStart])
            .map { start in String(characters[start...last].map { lookAlikes[$0] ?? $0 }) }
            .filter { $0.count >= shortestContextWord }
    }

    /// True if the text is one unit again and again, or has fewer than five different characters.
    static func isRepetition(_ text: String) -> Bool {
        let characters = Array(text)
        if Set(characters).count < fewestCharacters { return true }
        guard characters.count >= 2 else { return true }
        // Every period up to half the length, the last unit possibly cut off: `abcdabcdabc`.
        return (1...characters.count / 2).contains { period in
            (period..<characters.count).allSatisfy { characters[$0] == characters[$0 - period] }
        }
    }

    /// True if the text consists of at most three runs along the alphabet, the digits or a keyboard row.
    static func isSequence(_ text: String) -> Bool {
        let characters = Array(text)
        var runs = 1
        for index in characters.indices.dropFirst() where !areNeighbours(characters[index - 1], characters[index]) {
            runs += 1
        }
        // Fifteen characters in three runs are `abcde12345qwert`; honest text changes direction at almost every step.
        return runs <= longestRunCount && runs * 4 <= characters.count
    }

    private static func areNeighbours(_ left: Character, _ right: Character) -> Bool {
        if let a = left.asciiValue, let b = right.asciiValue, abs(Int(a) - Int(b)) == 1 { return true }
        return keyboardPairs.contains([left, right])
    }

    private func isContext(_ folded: String, email: Email) -> Bool {
        let parts = email.canonical.split(separator: "@")
        var words = serviceWords + parts.map(String.init)
        for part in parts { words += part.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init) }
        var rest = folded
        for word in words.sorted(by: { $0.count > $1.count }) where word.count >= Self.shortestContextWord {
            rest = rest.replacingOccurrences(of: word, with: "")
        }
        guard rest != folded else { return false }
        // Counted in half letters: a digit or sign is worth half a letter, because years come to mind first.
        return rest.reduce(0) { $0 + ($1.isLetter ? 2 : 1) } < Self.halfLettersBesideContext
    }

    private static let shortestContextWord = 4
    private static let halfLettersBesideContext = 16
    private static let fewestCharacters = 5
    private static let longestRunCount = 3
    private static let lookAlikes: [Character: Character] = [
        "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t",
    ]
    private static let keyboardPairs: Set<[Character]> = {
        let rows = [
            "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "qsdfghjklm", "yxcvbnm",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "wxcvbn",
        ]
        var pairs: Set<[Character]> = []
        for row in rows.map(Array.init) {
            for (left, right) in zip(row, row.dropFirst()) {
                pairs.insert([left, right])
                pairs.insert([right, left])
            }
        }
        return pairs
    }()
}
