/// Something that code does and that a property list has to say, or the other way round.
struct FactTopic: Sendable {
    /// How a name stands in code.
    enum Form: Sendable {
        case name
        /// `stat(path, …)`, not a member and not a declaration.
        case call
        /// `attributes[.creationDate]`
        case key
    }

    struct Symbol: Sendable {
        let name: String
        let form: Form
        /// Whether the use alone demands the declaration; others only explain one.
        let isDemanding: Bool
    }

    /// Its name in facts.
    let id: String
    /// Keys of property lists, each of which is enough.
    let keys: [String]
    let symbols: [Symbol]

    /// Takes names with blanks between; `stat(` is a call, `.creationDate]` a key.
    init(_ keys: String..., demanding: String = "", explaining: String = "") {
        id = keys.joined(separator: "|")
        self.keys = keys
        symbols =
            demanding.split(separator: " ").map { Self.symbol($0, isDemanding: true) }
            + explaining.split(separator: " ").map { Self.symbol($0, isDemanding: false) }
    }

    private static func symbol(_ text: Substring, isDemanding: Bool) -> Symbol {
        if text.hasSuffix("(") { return Symbol(name: String(text.dropLast()), form: .call, isDemanding: isDemanding) }
        if text.hasPrefix("."), text.hasSuffix("]") {
            return Symbol(name: String(text.dropFirst().dropLast()), form: .key, isDemanding: isDemanding)
        }
        return Symbol(name: String(text), form: .name, isDemanding: isDemanding)
    }

    /// Everything that the analyser knows.
    static let all = requiredReasons + usageDescriptions + capabilities
}
