import BucklerPrimitives

/// The rules as JSON, for tools: one object with a list, sorted by area and id; fields are only ever added.
package enum RuleList {
    /// The list as text.
    package static func json(_ rules: [Rule]) -> String {
        let sorted = rules.sorted { ($0.metadata.area, $0.id) < ($1.metadata.area, $1.id) }
        let list: JSONObject = ["rules": .array(sorted.map { .object(object($0)) })]
        return JSONValue.object(list).text
    }

    private static func object(_ rule: Rule) -> JSONObject {
        let metadata = rule.metadata
        var object: JSONObject = [
            "id": .string(rule.id), "area": .string(metadata.area), "severity": .string(rule.severity.name),
            "confidence": .string(metadata.confidence.rawValue), "title": .string(metadata.title),
            "message": .string(rule.message), "why": .string(metadata.why), "fix": .string(metadata.fix),
        ]
        let lists = [
            ("languages", rule.languages.map(\.rawValue).sorted()), ("cwe", metadata.cwe), ("masvs", metadata.masvs),
            ("maswe", metadata.maswe), ("maswe_beta", metadata.masweBeta), ("mastg", metadata.mastg),
            ("references", metadata.references),
        ]
        for (name, values) in lists { object[name] = .array(values.map { .string($0) }) }
        return object
    }
}
