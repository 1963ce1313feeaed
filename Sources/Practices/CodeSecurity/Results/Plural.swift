/// Numbers with their words.
package enum Plural {
    /// `1 file`, `1,173 files`.
    package static func of(_ count: Int, _ word: String) -> String {
        "\(grouped(count)) \(word)\(count == 1 ? "" : "s")"
    }

    private static func grouped(_ count: Int) -> String {
        let digits = Array(String(count))
        guard digits.count > 3, count > 0 else { return String(count) }
        return digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : String(digit)
        }.joined()
    }
}
