import Testing

@testable import CodeSecurity

/// Random patterns against Swift's own engine, and this engine's parts against each other.
@Suite("LinearExpression differential")
struct LinearExpressionDifferentialTests {
    private static let atoms = ["a", "b", "c", "[ab]", "[^a]", "ab", "\\w", "\\b", "\\B", "^", "."]
    private static let quantifiers = ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}?", "{0,2}"]

    /// Makes a pattern; loops go over bodies that consume something, because engines differ over empty rounds.
    private func pattern(_ random: inout SplitMix, depth: Int) -> String {
        (0...random.below(3)).map { _ in
            switch random.below(depth > 0 ? 6 : 4) {
            case 4:
                let branches = (0...random.below(3)).map { _ in pattern(&random, depth: depth - 1) }
                let opening = random.below(2) == 0 ? "(?:" : "("
                // One letter in front keeps the body from being empty.
                let letter = ["a", "b"][random.below(2)]
                return "\(opening)\(letter)(?:\(branches.joined(separator: "|"))))"
                    + Self.quantifiers[random.below(Self.quantifiers.count)]
            case 5: return "(\(pattern(&random, depth: depth - 1))|\(pattern(&random, depth: depth - 1)))"
            default:
                let atom = Self.atoms[random.below(Self.atoms.count)]
                let isAssertion = ["\\b", "\\B", "^"].contains(atom)
                let repeated = atom == "ab" ? "(?:ab)" : atom
                return isAssertion ? atom : repeated + Self.quantifiers[random.below(Self.quantifiers.count)]
            }
        }.joined()
    }

    private func text(_ random: inout SplitMix) -> String {
        let alphabet = ["a", "a", "b", "b", "c", " ", "\n"]
        return (0..<random.below(12)).map { _ in alphabet[random.below(alphabet.count)] }.joined()
    }

    @Test("random patterns match where Swift's Regex says, groups included", arguments: 0..<40)
    func againstRegex(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) + 1_000)
        for _ in 0..<50 {
            let pattern = pattern(&random, depth: 2)
            let reference = try Regex(pattern).matchingSemantics(.unicodeScalar).wordBoundaryKind(.simple)
            let scanner = try LinearExpression(parsing: pattern).makeScanner()
            for _ in 0..<5 {
                let text = text(&random)
                let expected = try reference.firstMatch(in: text)
                let found = scanner.firstMatch(in: Array(text.utf8))
                func offsets(_ range: Range<String.Index>?) -> Range<Int>? {
                    range.map { $0.lowerBound.utf16Offset(in: text)..<$0.upperBound.utf16Offset(in: text) }
                }
                #expect(found?.range == offsets(expected?.range), "\(pattern) in \(text.debugDescription)")
                guard let expected, let found else { continue }
                let groups = expected.output.map { offsets($0.range) }
                #expect(found.groups == groups, "\(pattern) in \(text.debugDescription)")
            }
        }
    }

    @Test("the automata and the thread machine agree, empty loops and arbitrary bytes included", arguments: 0..<40)
    func againstThreadMachine(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) + 5_000)
        let pieces = [
            "a", "é", ".", "[^b]", "(?s).", "\\W", "[é-ü]", "\\b", "$", "(?m)^", "[^é]", "()", "a*", "(?:|b)",
        ]
        let bytes: [UInt8] = [0x61, 0x62, 0x0A, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80, 0xFF]
        var limits = ExpressionLimits()
        if seed % 2 == 0 { limits.maximumCacheByteCount = 600 }
        for _ in 0..<50 {
            let parts = (0...random.below(4)).map { _ in
                "(\(pieces[random.below(pieces.count)]))" + ["", "*", "+?", "{0,2}", "|"][random.below(5)]
            }
            let pattern = parts.joined()
            let expression = try LinearExpression(parsing: "(?:\(pattern))*" + pattern, limits: limits)
            let scanner = expression.makeScanner()
            let machine = ThreadMachine(expression.forward, groupCount: expression.groupCount)
            for _ in 0..<5 {
                let text = (0..<random.below(12)).map { _ in bytes[random.below(bytes.count)] }
                let found = scanner.firstMatch(in: text)
                let expected = text.withUnsafeBufferPointer { machine.firstMatch(in: $0, from: 0, isAnchored: false) }
                #expect(found == expected, "\(expression.pattern) in \(text)")
            }
        }
    }

    @Test("every match contains a required literal", arguments: 0..<20)
    func requiredLiterals(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) + 9_000)
        for _ in 0..<50 {
            let flag = random.below(2) == 0 ? "(?i)" : ""
            let expression = try LinearExpression(parsing: flag + pattern(&random, depth: 2))
            guard !expression.requiredLiterals.isEmpty else { continue }
            let keywords = expression.requiredLiterals.map {
                (bytes: $0, caseInsensitive: expression.requiredLiteralsIgnoreCase)
            }
            let automaton = KeywordAutomaton(keywords)
            for _ in 0..<10 {
                let text = Array((random.below(2) == 0 ? text(&random) : text(&random).uppercased()).utf8)
                for match in expression.matches(in: text) {
                    #expect(!automaton.present(in: Array(text[match.range])).isEmpty, "\(expression.pattern)")
                }
            }
        }
    }
}
