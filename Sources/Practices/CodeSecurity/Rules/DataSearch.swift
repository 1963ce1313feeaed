/// What a rule looks for in a property list, JSON or XML.
package enum DataSearch: Sendable {
    case property(PropertySearch)
    case element(ElementSearch)
}

/// What must hold besides, for a place found in a property list or in XML.
package enum DataCondition: Sendable {
    /// Somewhere in the same file.
    case has(PropertySearch)
    /// Nowhere in the same file.
    case lacks(PropertySearch)
    /// In the dictionary that many dictionaries further out; 0 is the one that holds the key.
    case around(levels: Int, PropertySearch)
    /// No such element inside the element found.
    case lacksElement(ElementSearch)
}

/// A key of a property list by its path, and what its value must be.
package struct PropertySearch: Sendable {
    package enum Value: Sendable {
        case present
        /// The dictionary that should hold the last key is there and does not; without one around it, the file itself counts.
        case missing
        /// A boolean, or a text that Foundation reads as one: `YES`, `true`, `1`.
        case boolean(Bool)
        case expression(ExpressionSource, negated: Bool)
        /// A dictionary or an array with more entries.
        case countAbove(Int)
    }

    package let path: [KeyPattern]
    package let value: Value
    /// Empty means any.
    package let files: Set<PropertyFileKind>
    /// Held against the file's name.
    package let named: ExpressionSource?
    package let notNamed: ExpressionSource?
}

/// One step of a path: names joined by `|`, each with `*` for any characters.
package struct KeyPattern: Hashable, Sendable {
    private let parts: [String]
    private let names: [PathGlob]
    /// The names without `*`; nil when one has it.
    package let literals: [String]?

    package init(_ text: String) {
        parts = text.split(separator: "|").map(String.init)
        names = parts.map { PathGlob($0) }
        literals = parts.contains { $0.contains("*") || $0.contains("?") } ? nil : parts
    }

    /// For every name the longest part without `*`; nil when one has none of three characters.
    var words: [String]? {
        if let literals { return literals }
        let words = parts.map { part -> String in
            let pieces = part.split(whereSeparator: { $0 == "*" || $0 == "?" })
            return String(pieces.max { $0.count < $1.count } ?? "")
        }
        return words.allSatisfy { $0.count >= 3 } ? words : nil
    }

    /// Whether a key is meant.
    func matches(_ key: String) -> Bool {
        if let literals { return literals.contains(key) }
        return names.contains { $0.matchesName(key) }
    }
}

/// An element of XML, with an attribute of it.
package struct ElementSearch: Sendable {
    package let names: [String]
    package let attribute: String?
    package let expression: ExpressionSource?
    let nameHashes: [UInt64]

    package init(names: [String], attribute: String?, expression: ExpressionSource?) {
        self.names = names
        self.attribute = attribute
        self.expression = expression
        nameHashes = names.map { CodeTree.hash($0) }
    }
}

/// What a property list is for, by its name and else by its keys.
package enum PropertyFileKind: String, Hashable, Sendable, CaseIterable {
    /// `Info.plist` of an app, an extension or a framework.
    case info
    case entitlements
    /// `PrivacyInfo.xcprivacy`.
    case privacy
    /// An Xcode project.
    case project
    /// `.xcconfig`.
    case settings
    case other
}

extension DataSearch {
    /// Words without which a file cannot hold what is looked for.
    var requiredWords: [[RequiredWord]] {
        switch self {
        case .property(let search):
            var path = search.path[...]
            if case .missing = search.value { path = path.dropLast() }
            return path.compactMap { step in step.words.map { $0.map { RequiredWord($0) } } }
        case .element(let search):
            return [search.names.map { RequiredWord($0) }, search.attribute.map { [RequiredWord($0)] }].compactMap {
                $0
            }
        }
    }
}
