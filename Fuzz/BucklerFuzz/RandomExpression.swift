#if Scanner
    import CodeSecurity

    /// Expressions: made at random within what every engine agrees on, or cut out of the rules and damaged.
    ///
    /// An input is the expression, a line end, and the text that is searched.
    enum RandomExpression {
        private static let atoms = ["a", "b", "c", "[ab]", "[^a]", "(?:ab)", "\\w", "."]
        private static let assertions = ["\\b", "\\B", "^"]
        private static let quantifiers = [
            "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}?", "{0,2}",
        ]
        private static let odd = [
            "(", ")", "[", "]", "{", "}", "|", "*", "\\", "^", "$", "(?i)", "(?:", "(?P<a>", "[^", "[[:alpha:]]",
            "\\p{L}", "\\x{",
            "{9,", "{1000}", "-", "&&", "\u{E9}", "\u{1F600}", "(?=", "\\1", "(?s).", "(?m)^", "\\Q",
        ]

        /// An input.
        static func text(_ random: inout SplitMix, rules: [[ArraySlice<UInt8>]]) -> String {
            let isPlain = random.below(2) == 0
            let pattern = isPlain ? pattern(&random, depth: 2) : damaged(&random, rules)
            let alphabet = ["a", "a", "b", "b", "c", " ", "\u{E9}"]
            let letters = alphabet.dropLast(isPlain ? 1 : 0)
            let text = (0..<random.below(16)).map { _ in letters[random.below(letters.count)] }.joined()
            return (isPlain ? "=" : "?") + pattern.replacing("\n", with: "") + "\n" + text
        }

        /// Loops go over bodies that consume something: engines differ over empty rounds.
        private static func pattern(_ random: inout SplitMix, depth: Int) -> String {
            var result = ""
            for _ in 0...random.below(3) {
                switch random.below(depth > 0 ? 6 : 4) {
                case 0: result += assertions[random.below(assertions.count)]
                case 4:
                    let branch = pattern(&random, depth: depth - 1)
                    result +=
                        "(" + ["a", "b"][random.below(2)] + "(?:\(branch)))"
                        + quantifiers[random.below(quantifiers.count)]
                case 5: result += "(\(pattern(&random, depth: depth - 1))|\(pattern(&random, depth: depth - 1)))"
                default: result += atoms[random.below(atoms.count)] + quantifiers[random.below(quantifiers.count)]
                }
            }
            return result
        }

        private static func damaged(_ random: inout SplitMix, _ rules: [[ArraySlice<UInt8>]]) -> String {
            let rule = rules[random.below(rules.count)]
            var parts = rule[random.range(in: rule.count)].prefix(60).map { String(decoding: $0, as: UTF8.self) }
            for _ in 0...random.below(8) {
                let unit = odd[random.below(odd.count)]
                let count = [1, 1, 2, 40][random.below(4)]
                parts.insert(contentsOf: Array(repeating: unit, count: count), at: random.below(parts.count + 1))
            }
            return parts.joined()
        }

        /// What is wrong: a match that Swift's own engine does not find, or one that is none.
        static func check(_ input: String) -> String? {
            let lines = input.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard let head = lines.first, let mark = head.first else { return nil }
            let pattern = String(head.dropFirst())
            let text = lines.count > 1 ? String(lines[1]) : ""
            do throws(ExpressionError) {
                let expression = try LinearExpression(parsing: pattern)
                let found = expression.firstMatch(in: Array(text.utf8))
                let again = expression.matches(in: Array(text.utf8))
                guard found?.range == again.first?.range else { return "the first match is not the first of all" }
                for match in again where !(0...text.utf8.count).contains(match.range.upperBound) {
                    return "a match outside"
                }
                return mark == "=" ? difference(pattern, text, found) : nil
            } catch {
                return mark == "=" ? "is refused: \(error)" : nil
            }
        }

        private static func difference(_ pattern: String, _ text: String, _ found: ExpressionMatch?) -> String? {
            guard
                let reference = try? Regex(pattern).matchingSemantics(.unicodeScalar).wordBoundaryKind(.simple),
                let expected = try? reference.firstMatch(in: text)
            else { return found == nil ? nil : "\(pattern) matches in \(text)" }
            let range =
                expected.range.lowerBound.utf16Offset(in: text)..<expected.range.upperBound.utf16Offset(in: text)
            return found?.range == range ? nil : "\(pattern) does not match in \(text) as it must"
        }
    }
#endif
