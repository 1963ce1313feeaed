/// Reads the formulas about property lists and XML.
struct DataSearchDecoder {
    let path: String

    /// The formula of a key such as `plist-key`.
    func formula(_ key: String, _ value: RuleValue) throws(RuleError) -> Formula {
        switch key {
        case "plist-key": return .data(.property(try property(value)))
        case "plist-has": return .dataCondition(.has(try property(value)))
        case "plist-lacks": return .dataCondition(.lacks(try property(value)))
        case "plist-around":
            guard let levels = Int(value["levels"]?.text ?? "0"), (0...16).contains(levels) else {
                throw error(value, "levels is a number from 0 to 16")
            }
            return .dataCondition(.around(levels: levels, try property(value)))
        case "xml-element": return .data(.element(try element(value)))
        default: return .dataCondition(.lacksElement(try element(value)))
        }
    }

    private func property(_ value: RuleValue) throws(RuleError) -> PropertySearch {
        try check(value, Self.propertyKeys)
        let steps: [String]
        if let list = value["path"]?.list {
            steps = list.compactMap(\.text)
        } else if let text = value.text ?? value["path"]?.text {
            steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        } else {
            throw error(value, "path is missing")
        }
        guard !steps.isEmpty, steps.count <= 16, !steps.contains(where: \.isEmpty) else {
            throw error(value, "path is one to sixteen keys")
        }
        return PropertySearch(
            path: steps.map(KeyPattern.init), value: try self.value(value), files: try files(value),
            named: try value["named"].map { value throws(RuleError) in try expression(value) },
            notNamed: try value["not-named"].map { value throws(RuleError) in try expression(value) })
    }

    private func value(_ value: RuleValue) throws(RuleError) -> PropertySearch.Value {
        let given = ["value", "regex", "count-above"].filter { value[$0] != nil }
        guard given.count <= 1 else { throw error(value, "value, regex and count-above exclude each other") }
        guard given.contains("regex") || value["negate"] == nil else { throw error(value, "negate belongs to regex") }
        if let regex = value["regex"] {
            return .expression(try expression(regex), negated: value["negate"]?.text == "true")
        }
        if let count = value["count-above"] {
            guard let number = count.text.flatMap({ Int($0) }), number >= 0 else {
                throw error(count, "count-above is a number")
            }
            return .countAbove(number)
        }
        guard let wanted = value["value"] else { return .present }
        switch wanted.text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "present": return .present
        case "missing": return .missing
        default: throw error(wanted, "value is true, false, present or missing; write regex for anything else")
        }
    }

    private func files(_ value: RuleValue) throws(RuleError) -> Set<PropertyFileKind> {
        guard let item = value["file"] else { return [] }
        let kinds = item.texts.compactMap(PropertyFileKind.init(rawValue:))
        guard !kinds.isEmpty, kinds.count == item.texts.count else {
            throw error(item, "file is one of " + PropertyFileKind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return Set(kinds)
    }

    private func element(_ value: RuleValue) throws(RuleError) -> ElementSearch {
        try check(value, ["name", "attribute", "regex"])
        guard let names = value["name"]?.text, !names.isEmpty else { throw error(value, "name is missing") }
        guard value["regex"] == nil || value["attribute"] != nil else { throw error(value, "regex needs attribute") }
        return ElementSearch(
            names: names.split(separator: "|").map(String.init), attribute: value["attribute"]?.text,
            expression: try value["regex"].map { value throws(RuleError) in try expression(value) })
    }

    private func expression(_ value: RuleValue) throws(RuleError) -> ExpressionSource {
        try ExpressionSource(value, path: path)
    }

    private func check(_ value: RuleValue, _ keys: Set<String>) throws(RuleError) {
        for (key, item) in value.map ?? [] where !keys.contains(key) { throw error(item, "unknown key \(key)") }
    }

    private func error(_ value: RuleValue, _ reason: String) -> RuleError {
        RuleError(path: path, line: value.line, reason: reason)
    }

    private static let propertyKeys: Set<String> = [
        "path", "value", "regex", "negate", "count-above", "file", "named", "not-named", "levels",
    ]
}
