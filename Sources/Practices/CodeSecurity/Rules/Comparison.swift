/// `$BITS < 2048`, also joined by `and` and `or`: Semgrep's `metavariable-comparison` over integers.
package struct Comparison: Sendable {
    private struct Term: Sendable {
        let name: String
        let sign: String
        let number: Int
    }

    /// Any of these must hold; each holds when all of its terms hold.
    private let alternatives: [[Term]]

    /// Reads a comparison; nil when it is none.
    package init?(_ text: String) {
        var alternatives: [[Term]] = []
        for alternative in text.split(separator: " or ") {
            var terms: [Term] = []
            for term in alternative.split(separator: " and ") {
                guard let parsed = Self.term(String(term)) else { return nil }
                terms.append(parsed)
            }
            alternatives.append(terms)
        }
        guard !alternatives.isEmpty else { return nil }
        self.alternatives = alternatives
    }

    /// The metavariables that it compares.
    package var metavariables: [String] { alternatives.flatMap { $0.map(\.name) } }

    /// Whether it holds, given the value of a metavariable; an unknown value makes its term false.
    package func holds(_ value: (String) -> Int?) -> Bool {
        alternatives.contains { terms in
            terms.allSatisfy { term in
                guard let found = value(term.name) else { return false }
                return Self.compare(found, term.sign, term.number)
            }
        }
    }

    private static func term(_ text: String) -> Term? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3, words[0].hasPrefix("$"), signs.contains(words[1]),
            let number = Constants.integer(words[2])
        else { return nil }
        return Term(name: words[0], sign: words[1], number: number)
    }

    private static let signs: Set<String> = ["<", "<=", ">", ">=", "==", "!="]

    private static func compare(_ left: Int, _ sign: String, _ right: Int) -> Bool {
        switch sign {
        case "<": left < right
        case "<=": left <= right
        case ">": left > right
        case ">=": left >= right
        case "==": left == right
        default: left != right
        }
    }
}
