import BucklerPrimitives

/// A value of a rule file, with the line where it stands; the same from YAML and from the packed form.
package struct RuleValue: Sendable {
    package indirect enum Content: Sendable {
        case text(String)
        case list([RuleValue])
        case map([(key: String, value: RuleValue)])
    }

    package let content: Content
    /// Counts from 1; 0 in the packed form.
    package let line: Int

    init(_ content: Content, line: Int) {
        self.content = content
        self.line = line
    }

    /// Takes a value of the packed form.
    package init(_ json: JSONValue) {
        line = 0
        switch json {
        case .string(let text): content = .text(text)
        case .array(let values): content = .list(values.map { RuleValue($0) })
        case .object(let object): content = .map(object.members.map { ($0.name, RuleValue($0.value)) })
        case .integer(let number): content = .text(String(number))
        case .bool(let flag): content = .text(flag ? "true" : "false")
        default: content = .text("")
        }
    }

    package var text: String? {
        guard case .text(let text) = content else { return nil }
        return text
    }

    package var list: [RuleValue]? {
        guard case .list(let values) = content else { return nil }
        return values
    }

    package var map: [(key: String, value: RuleValue)]? {
        guard case .map(let values) = content else { return nil }
        return values
    }

    package subscript(_ key: String) -> RuleValue? { map?.first { $0.key == key }?.value }

    /// One text, or a list of texts.
    package var texts: [String] { list?.compactMap(\.text) ?? text.map { [$0] } ?? [] }
}

/// What is wrong with a rule file.
package struct RuleError: Error, Hashable, Sendable {
    package let path: String
    /// Counts from 1; 0 when no line is to blame.
    package let line: Int
    package let reason: String

    package init(path: String, line: Int, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    /// For people: place and reason.
    package var sentence: String {
        let place = line > 0 ? "\(path):\(line)" : path
        return place.isEmpty ? reason : "\(place): \(reason)"
    }
}
