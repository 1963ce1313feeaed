import Testing

@testable import CodeSecurity

@Suite("Rules about property lists")
struct DataSearchDecoderTests {
    private func failure(_ search: String) -> RuleError? {
        let yaml = "rules:\n  - id: x\n    languages: [plist]\n    severity: note\n    message: m\n    \(search)\n"
        do throws(RuleError) {
            _ = try RuleDecoder(path: "x.yaml").rules(in: RuleValue(yaml: yaml, path: "x.yaml"))
            return nil
        } catch { return error }
    }

    @Test(
        "a wrong search is refused with its line",
        arguments: [
            ("plist-key: {path: A.B, value: maybe}", "value is true"), ("plist-key: {value: true}", "path is missing"),
            ("plist-key: {path: A, kind: x}", "unknown key kind"), ("plist-key: {path: A..B}", "path is one"),
            ("plist-key: {path: A, file: app}", "file is one of"),
            ("plist-key: {path: A, value: true, regex: x}", "exclude each other"),
            ("plist-key: {path: A, count-above: -1}", "count-above"),
            ("plist-key: {path: A, regex: '('}", "not usable"),
            ("xml-element: {attribute: a}", "name is missing"),
        ])
    func refused(search: String, reason: String) {
        let error = failure(search)
        #expect(error?.line == 6)
        #expect(error?.reason.contains(reason) == true)
    }

    @Test("a condition alone finds nothing")
    func conditionAlone() {
        #expect(failure("plist-has: A")?.reason.contains("nothing in the rule") == true)
    }

    @Test("the words of a path are needed, those of a missing key are not")
    func words() throws {
        let path = ["A", "*", "Long|Other"].map { KeyPattern($0) }
        func words(_ value: PropertySearch.Value) -> [[RequiredWord]] {
            DataSearch.property(PropertySearch(path: path, value: value, files: [], named: nil, notNamed: nil))
                .requiredWords
        }
        #expect(words(.present) == [[RequiredWord("A")], [RequiredWord("Long"), RequiredWord("Other")]])
        #expect(words(.missing) == [[RequiredWord("A")]])
    }
}
