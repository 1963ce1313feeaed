import Synchronization

/// What a rule looks for: patterns joined by and, or, not, inside, and conditions on what they bound.
package indirect enum Formula: Sendable {
    case pattern(PatternSource)
    case expression(ExpressionSource)
    case all([Formula])
    case any([Formula])
    case not(Formula)
    case inside(Formula)
    case notInside(Formula)
    case condition(Condition)
    case focus([String])
    /// A key of a property list, or an element of XML.
    case data(DataSearch)
    /// What else must stand in the property list or around the place.
    case dataCondition(DataCondition)
    /// Only in some languages.
    case only(Set<Language>, Formula)

    /// Whether it finds places, instead of judging those found.
    var isPositive: Bool {
        switch self {
        case .pattern, .expression, .any, .all, .data: true
        case .only(_, let formula): formula.isPositive
        case .not, .inside, .notInside, .condition, .focus, .dataCondition: false
        }
    }
}

extension Formula {
    /// Whether a part of it looks at the tree of a property list, JSON or XML.
    var readsData: Bool {
        switch self {
        case .data, .dataCondition: true
        case .all(let parts), .any(let parts): parts.contains(where: \.readsData)
        case .not(let part), .inside(let part), .notInside(let part), .only(_, let part): part.readsData
        case .pattern, .expression, .condition, .focus: false
        }
    }
}

/// A test on a metavariable.
package enum Condition: Sendable {
    /// The text matches an expression from its beginning, as Semgrep's `metavariable-regex`.
    case expression(String, ExpressionSource, negated: Bool)
    /// As `expression`, over what is written, not over its value.
    case spelling(String, ExpressionSource, negated: Bool)
    case comparison(Comparison)
    /// The code bound holds a formula inside.
    case formula(String, Formula)
    /// The value is known before the program runs.
    case constant(String, ConstantKind, negated: Bool)
    case type(String, [String])
    case analysis(String, ValueAnalysis)
}

/// What a constant must be.
package enum ConstantKind: String, Sendable {
    case any, string, bytes, integer
}

/// The code of a pattern; it is parsed when a file first needs it, once for each language.
package final class PatternSource: Sendable {
    package let text: String
    package let line: Int
    private let compiled = Mutex<[Language: Result<Pattern, PatternError>]>([:])

    package init(_ text: String, line: Int) {
        self.text = text
        self.line = line
    }

    /// The pattern in a language.
    package func pattern(in language: Language) throws(PatternError) -> Pattern {
        try compiled.withLock { cache -> Result<Pattern, PatternError> in
            if let known = cache[language] { return known }
            let result = Result { () throws(PatternError) in try Pattern(parsing: text, language: language) }
            cache[language] = result
            return result
        }.get()
    }
}
