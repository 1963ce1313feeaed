import BucklerPrimitives

/// The built-in rules: the files below `Rules/` as one JSON text inside the program, so that a start reads no file and no YAML.
///
/// `buckler-scan rules pack` writes it; a test fails when it differs from the files.
package enum RulePack {
    /// The rules that the program carries.
    package static func builtIn() throws(RuleError) -> [Rule] { try rules(in: PackedRules.json) }

    /// Reads a pack.
    package static func rules(in json: String) throws(RuleError) -> [Rule] {
        let limits = StrictJSON.Limits(maximumByteCount: 8_388_608, maximumDepth: 32, maximumValueCount: 400_000)
        let value: JSONValue
        do throws(StrictJSONError) {
            value = try StrictJSON.parse(Array(json.utf8), limits: limits)
        } catch {
            throw RuleError(path: "built-in rules", line: 0, reason: "the pack cannot be read")
        }
        var rules: [Rule] = []
        for entry in value.array ?? [] {
            guard let object = entry.object, let path = object["path"]?.string, let rule = object["rule"] else {
                continue
            }
            rules.append(try RuleDecoder(path: path).rule(RuleValue(rule), words: words(object["words"])))
        }
        return rules
    }

    /// Packs rule files, each with its path below `Rules/`: one rule a line.
    package static func pack(_ files: [(path: String, value: RuleValue)]) throws(RuleError) -> String {
        var lines: [String] = []
        for file in files.sorted(by: { $0.path < $1.path }) {
            let decoder = RuleDecoder(path: file.path)
            for value in file.value["rules"]?.list ?? [] {
                let rule = try decoder.rule(value)
                var object = JSONObject()
                object["path"] = .string(file.path)
                object["words"] = .array(rule.requiredWords.map { clause in .array(clause.map(json)) })
                object["rule"] = value.json
                lines.append(JSONValue.object(object).text)
            }
        }
        return "[\n" + lines.joined(separator: ",\n") + "\n]"
    }

    /// The source file that carries a pack.
    package static func sourceFile(_ json: String) -> String {
        """
        // Written by `buckler-scan rules pack`; do not edit.
        // swift-format-ignore-file

        /// The built-in rules as JSON.
        enum PackedRules {
            static let json = ##\"""
        \(json)
        \"""##
        }

        """
    }

    private static func json(_ word: RequiredWord) -> JSONValue {
        .string((word.ignoresCase ? "i:" : "s:") + String(decoding: word.bytes, as: UTF8.self))
    }

    private static func words(_ value: JSONValue?) -> [[RequiredWord]] {
        (value?.array ?? []).map { clause in
            (clause.array ?? []).compactMap { word in
                word.string.map { RequiredWord(String($0.dropFirst(2)), ignoresCase: $0.hasPrefix("i:")) }
            }
        }
    }
}

extension RuleValue {
    /// The same value as JSON, every scalar a text.
    var json: JSONValue {
        switch content {
        case .text(let text): return .string(text)
        case .list(let values): return .array(values.map(\.json))
        case .map(let members):
            var object = JSONObject()
            for member in members { object[member.key] = member.value.json }
            return .object(object)
        }
    }
}
