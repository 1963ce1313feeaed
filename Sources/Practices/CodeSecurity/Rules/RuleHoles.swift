/// Which metavariables the searches of a rule bind, and which its conditions and its message ask for.
struct RuleHoles {
    private let formulas: [Formula]

    init(_ search: Rule.Search) {
        switch search {
        case .formula(let formula): formulas = [formula]
        case .taint(let taint): formulas = taint.sources + taint.sinks + taint.sanitizers
        case .analyser: formulas = []
        }
    }

    /// A metavariable that a condition or the message uses and no pattern binds; nil when there is none.
    func unbound(message: String) -> String? {
        guard !formulas.isEmpty else { return nil }
        let bound = formulas.reduce(into: Set<String>()) { $0.formUnion(Self.bound($1)) }
        for formula in formulas {
            if let name = Self.unbound(formula, bound) { return name }
        }
        return Self.names(message).subtracting(bound).min()
    }

    private static func unbound(_ formula: Formula, _ outer: Set<String>) -> String? {
        switch formula {
        case .all(let parts), .any(let parts):
            return parts.lazy.compactMap { unbound($0, outer) }.first
        case .not(let part), .notInside(let part): return unbound(part, outer.union(bound(part)))
        case .inside(let part), .only(_, let part): return unbound(part, outer)
        case .focus(let names): return names.first { !outer.contains(bare($0)) && !isGroup($0) }
        case .condition(let condition):
            if case .formula(_, let part) = condition, let name = unbound(part, outer) { return name }
            return condition.metavariables.first { !outer.contains(bare($0)) && !isGroup($0) }
        case .pattern, .expression, .data, .dataCondition: return nil
        }
    }

    /// The names that a formula can bind, with their `$`.
    private static func bound(_ formula: Formula) -> Set<String> {
        switch formula {
        case .pattern(let source): return names(source.text)
        case .all(let parts), .any(let parts): return parts.reduce(into: []) { $0.formUnion(bound($1)) }
        case .inside(let part), .only(_, let part), .condition(.formula(_, let part)): return bound(part)
        case .data(.property): return ["$KEY", "$VALUE", "$PARENT"]
        case .data(.element): return ["$NAME", "$VALUE"]
        case .expression, .not, .notInside, .condition, .focus, .dataCondition: return []
        }
    }

    /// The metavariables in a text: `$NAME` and `$...NAME`, both as `$NAME`.
    private static func names(_ text: String) -> Set<String> {
        var result: Set<String> = []
        for piece in text.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
            let rest = piece.hasPrefix("...") ? piece.dropFirst(3) : piece
            let name = rest.prefix { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
            guard let first = name.first, !first.isNumber else { continue }
            result.insert("$" + name)
        }
        return result
    }

    private static func bare(_ name: String) -> String { name.hasPrefix("$...") ? "$" + name.dropFirst(4) : name }
    /// `$1`: what a part of an expression found.
    private static func isGroup(_ name: String) -> Bool { name.dropFirst().first?.isNumber == true }
}

extension Condition {
    /// The metavariables that it looks at.
    var metavariables: [String] {
        switch self {
        case .expression(let name, _, _), .spelling(let name, _, _), .formula(let name, _), .constant(let name, _, _),
            .type(let name, _), .analysis(let name, _):
            [name]
        case .comparison(let comparison): comparison.metavariables
        }
    }
}

/// Whether the brackets of a pattern close; front ends that recover from anything would read it as something else.
enum PatternBrackets {
    /// The first bracket that has no partner; nil when all have.
    static func unpaired(in pattern: String) -> Character? {
        var open: [Character] = []
        var isText = false
        var isEscaped = false
        for character in pattern {
            if isText {
                if !isEscaped, character == "\"" { isText = false }
                isEscaped = character == "\\" && !isEscaped
                continue
            }
            switch character {
            case "\"": isText = true
            case "(", "[", "{": open.append(character)
            case ")", "]", "}":
                guard let last = open.popLast(), pairs[last] == character else { return character }
            default: continue
            }
        }
        return isText ? "\"" : open.last
    }

    private static let pairs: [Character: Character] = ["(": ")", "[": "]", "{": "}"]
}
